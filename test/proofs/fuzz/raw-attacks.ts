import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request that must never be served: it is inside another one. What it would be answered is known. */
const SMUGGLED = 'GET /health/live HTTP/1.1\r\nHost: inner\r\n\r\n';
export const SMUGGLED_ANSWER = '"status":"ok"';

const post = (headers: string, body: string): string =>
  `POST /callbacks/default HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`;
const chunk = `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`;
const length = SMUGGLED.length;

/** Bytes two servers might read as one request or as two. This one must refuse them, or read the inner request as a body. */
export const AMBIGUOUS: Readonly<Record<string, string>> = {
  'length, then chunks': post(`Content-Length: ${length}\r\nTransfer-Encoding: chunked`, `0\r\n\r\n${SMUGGLED}`),
  'chunks, then length': post('Transfer-Encoding: chunked\r\nContent-Length: 5', `0\r\n\r\n${SMUGGLED}`),
  'two lengths': post(`Content-Length: 0\r\nContent-Length: ${length}`, SMUGGLED),
  'two lengths in one line': post(`Content-Length: 0, ${length}`, SMUGGLED),
  'a signed length': post('Content-Length: +0', SMUGGLED),
  'a negative length': post('Content-Length: -1', SMUGGLED),
  'a hexadecimal length': post('Content-Length: 0x0', SMUGGLED),
  'a blank before the colon': post('Content-Length : 0', SMUGGLED),
  'chunks with a blank before the colon': post('Transfer-Encoding : chunked', chunk),
  'chunks under another name': post(`Transfer-Encoding: xchunked\r\nContent-Length: ${length}`, SMUGGLED),
  'chunks, then another coding': post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${SMUGGLED}`),
  'chunks twice': post('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity', `0\r\n\r\n${SMUGGLED}`),
  'a folded header': post('Transfer-Encoding:\r\n chunked', `0\r\n\r\n${SMUGGLED}`),
  'a bare line feed in the head': `POST /callbacks/default HTTP/1.1\nHost: a\nContent-Length: 0\n\n${SMUGGLED}`,
  'a bare carriage return': post('X: a\rContent-Length: 0', SMUGGLED),
  'a zero byte in a header': post('X: a\0b\r\nContent-Length: 0', SMUGGLED),
  'a chunk size with a bare line feed': post('Transfer-Encoding: chunked', `0\n\n${SMUGGLED}`),
  'a chunk extension with a line feed': post('Transfer-Encoding: chunked', `0;a\nb\r\n\r\n${SMUGGLED}`),
  'a chunk size beyond numbers': post('Transfer-Encoding: chunked', `${'f'.repeat(17)}\r\n${SMUGGLED}`),
  'a body of GET': `GET /callbacks/default HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n${SMUGGLED}`,
  'a line break in the address': `GET /callbacks/default\r\nX: HTTP/1.1\r\n\r\n`,
  'no host': 'GET /callbacks/default HTTP/1.1\r\n\r\n',
  'two hosts': 'GET /callbacks/default HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'HTTP/0.9': 'GET /callbacks/default\r\n\r\n',
  'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'an unknown method': 'PAY /callbacks/default HTTP/1.1\r\nHost: a\r\n\r\n',
  CONNECT: 'CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: a\r\n\r\n',
  'an upgrade': 'GET /callbacks/default HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'an expectation': post('Expect: 999-pay\r\nContent-Length: 0', ''),
  TLS: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'a megabyte of headers': `GET /callbacks/default HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(1_048_576)}\r\n\r\n`,
  'a megabyte of address': `GET /callbacks/default?${'a'.repeat(1_048_576)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  'a hundred thousand headers': `GET / HTTP/1.1\r\nHost: a\r\n${'a: b\r\n'.repeat(100_000)}\r\n`,
};

/** Writes bytes on a connection of its own; all that was answered until either side hung up, or for `quietMs` nothing came. */
export function exchangeRaw(port: number, bytes: string | Buffer, quietMs = 500): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('data', (part: Buffer) => {
      text += part.toString('latin1');
    });
    socket.on('error', () => undefined).on('close', () => resolve(text));
  });
}

/** Bytes without meaning. */
export const drawNoise = (): Buffer => randomBytes(1 + (randomBytes(1)[0] ?? 0) * 8);

/** Connections that are held open; `trickle`: each sends a header a byte at a time, and never ends. */
export interface Held {
  readonly open: () => number;
  readonly release: () => Promise<void>;
}

/** Opens so many connections and holds them. */
export async function holdConnections(port: number, options: { count: number; trickle: boolean }): Promise<Held> {
  const sockets = new Set<Socket>();
  for (let nth = 0; nth < options.count; nth += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    sockets.add(socket);
    if (options.trickle) socket.write('POST /callbacks/default HTTP/1.1\r\nHost: a\r\nX-');
    if (nth % 100 === 99) await sleep(20);
  }
  const timer = setInterval(() => {
    if (options.trickle) for (const socket of sockets) socket.write('a');
  }, 100);
  return {
    open: () => sockets.size,
    release: async () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      await sleep(20);
    },
  };
}

/** So many requests in one write. */
export const PIPELINED = 100;
export const pipeline = (): string => 'GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(PIPELINED);
