import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Child, startChild, waitForChild } from './child';
import { LOOPBACK } from './ports';
import { DATABASE_USER, type Postgres } from './postgres';
import { describeError, projectRoot } from './project';
import { withServer } from './temporal';

const run = promisify(execFile);

/** The server of the compose file, too. */
export const SERVER_VERSION = '1.32.1';
const MODULE = 'go.temporal.io/server';
const BUILD_LIMIT_MS = 45 * 60_000;
const READY_TIMEOUT_MS = 120_000;

/** Its two databases and the schema of each, by the name under which the server's tool has it. */
export const DATABASES = { temporal_temporal: 'temporal', temporal_visibility: 'visibility' } as const;

export interface ServerPrograms {
  readonly server: string;
  readonly sqlTool: string;
  readonly how: 'on PATH' | 'built before' | 'built';
}

/**
 * Temporal's server and its schema tool: those on PATH, else those in `.cache`, else built there from the Go module, once.
 * @throws Error that names what is missing
 */
export async function findServer(say: (line: string) => void): Promise<ServerPrograms> {
  const onPath = await run('temporal-server', ['--version']).then(
    () => run('temporal-sql-tool', ['--version']).then(() => true),
    () => false,
  );
  if (onPath) return { server: 'temporal-server', sqlTool: 'temporal-sql-tool', how: 'on PATH' };
  const folder = path.join(projectRoot, '.cache', 'temporal-server', SERVER_VERSION);
  const programs = { server: path.join(folder, 'server'), sqlTool: path.join(folder, 'sql') };
  if (existsSync(programs.server) && existsSync(programs.sqlTool)) return { ...programs, how: 'built before' };
  say(`Temporal's server ${SERVER_VERSION} is built from its Go module, once; this takes minutes`);
  mkdirSync(folder, { recursive: true });
  const packages = ['cmd/server', 'cmd/tools/sql'].map((name) => `${MODULE}/${name}@v${SERVER_VERSION}`);
  const env = { ...process.env, GOBIN: folder, GOFLAGS: '-p=1' };
  try {
    await run('nice', ['-n', '10', 'go', 'install', ...packages], { env, timeout: BUILD_LIMIT_MS, maxBuffer: 2 ** 24 });
  } catch (error) {
    const remedy = 'Install Go 1.26 or newer, or put `temporal-server` and `temporal-sql-tool` on PATH.';
    throw new Error(`Temporal's server could not be built.\n${remedy}\n${describeError(error).slice(0, 2_000)}`);
  }
  return { ...programs, how: 'built' };
}

/** The tables of both databases, made or brought up to date: what the schema job of the compose file does. */
export async function setUpSchemas(sqlTool: string, { port, password }: Postgres): Promise<void> {
  for (const [database, schema] of Object.entries(DATABASES)) {
    const env = {
      PATH: process.env.PATH,
      ...{ SQL_PLUGIN: 'postgres12', SQL_HOST: LOOPBACK, SQL_PORT: String(port), SQL_USER: DATABASE_USER },
      ...{ SQL_PASSWORD: password, SQL_DATABASE: database },
    };
    await run(sqlTool, ['create-database'], { env });
    await run(sqlTool, ['setup-schema', '--version', '0.0'], { env });
    await run(sqlTool, ['update-schema', '--schema-name', `postgresql/v12/${schema}`], { env });
  }
}

export interface ServerPorts {
  readonly frontend: number;
  /** Those of HTTP, of the other services, and by which the services find each other. */
  readonly others: readonly number[];
}

/** Settings that take a port of their own. */
export const OTHER_PORTS = [
  'FRONTEND_HTTP_PORT',
  'FRONTEND_MEMBERSHIP_PORT',
  'HISTORY_GRPC_PORT',
  'HISTORY_MEMBERSHIP_PORT',
  'MATCHING_GRPC_PORT',
  'MATCHING_MEMBERSHIP_PORT',
  'WORKER_GRPC_PORT',
  'WORKER_MEMBERSHIP_PORT',
] as const;

/** What the server reads, as in its image: its configuration is a template in the program, filled from the environment. */
export function buildServerEnvironment(options: {
  readonly postgres: Pick<Postgres, 'port' | 'password'>;
  readonly ports: ServerPorts;
  readonly dynamicConfigFile: string;
}): Record<string, string> {
  const { postgres, ports } = options;
  const [store, visibility] = Object.keys(DATABASES) as [string, string];
  return {
    DB: 'postgres12',
    DB_PORT: String(postgres.port),
    POSTGRES_SEEDS: LOOPBACK,
    POSTGRES_USER: DATABASE_USER,
    POSTGRES_PWD: postgres.password,
    DBNAME: store,
    VISIBILITY_DBNAME: visibility,
    NUM_HISTORY_SHARDS: '16',
    BIND_ON_IP: LOOPBACK,
    TEMPORAL_ALLOW_NO_AUTH: 'true',
    DYNAMIC_CONFIG_FILE_PATH: options.dynamicConfigFile,
    LOG_LEVEL: 'warn',
    FRONTEND_GRPC_PORT: String(ports.frontend),
    ...Object.fromEntries(OTHER_PORTS.map((name, nth) => [name, String(ports.others[nth])])),
  };
}

/** Frontend, history, matching and worker in one process. @throws Error with the end of its log */
export async function startServer(options: {
  readonly programs: ServerPrograms;
  readonly postgres: Postgres;
  readonly ports: ServerPorts;
  readonly dir: string;
  readonly logDir: string;
  readonly onSpawn: (child: Child) => void;
}): Promise<Child> {
  const { programs, postgres, ports, dir, logDir } = options;
  const dynamicConfigFile = path.join(dir, 'dynamic-config.yaml');
  writeFileSync(dynamicConfigFile, '{}\n');
  const child = await startChild({
    ...{ name: 'Temporal', command: programs.server, args: ['start'], cwd: dir },
    env: { PATH: process.env.PATH, ...buildServerEnvironment({ postgres, ports, dynamicConfigFile }) },
    log: path.join(logDir, 'temporal-server.log'),
  });
  options.onSpawn(child);
  const ask = () =>
    withServer(`${LOOPBACK}:${ports.frontend}`, ({ workflowService }) => workflowService.listNamespaces({})).then(
      () => true,
    );
  await waitForChild(child, { what: 'Temporal', timeoutMs: READY_TIMEOUT_MS, ask });
  return child;
}
