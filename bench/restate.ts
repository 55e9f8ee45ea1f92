import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../scripts/project';
import { waitUntil } from '../scripts/wait-until';
import { type Contestant, keepWorker, moveIn } from './contestants';

const BINARY = `@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`;
const CLOSED = "FROM sys_invocation WHERE target_handler_name = 'run' AND completion_result = 'success'";

/** Bytes written to the files of a folder; some take more of the disk beforehand. */
function readFolderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
}

/** Restate's own server, from its npm package, at its defaults: one node, its log on disk before it answers. */
export const RESTATE: Contestant = {
  name: 'restate',
  pays: true,
  start: ({ everyMs }) =>
    moveIn({ everyMs, needsTemporal: false, isSealed: false }, async (house) => {
      const binary = path.join(projectRoot, 'bench', 'node_modules', BINARY);
      const [node, admin, ingress, port] = [0, 0, 0, 0];
      const ports = { node, admin, ingress, port };
      for (const name of ['node', 'admin', 'ingress', 'port'] as const) ports[name] = await house.takePort();
      const baseDir = path.join(house.dir, 'restate');
      const server = await house.run('restate', binary, ['--no-logo'], {
        ...{ RESTATE_BASE_DIR: baseDir, RESTATE_NODE_NAME: 'bench', RESTATE_LISTEN_MODE: 'tcp' },
        ...{ RESTATE_BIND_IP: '127.0.0.1', RESTATE_BIND_PORT: String(ports.node), RESTATE_DISABLE_TELEMETRY: 'true' },
        ...{ RESTATE_ADMIN__BIND_PORT: String(ports.admin), RESTATE_INGRESS__BIND_PORT: String(ports.ingress) },
      });
      const ask = async <T>(route: string, body: object): Promise<T> => {
        const headers = { 'content-type': 'application/json', accept: 'application/json' };
        const url = `http://127.0.0.1:${ports.admin}${route}`;
        const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
        if (!response.ok) throw new Error(`${route} answered ${response.status}: ${await response.text()}`);
        return (await response.json()) as T;
      };
      const query = async <Row>(sql: string) => (await ask<{ rows: Row[] }>('/query', { query: sql })).rows;
      const worker = await keepWorker(() =>
        house.startPeer('restate-worker', { RESTATE_WORKER_PORT: String(ports.port) }),
      );
      const uri = `http://127.0.0.1:${ports.port}`;
      const giveUp = () => (server.ended() === null ? null : server.tail(10).join('\n'));
      const register = () => ask('/deployments', { uri });
      await waitUntil({ what: 'Restate', timeoutMs: 60_000, ask: register, giveUp });
      const RESTATE_INGRESS = `http://127.0.0.1:${ports.ingress}`;
      const front = await house.startPeer('restate-front', { RESTATE_INGRESS });
      return {
        pids: () => ({ server: server.identity.pid, worker: worker.pid(), api: front.identity.pid }),
        killWorker: worker.kill,
        countFinals: async () => (await query<{ n: number }>(`SELECT COUNT(*) AS n ${CLOSED}`))[0]?.n ?? 0,
        finals: async () => {
          const rows = await query<{ id: string; at: string }>(
            `SELECT target_service_key AS id, completed_at AS at ${CLOSED}`,
          );
          return new Map(rows.map(({ id, at }) => [id, Date.parse(at)]));
        },
        diskBytes: () => readFolderBytes(baseDir),
        recorded: async () => null,
        close: () => undefined,
      };
    }),
};
