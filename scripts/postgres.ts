import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Child, startChild, waitForChild } from './child';
import { LOOPBACK } from './ports';

const run = promisify(execFile);

/** The owner of the tables, and the only user. */
export const DATABASE_USER = 'temporal';
const READY_TIMEOUT_MS = 60_000;
/** Where Debian and its relatives keep what is not on PATH. */
const DEBIAN = '/usr/lib/postgresql';

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

export interface Postgres {
  readonly port: number;
  readonly password: string;
  /** Ends it without a goodbye, as a crash does. */
  readonly kill: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The folder of PostgreSQL's programs: the newest of the machine. @throws Error naming what to install */
async function findPrograms(): Promise<string> {
  const onPath = await run('pg_config', ['--bindir']).then(
    ({ stdout }) => [stdout.trim()],
    () => [],
  );
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => path.join(DEBIAN, version, 'bin')), ...onPath];
  const found = folders.find((folder) => existsSync(path.join(folder, 'initdb')));
  if (found === undefined)
    throw new Error('PostgreSQL 12 or newer was not found. On Debian: apt-get install postgresql');
  return found;
}

/** PostgreSQL refuses to run as root: then it runs as the account its package made, or as nobody. */
async function chooseAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const ask = async (flag: string): Promise<number> => Number((await run('id', [flag, name])).stdout);
    const account = await Promise.all([ask('-u'), ask('-g')]).catch(() => null);
    if (account !== null) return { uid: account[0], gid: account[1] };
  }
  throw new Error('PostgreSQL does not run as root, and there is no account to run it as');
}

/** Its folder must be reachable for its account; what else is beside it has modes of its own. */
function prepareFolder(dir: string, { uid, gid }: Account): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (uid === undefined || gid === undefined) return;
  chownSync(dir, uid, gid);
  for (const above of [path.dirname(dir), path.dirname(path.dirname(dir))]) chmodSync(above, 0o711);
}

/**
 * PostgreSQL on loopback, as an unprivileged user, with its data in a folder of its own below `dir`; made at the first start.
 * @throws Error with the end of its log
 */
export async function startPostgres(options: {
  readonly dir: string;
  readonly port: number;
  readonly logDir: string;
  readonly onSpawn: (child: Child) => void;
}): Promise<Postgres> {
  const { port, logDir } = options;
  const [programs, account] = await Promise.all([findPrograms(), chooseAccount()]);
  const data = path.join(options.dir, 'postgres');
  const passwordFile = path.join(options.dir, 'postgres-password');
  prepareFolder(data, account);
  if (!existsSync(passwordFile)) writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  const password = readFileSync(passwordFile, 'utf8');
  if (!existsSync(path.join(data, 'PG_VERSION'))) {
    const given = path.join(data, '..', 'postgres-password.initdb');
    writeFileSync(given, password, { mode: 0o600 });
    if (account.uid !== undefined && account.gid !== undefined) chownSync(given, account.uid, account.gid);
    const how = ['--auth=scram-sha-256', `--pwfile=${given}`, '--encoding=UTF8', '--no-locale'];
    await run(path.join(programs, 'initdb'), ['-D', data, `--username=${DATABASE_USER}`, ...how], {
      ...account,
      cwd: data,
    }).finally(() => writeFileSync(given, ''));
  }
  let child: Child | null = null;
  const start = async (): Promise<void> => {
    child = await startChild({
      ...{ name: 'PostgreSQL', command: path.join(programs, 'postgres'), cwd: data, account },
      args: ['-D', data, '-h', LOOPBACK, '-p', String(port), '-c', 'unix_socket_directories='],
      env: { PATH: process.env.PATH, LANG: 'C' },
      log: path.join(logDir, 'postgres.log'),
    });
    options.onSpawn(child);
    const isReady = path.join(programs, 'pg_isready');
    const ask = () => run(isReady, ['-h', LOOPBACK, '-p', String(port), '-U', DATABASE_USER]).then(() => true);
    await waitForChild(child, { what: 'PostgreSQL', timeoutMs: READY_TIMEOUT_MS, ask });
  };
  await start();
  return {
    ...{ port, password, start },
    async kill() {
      child?.kill('SIGKILL');
      await child?.exited;
    },
    async stop() {
      // A fast shutdown: it does not wait for clients.
      child?.kill('SIGINT');
      await child?.stop(20_000);
    },
  };
}
