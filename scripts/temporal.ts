import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { describeNamespaceProblems, SEARCH_ATTRIBUTES } from '../src/temporal/namespace';
import { setUpNamespace } from '../src/temporal/namespace-setup';
import { type Child, startChild, waitForChild } from './child';
import { measureLog, readLines } from './log-file';
import { claimFile, releaseFile, transferFile } from './ownership';
import { findFreePort, LOOPBACK } from './ports';
import { identifyProcess, onParentGone } from './process-identity';
import { dataDir, describeError } from './project';
import { findTemporal } from './temporal-bin';

export interface TemporalOptions {
  /** SQLite file; null keeps everything in memory. */
  readonly dbFile: string | null;
  /** 0 or absent: any free one. */
  readonly port?: number;
  /** 0: any free one; `headless`: no user interface. */
  readonly uiPort: number | 'headless';
  /** URL of the codec server that decrypts payloads for the browser; absent: none. */
  readonly codecEndpoint?: string;
  /** File of the server's own output. */
  readonly log: string;
  /** The server's log level; default `warn`. */
  readonly logLevel?: 'debug' | 'warn';
  /** Settings of the server by their names, such as `limit.historyCount.suggestContinueAsNew`. */
  readonly settings?: Readonly<Record<string, number>>;
  /** Path of the CLI; found by itself when absent. */
  readonly binaryPath?: string;
  /** Called as soon as the process exists, before it answers. */
  readonly onSpawn?: (child: Child, stop: () => Promise<void>) => void;
}

export interface RunningTemporal {
  readonly address: string;
  readonly uiUrl: string | null;
  readonly pid: number;
  readonly child: Child;
  readonly stop: () => Promise<void>;
}

// WAL with full synchronisation: a commit is on the disk before it is answered, at a quarter of the rollback journal's fsyncs.
const DURABLE = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=full'];

// A page that shows payments makes no request to anyone else.
const NO_NEWS = '--ui-disable-news-fetch';

/** The oldest CLI that may be used does not have this flag. */
async function hasNoNewsFlag(binary: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)(binary, ['server', 'start-dev', '--help']);
  return stdout.includes(NO_NEWS);
}

/** Calls a server that runs, over a connection of its own. */
export async function withServer<T>(address: string, call: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 });
  try {
    return await call(connection);
  } finally {
    await connection.close();
  }
}

/** Sets a namespace up. @throws when the server does not answer, or naming what is still missing */
export async function prepareNamespace(address: string, namespace = 'default'): Promise<true> {
  const problems = await withServer(address, (connection) => setUpNamespace(connection, namespace));
  if (problems.length > 0) throw new Error(describeNamespaceProblems(problems));
  return true;
}

/** Command line of the development server, loopback only. */
export function serverArguments(options: {
  dbFile: string | null;
  port: number;
  uiPort: number | null;
  codecEndpoint?: string | undefined;
  hidesNews?: boolean;
  logLevel?: string;
  settings?: Readonly<Record<string, number>> | undefined;
}): string[] {
  const { codecEndpoint, logLevel = 'warn', settings = {} } = options;
  return [
    ...['server', 'start-dev', '--ip', LOOPBACK, '--port', String(options.port), '--log-level', logLevel],
    ...(options.uiPort === null ? ['--headless'] : ['--ui-ip', LOOPBACK, '--ui-port', String(options.uiPort)]),
    ...(options.uiPort === null || codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
    ...(options.uiPort === null || !options.hidesNews ? [] : [NO_NEWS]),
    ...(options.dbFile === null ? [] : ['--db-filename', options.dbFile, ...DURABLE]),
    ...Object.entries(settings).flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${value}`]),
    // Given here they can be used at once; added later they wait for the server's caches.
    ...SEARCH_ATTRIBUTES.flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
  ];
}

/**
 * Starts Temporal's development server on loopback, waits until it answers over gRPC, and sets its namespace up. Fails at once when
 * the server exits, and after 30 s without an answer.
 *
 * @throws BinaryNotFoundError, or Error with the end of the server's log, or when the file belongs to a running server.
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const port = options.port || (await findFreePort([]));
  const uiPort = options.uiPort === 'headless' ? null : options.uiPort || (await findFreePort([], new Set([port])));
  const binary = options.binaryPath ?? (await findTemporal()).path;
  const { dbFile, codecEndpoint, logLevel = 'warn', settings } = options;
  const hidesNews = uiPort !== null && (await hasNoNewsFlag(binary));
  const owner = dbFile === null ? null : `${dbFile}.owner.json`;
  if (owner !== null) {
    await mkdir(path.dirname(owner), { recursive: true });
    claimFile(owner, identifyProcess(process.pid));
  }
  const logStart = measureLog(options.log);
  const child = await startChild({
    name: 'Temporal',
    command: binary,
    args: serverArguments({ dbFile, port, uiPort, codecEndpoint, hidesNews, logLevel, settings }),
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'))),
    cwd: process.cwd(),
    log: options.log,
  });
  // The server may outlive this process, so the server owns the file.
  if (owner !== null) transferFile(owner, child.identity);
  const address = `${LOOPBACK}:${port}`;
  const stop = async (): Promise<void> => {
    await child.stop(10_000);
    if (owner !== null) releaseFile(owner, child.identity);
  };
  options.onSpawn?.(child, stop);
  try {
    // Its log first: if another program took the port, its namespace is not ours to set up.
    const saysItServes = new RegExp(`^(Temporal )?Server:\\s+\\S+:${port}$`);
    await waitForChild(child, {
      what: 'Temporal',
      timeoutMs: 30_000,
      ask: async () =>
        readLines(options.log, logStart).some((line) => saysItServes.test(line)) && (await prepareNamespace(address)),
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    address,
    uiUrl: uiPort === null ? null : `http://${LOOPBACK}:${uiPort}`,
    pid: child.identity.pid,
    child,
    stop,
  };
}

async function main(): Promise<void> {
  const port = await findFreePort([7233]);
  const uiPort = await findFreePort([8233], new Set([port]));
  const dbFile = path.join(dataDir, 'temporal.db');
  const log = path.join(dataDir, 'logs', 'temporal.log');
  const temporal = await startTemporal({ dbFile, port, uiPort, log });
  console.log(
    `Temporal is up: ${temporal.address}, user interface ${temporal.uiUrl}, data in ${dbFile}, log in ${log}`,
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void temporal.stop());
  onParentGone(() => void temporal.stop());
  const { code } = await temporal.child.exited;
  process.exitCode = code ?? 0;
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(describeError(error));
    process.exitCode = 1;
  });
}
