import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { ensureBuilt } from '../../scripts/build';
import type { Child, ChildExit } from '../../scripts/child';
import { type DemoKeys, ensureDemoKeys } from '../../scripts/demo-keys';
import { type CreateOptions, createPayout, describePayout, type PayoutAnswer } from '../../scripts/payout-api';
import { findFreePort } from '../../scripts/ports';
import { type ProgramName, STOP_GRACE_MS, startProgram } from '../../scripts/stack';
import {
  buildStackEnvironment,
  EMPTY_TEMPORAL_CONFIG,
  listUrls,
  type StackAddresses,
  type StackEnvironment,
} from '../../scripts/stack-environment';
import { prepareNamespace, type RunningTemporal, startTemporal } from '../../scripts/temporal';
import { type WaitOptions, waitUntil } from '../../scripts/wait-until';
import { createDataConverter } from '../../src/temporal/data-converter';
import { type PayloadKeys, readPayloadKeys } from '../../src/temporal/payload-keys';

export type ProcessName = ProgramName | 'temporal';

export interface StackOptions {
  /**
   * `own` (default): a server of this stack alone, with its database in a file, which may be killed and started again.
   * `shared`: one server in memory for all stacks of this test file, each in a namespace of its own; it may not be killed.
   */
  readonly temporal?: 'own' | 'shared';
  /** Starts the Temporal UI with an own server, wired to the API's codec server as `npm start` does. */
  readonly temporalUi?: boolean;
  /** How much an own server says in its log; default `warn`. */
  readonly temporalLogLevel?: 'debug' | 'warn';
  /** Settings of an own server. */
  readonly temporalSettings?: Readonly<Record<string, number>>;
  /** Serves the metrics of API and worker, each on a port of its own. */
  readonly metrics?: true;
  /** Which programs are started with the stack; default all. The others run elsewhere, on `environment` and `dir`. */
  readonly programs?: readonly ProgramName[];
  /** Added to the environment of each program. */
  readonly api?: NodeJS.ProcessEnv;
  readonly worker?: NodeJS.ProcessEnv;
  readonly simulator?: NodeJS.ProcessEnv;
  /** Entries of `API_KEYS`, and the key that `request` and `createPayout` send by default; default: no keys. */
  readonly callers?: { readonly entries: readonly object[]; readonly key: string };
  /** `plain`: without payload keys, as on a machine of one's own; default `sealed`. */
  readonly payloads?: 'sealed' | 'plain';
  /** Several endpoints in a file, instead of the one named default. */
  readonly endpoints?: (at: EndpointsAt) => readonly object[];
  /** `PATCH /control/settings` of the simulator, sent before the stack is handed over and after each of its restarts. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What the entries of an endpoints file are made of. */
export interface EndpointsAt {
  /** Base URL of the simulator's gateway. */
  readonly gateway: string;
  readonly keys: DemoKeys;
}

export interface ControlAnswer<T> {
  readonly status: number;
  readonly body: T;
  /** A name for what was answered; null without one. */
  readonly etag: string | null;
}

export interface Stack {
  /** Folder of its logs, ledger and keys, gone after `stop`. */
  readonly dir: string;
  readonly addresses: StackAddresses;
  readonly environment: StackEnvironment;
  /** Base URLs. */
  readonly api: string;
  readonly simulator: string;
  readonly temporalAddress: string;
  /** Null unless it was asked for. */
  readonly temporalUi: string | null;
  readonly namespace: string;
  /** `address:port` of each; null unless it was asked for. */
  readonly metrics: { readonly api: string; readonly worker: string } | null;
  /** As the product's: for a client of the test's own. */
  readonly dataConverter: DataConverter;
  /** One request to `/control…` of the simulator; a body makes it a POST unless a method is given. Throws on an answer that is not 2xx. */
  readonly control: <T = unknown>(route: string, body?: unknown, method?: string) => Promise<T>;
  /** One request to the API, whatever the answer. */
  readonly request: <T = unknown>(route: string, init?: RequestInit) => Promise<ControlAnswer<T>>;
  readonly createPayout: (options?: CreateOptions & { clientOrderId?: string }) => Promise<PayoutAnswer>;
  readonly waitFor: <T>(what: string, ask: WaitOptions<T>['ask'], timeoutMs?: number) => Promise<T>;
  /** Null for what was not started. */
  readonly pidOf: (name: ProcessName) => number | null;
  /** Sends a signal; resolves when the process is gone, at once for signals that do not end one (SIGSTOP, SIGCONT). */
  readonly kill: (name: ProcessName, signal?: NodeJS.Signals) => Promise<ChildExit | null>;
  /** Starts a process that was ended again, on the same port and files, and waits until it is ready. */
  readonly start: (name: ProcessName) => Promise<void>;
  /** Every whole line of a process's log so far, over all its starts. */
  readonly logs: (name: ProcessName) => string[];
  readonly stop: () => Promise<void>;
}

const PROGRAMS = ['simulator', 'worker', 'api'] as const satisfies readonly ProgramName[];
const PASSING_SIGNALS: readonly NodeJS.Signals[] = ['SIGSTOP', 'SIGCONT'];

let built: Promise<boolean> | null = null;

/** Builds the programs when the sources changed; once a test file, and once for files that run at the same time. */
export function buildOnce(): Promise<boolean> {
  built ??= ensureBuilt();
  return built;
}

let shared: { server: Promise<RunningTemporal>; users: number } | null = null;

async function joinSharedTemporal(logDir: string) {
  shared ??= {
    server: startTemporal({ dbFile: null, uiPort: 'headless', log: path.join(logDir, 'temporal.log') }),
    users: 0,
  };
  const joined = shared;
  joined.users++;
  const server = await joined.server;
  const namespace = `stack-${randomUUID()}`;
  await prepareNamespace(server.address, namespace);
  const leave = async (): Promise<void> => {
    if (--joined.users > 0) return;
    shared = null;
    await server.stop();
  };
  return { server, namespace, leave };
}

/** Keeps that server for stacks that come one after another. @returns how to let it go */
export async function keepSharedTemporal(): Promise<() => Promise<void>> {
  const dir = await mkdtemp(path.join(tmpdir(), 'payouts-e2e-'));
  const { leave } = await joinSharedTemporal(dir);
  return async () => {
    await leave();
    await rm(dir, { recursive: true, force: true });
  };
}

async function writeEndpoints(dir: string, entries: readonly object[] | undefined): Promise<NodeJS.ProcessEnv> {
  if (entries === undefined) return {};
  const file = path.join(dir, 'endpoints.json');
  await writeFile(file, JSON.stringify(entries), { mode: 0o600 });
  const single = ['BASE_URL', 'ENDPOINT_ID', 'LOGIN', 'CONTROL_KEY_FILE', 'PRIVATE_KEY_FILE'];
  return { ...Object.fromEntries(single.map((name) => [`GATEWAY_${name}`, ''])), ENDPOINTS_FILE: file };
}

/** A file: what a test writes there takes effect without a restart. */
async function writeCallers(dir: string, callers: StackOptions['callers']): Promise<NodeJS.ProcessEnv> {
  if (callers === undefined) return {};
  const file = path.join(dir, 'api-keys.json');
  await writeFile(file, JSON.stringify(callers.entries), { mode: 0o600 });
  return { API_KEYS_FILE: file };
}

/** The last line may be half written yet: it comes with the next reading. */
function readLines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

async function readPayloadKeysFile(file: string | null): Promise<PayloadKeys | null> {
  return file === null ? null : readPayloadKeys(await readFile(file, 'utf8'));
}

/**
 * Starts the product, the simulator and Temporal as processes, on free loopback ports, with fresh keys and files. What cannot be
 * started is an error: a test of this kind is never skipped. Call `stop` in afterAll.
 *
 * @throws with the end of the log of the process that did not come up; everything started before is ended.
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  await buildOnce();
  const dir = await mkdtemp(path.join(tmpdir(), 'payouts-e2e-'));
  const taken = new Set<number>();
  const takePort = async (): Promise<number> => {
    const port = await findFreePort([], taken);
    taken.add(port);
    return port;
  };
  const ports = { api: await takePort(), simulator: await takePort(), temporal: await takePort() };
  const uiPort = options.temporalUi ? await takePort() : 'headless';
  const urls = listUrls(ports);
  const metricsAt = async () => `127.0.0.1:${await takePort()}`;
  const metrics = options.metrics ? { api: await metricsAt(), worker: await metricsAt() } : null;
  const metricsOf = (name: 'api' | 'worker') => (metrics === null ? {} : { METRICS_ADDRESS: metrics[name] });
  const children = new Map<ProcessName, Child>();
  const dbFile = path.join(dir, 'temporal.db');
  const temporalLog = path.join(dir, 'temporal.log');
  let leaveTemporal = async (): Promise<void> => {};
  let own: RunningTemporal | null = null;

  const startOwnTemporal = async (): Promise<RunningTemporal> => {
    const log = temporalLog;
    const logLevel = options.temporalLogLevel ?? 'warn';
    const { temporalSettings: settings = {} } = options;
    const codecEndpoint = urls.codec;
    own = await startTemporal({ dbFile, port: ports.temporal, uiPort, codecEndpoint, log, logLevel, settings });
    children.set('temporal', own.child);
    return own;
  };
  const joinTemporal = async () => {
    // A server that runs already, whatever its database: for proofs. Nothing of it is killed or restarted here.
    const given = process.env.TEST_TEMPORAL_ADDRESS;
    if (given) {
      const namespace = `stack-${randomUUID()}`;
      const ask = () => prepareNamespace(given, namespace);
      await waitUntil({ what: `namespace ${namespace}`, timeoutMs: 60_000, ask });
      return { address: given, uiUrl: null, pid: null, namespace };
    }
    if (options.temporal !== 'shared') {
      const { address, uiUrl, pid } = await startOwnTemporal();
      return { address, uiUrl, pid, namespace: 'default' };
    }
    const joined = await joinSharedTemporal(dir);
    leaveTemporal = joined.leave;
    const { address, pid } = joined.server;
    return { address, uiUrl: null, pid, namespace: joined.namespace };
  };
  const stop = async (): Promise<void> => {
    // A process that a test has frozen can only be stopped once it runs again.
    for (const child of children.values()) child.kill('SIGCONT');
    const programs = PROGRAMS.flatMap((name) => children.get(name) ?? []);
    await Promise.all(programs.filter((child) => child.ended() === null).map((child) => child.stop(STOP_GRACE_MS)));
    await own?.stop();
    await leaveTemporal();
    await rm(dir, { recursive: true, force: true });
  };

  try {
    const temporal = await joinTemporal();
    const temporalConfigFile = path.join(dir, 'temporal.toml');
    await writeFile(temporalConfigFile, EMPTY_TEMPORAL_CONFIG, { mode: 0o600 });
    const { address: temporalAddress, namespace, uiUrl: temporalUi } = temporal;
    const addresses = { ...ports, temporalAddress, namespace, temporalUi };
    const made = ensureDemoKeys(path.join(dir, 'keys'));
    const keys = options.payloads === 'plain' ? { ...made, payloadKeysFile: null } : made;
    const dataConverter = createDataConverter(await readPayloadKeysFile(keys.payloadKeysFile));
    const endpoints = await writeEndpoints(dir, options.endpoints?.({ gateway: urls.gateway, keys }));
    const environment = buildStackEnvironment({
      ...{ addresses, temporalConfigFile },
      keys,
      simulatorLedger: path.join(dir, 'simulator-ledger.jsonl'),
      base: process.env,
    });
    const overridden = {
      simulator: { ...environment.simulator, ...options.simulator },
      worker: { ...environment.worker, ...metricsOf('worker'), ...endpoints, ...options.worker },
      // Tests ask often; what the rates do has tests of its own.
      api: {
        ...{ ...environment.api, API_RATE: '10000', ...metricsOf('api') },
        ...{ ...(await writeCallers(dir, options.callers)), ...endpoints, ...options.api },
      },
    };

    const control = async <T>(
      route: string,
      body?: unknown,
      method = body === undefined ? 'GET' : 'POST',
    ): Promise<T> => {
      const headers = { 'content-type': 'application/json' };
      const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
      const response = await fetch(`${urls.simulator}/control${route}`, init);
      if (!response.ok) throw new Error(`${method} /control${route} answered ${response.status}`);
      const text = await response.text();
      return (text === '' ? null : JSON.parse(text)) as T;
    };
    const startOne = async (name: ProgramName): Promise<void> => {
      const onSpawn = (child: Child): void => void children.set(name, child);
      await startProgram({ name, environment: overridden, logDir: dir, onSpawn });
      if (name === 'simulator' && options.settings) await control('/settings', options.settings, 'PATCH');
    };
    const { programs = PROGRAMS, callers } = options;
    const key = callers?.key;
    const startAll = (names: readonly ProgramName[]) =>
      Promise.all(names.filter((name) => programs.includes(name)).map(startOne));
    // The worker asks the gateway as it starts; worker and API do not need each other.
    await startAll(['simulator']);
    await startAll(['worker', 'api']);

    return {
      ...{ dir, addresses, environment: overridden },
      ...{ api: urls.api, simulator: urls.simulator, control, stop },
      ...{ temporalAddress, temporalUi, namespace, dataConverter, metrics },
      request: async (route, init) => {
        const headers = new Headers(init?.headers);
        if (!headers.has('authorization') && key !== undefined) headers.set('authorization', `Bearer ${key}`);
        const response = await fetch(`${urls.api}${route}`, { ...init, headers });
        const text = await response.text();
        const etag = response.headers.get('etag');
        return { status: response.status, body: text === '' ? null : JSON.parse(text), etag };
      },
      createPayout: ({ clientOrderId = `E2E-${randomUUID()}`, ...rest } = {}) =>
        createPayout(urls.api, describePayout(clientOrderId, rest), key),
      waitFor: (what, ask, timeoutMs = 30_000) => waitUntil({ what, ask, timeoutMs }),
      pidOf: (name) => children.get(name)?.identity.pid ?? (name === 'temporal' ? temporal.pid : null),
      kill: async (name, signal = 'SIGKILL') => {
        const child = children.get(name);
        if (child === undefined) throw new Error(`${name} is not a process of this stack`);
        child.kill(signal);
        return PASSING_SIGNALS.includes(signal) ? null : child.exited;
      },
      start: async (name) => {
        if (children.get(name)?.ended() === null) throw new Error(`${name} still runs`);
        if (name !== 'temporal') return startOne(name);
        if (options.temporal === 'shared') throw new Error('a shared Temporal is not restarted');
        await startOwnTemporal();
      },
      logs: (name) => readLines(path.join(dir, `${name}.log`)),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
