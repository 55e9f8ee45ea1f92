import { appendFileSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { Notified } from './subscribers';

/**
 * A subscriber as a program of its own: `subscriber.ts PORT FILE MARKERS`. What it gets goes to FILE. MARKERS holds, by the name of a
 * subscriber, the words its answers are full of.
 */
const [, , port = '0', file = '', markers = ''] = process.argv;
const words = JSON.parse(readFileSync(markers, 'utf8')) as Readonly<Record<string, readonly string[]>>;

function answer(name: string, reply: ServerResponse): void {
  const [header = '', body = '', status = '', location = ''] = words[name] ?? [];
  const headers = { 'x-request': header, 'set-cookie': `session=${header}`, 'retry-after': header };
  const text = JSON.stringify({ error: body, stack: `Error: ${body}` });
  if (name === 'fails') reply.writeHead(500, status, headers).end(text);
  else if (name === 'gone') reply.writeHead(410, status, headers).end(text);
  else if (name === 'moved')
    reply.writeHead(307, status, { ...headers, location: `/${location}?key=${header}` }).end(text);
  // Not HTTP: anyone who reads it has an error with these bytes in hand.
  else if (name === 'babbles') reply.socket?.end(`HTTP/1.1 ${status} ${body}\r\n${header}\r\n\r\n${text}`);
  else reply.writeHead(200, status, headers).end(text);
}

const server = createServer((request, reply) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [, name = '', rest = ''] = /^\/([a-z]+)(.*)$/.exec(request.url ?? '') ?? [];
    const isKnown = name in words;
    // Its own address is known to it; any other that is asked for is reported.
    const notified: Notified = {
      name: isKnown ? name : `${name}${rest}`,
      headers: request.headers,
      body: `${Buffer.concat(chunks)}`,
    };
    appendFileSync(file, `${JSON.stringify(notified)}\n`, { mode: 0o600 });
    answer(name, reply);
  });
});
server.listen(Number(port), '127.0.0.1');
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close();
});
