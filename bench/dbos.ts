import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from '../scripts/wait-until';
import { type Contestant, keepWorker, moveIn } from './contestants';
import type { House } from './house';

/** Where PostgreSQL's programs are; Debian keeps them off `PATH`. */
const POSTGRES_BIN = process.env.POSTGRES_BIN || '/usr/lib/postgresql/15/bin';
const OWNER = 'postgres';

/** PostgreSQL refuses to run as root: then it runs as the user that its package has made. */
function asOwner(program: string, args: readonly string[], dir: string): readonly [string, string[]] {
  const command = path.join(POSTGRES_BIN, program);
  if (!existsSync(command)) throw new Error(`no ${program} in ${POSTGRES_BIN} (POSTGRES_BIN)`);
  if (process.getuid?.() !== 0) return [command, [...args]];
  const [, , uid, gid] = (/^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0] ?? '').split(':').map(Number);
  if (uid === undefined || gid === undefined) throw new Error('no user postgres to run PostgreSQL as');
  chownSync(dir, uid, gid);
  return ['setpriv', [`--reuid=${OWNER}`, `--regid=${gid}`, '--clear-groups', command, ...args]];
}

/** A PostgreSQL of its own at its defaults, durability among them, on loopback. */
async function startPostgres(house: House) {
  const dir = path.join(house.dir, 'postgres');
  mkdirSync(dir, { mode: 0o700 });
  // Its owner passes through, and sees nothing else there.
  chmodSync(house.dir, 0o711);
  const port = String(await house.takePort());
  const [initdb, initArgs] = asOwner('initdb', ['-D', dir, '-U', OWNER, '-A', 'trust'], dir);
  execFileSync(initdb, initArgs, { cwd: tmpdir(), stdio: 'ignore' });
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${dir}`];
  const [command, args] = asOwner('postgres', ['-D', dir, ...settings.flatMap((each) => ['-c', each])], dir);
  const server = await house.run('postgres', command, args, { PATH: process.env.PATH, LC_ALL: 'C' });
  const url = `postgresql://${OWNER}@127.0.0.1:${port}/postgres`;
  /** The rows of a query, each a list of texts. */
  const ask = async (sql: string): Promise<string[][]> => {
    const psql = path.join(POSTGRES_BIN, 'psql');
    const { stdout } = await promisify(execFile)(psql, ['-XAtq', '-c', sql, url]);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('|'));
  };
  await waitUntil({ what: 'PostgreSQL', timeoutMs: 30_000, ask: () => ask('SELECT 1') });
  const close = async (): Promise<void> => {
    // A fast shutdown: connections that are left are ended.
    server.kill('SIGINT');
    await server.exited;
  };
  return { server, ask, url, close };
}

/** DBOS on that PostgreSQL. */
export const DBOS: Contestant = {
  name: 'dbos',
  pays: true,
  start: ({ everyMs }) =>
    moveIn({ everyMs, needsTemporal: false, isSealed: false }, async (house) => {
      const { server, ask, url, close } = await startPostgres(house);
      const askNumber = async (sql: string) => Number((await ask(sql))[0]?.[0]);
      const closed = "FROM dbos.workflow_status WHERE status = 'SUCCESS'";
      const worker = await keepWorker(() => house.startPeer('dbos', { PEER_DATABASE_URL: url }));
      return {
        pids: () => ({ server: server.identity.pid, worker: worker.pid() }),
        killWorker: worker.kill,
        countFinals: () => askNumber(`SELECT COUNT(*) ${closed}`),
        finals: async () => {
          const rows = await ask(`SELECT workflow_uuid, completed_at ${closed}`);
          return new Map(rows.map(([id = '', at]) => [id, Number(at)]));
        },
        diskBytes: () => askNumber('SELECT pg_database_size(current_database())'),
        recorded: async () => null,
        close,
      };
    }),
};
