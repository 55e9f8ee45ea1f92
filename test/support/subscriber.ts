import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';

/**
 * A subscriber as a program of its own: `subscriber.ts PORT FILE`. Every request is on disk before it is answered; the path says how it
 * is answered, and for the paths that behave otherwise at first, what is first is decided by this process alone.
 */
const [, , port = '0', file = ''] = process.argv;
const log = openSync(file, 'a', 0o600);
const seen = new Set<string>();

function answer(behaviour: string, isFirst: boolean, reply: ServerResponse): void {
  if (behaviour === 'hangs' || (behaviour === 'hangs-first' && isFirst)) return;
  if (behaviour === 'moved') reply.writeHead(307, { location: '/target' }).end();
  else if (behaviour === 'gone') reply.writeHead(410).end();
  else if (behaviour === 'fails-first' && isFirst) reply.writeHead(500).end('not now');
  else reply.writeHead(204).end();
}

const server = createServer((request, reply) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const behaviour = (request.url ?? '').slice(1);
    const { headers } = request;
    const key = `${behaviour} ${String(headers['webhook-id'])}`;
    const isFirst = !seen.has(key);
    seen.add(key);
    writeSync(log, `${JSON.stringify({ behaviour, headers, body: Buffer.concat(chunks).toString() })}\n`);
    fsyncSync(log);
    answer(behaviour, isFirst, reply);
  });
});
server.listen(Number(port), '127.0.0.1');
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => closeSync(log));
});
