import type { Socket } from 'node:net';
import { setInterval as every } from 'node:timers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { ORDER_ID, REAL_REPLIES, toAnswer } from './replies';

/** Plays one answer on the socket that a request came over. */
export type Play = (socket: Socket) => void;

const [ACCEPTED] = REAL_REPLIES;
const BODY = ACCEPTED?.body ?? '';
const OTHER_BODY = BODY.replace(ORDER_ID, '7777777');
const OK = 'HTTP/1.1 200 OK';
const LENGTH = Buffer.byteLength(BODY);

const send =
  (bytes: Buffer | string): Play =>
  (socket) =>
    void socket.end(bytes);

/** Writes a piece again and again for as long as somebody reads, up to `most` bytes. */
const flood =
  (first: string, piece: string, most: number): Play =>
  (socket) => {
    let written = 0;
    const write = (): void => {
      while (written < most && !socket.destroyed) {
        written += piece.length;
        if (!socket.write(piece)) {
          socket.once('drain', write);
          return;
        }
      }
      socket.end();
    };
    socket.write(first);
    write();
  };

/** One byte at a time after the first ones, slower than anybody waits. */
const drip =
  (bytes: Buffer, first = ''): Play =>
  (socket) => {
    let at = 0;
    socket.write(first);
    const timer = every(() => {
      socket.write(bytes.subarray(at, at + 1));
      at += 1;
      if (at === bytes.length) clearInterval(timer);
    }, 20);
    socket.once('close', () => clearInterval(timer));
  };

const MEGABYTE = 1_048_576;
const PIECE = 'a'.repeat(65_536);
const encoded = (label: string, bytes: Buffer): Play =>
  send(toAnswer(bytes, OK, [`Content-Encoding: ${label}`, `Content-Length: ${bytes.length}`]));
const chunked = (text: string): Play => send(`${OK}\r\nTransfer-Encoding: chunked\r\n\r\n${text}`);
const withHead = (...lines: string[]): Play => send(toAnswer(BODY, OK, lines));

const CODES = [
  100, 101, 199, 201, 204, 205, 206, 226, 300, 304, 400, 401, 402, 403, 404, 407, 408, 409, 413, 418, 422, 425, 429,
  451, 499, 500, 501, 502, 503, 504, 511, 599, 600, 999,
];
const byCode = (codes: readonly number[], what: string, answer: (code: number) => Buffer): Record<string, Play> =>
  Object.fromEntries(codes.map((code) => [`${what} ${code}`, send(answer(code))]));

/** Ended by the time limit of the call alone. */
export const SLOW_ANSWERS: readonly string[] = [
  ...['endless chunk extension', 'endless 1xx', 'dripping head', 'dripping body', 'silence'],
];

/** Answers that are hostile as a whole, around the acceptance of a payout. */
export const HOSTILE_ANSWERS: Readonly<Record<string, Play>> = {
  '10 MB under their length': flood(`${OK}\r\nContent-Length: ${10 * MEGABYTE}\r\n\r\n${BODY}`, PIECE, 10 * MEGABYTE),
  '10 MB in chunks': flood(`${OK}\r\nTransfer-Encoding: chunked\r\n\r\n`, `10000\r\n${PIECE}\r\n`, 10 * MEGABYTE),
  'endless without a length': flood(`${OK}\r\n\r\n${BODY}`, PIECE, 400 * MEGABYTE),
  'endless line feeds': flood(`${OK}\r\n\r\n${BODY}`, '\n'.repeat(65_536), 50 * MEGABYTE),
  'endless headers': flood(`${OK}\r\n`, `x-a: ${'b'.repeat(1_000)}\r\n`, 50 * MEGABYTE),
  'one header of 1 MB': flood(`${OK}\r\nx-a: `, PIECE, MEGABYTE),
  'endless chunk extension': flood(`${OK}\r\nTransfer-Encoding: chunked\r\n\r\n5;`, PIECE, 50 * MEGABYTE),
  'endless trailers': flood(
    `${OK}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n`,
    `x-a: ${'b'.repeat(1_000)}\r\n`,
    50 * MEGABYTE,
  ),
  'endless 1xx': flood('', 'HTTP/1.1 102 Wait\r\n\r\n', 20 * MEGABYTE),
  'many 1xx, then the answer': send(
    Buffer.concat([Buffer.from('HTTP/1.1 103 Hints\r\nx: y\r\n\r\n'.repeat(1_000)), toAnswer(BODY)]),
  ),
  'dripping head': drip(toAnswer(BODY)),
  'dripping body': drip(Buffer.from(BODY), `${OK}\r\nContent-Length: ${LENGTH}\r\n\r\n`),
  silence: () => undefined,
  'a reset': (socket) => socket.resetAndDestroy(),
  'a reset within the body': (socket) =>
    void socket.write(toAnswer(BODY).subarray(0, -9), () => socket.resetAndDestroy()),
  'a gzip bomb': encoded('gzip', gzipSync(Buffer.alloc(100 * MEGABYTE, 'a'))),
  gzip: encoded('gzip', gzipSync(BODY)),
  deflate: encoded('deflate', deflateSync(BODY)),
  brotli: encoded('br', brotliCompressSync(BODY)),
  'plain text labelled gzip': encoded('gzip', Buffer.from(BODY)),
  'gzip labelled identity': encoded('identity', gzipSync(BODY)),
  'gzip without a label': send(toAnswer(gzipSync(BODY))),
  'a length that is short': withHead(`Content-Length: ${LENGTH - 20}`),
  'a length that is long': withHead(`Content-Length: ${LENGTH + 20}`),
  'a negative length': withHead('Content-Length: -1'),
  'a length that is no number': withHead('Content-Length: 1e2'),
  'a length beyond numbers': withHead(`Content-Length: ${'9'.repeat(40)}`),
  'two lengths': withHead(`Content-Length: ${LENGTH}`, 'Content-Length: 5'),
  'two lengths in one line': withHead(`Content-Length: ${LENGTH}, 5`),
  'length and chunks': withHead(`Content-Length: ${LENGTH}`, 'Transfer-Encoding: chunked'),
  'chunks without their last': chunked(`${LENGTH.toString(16)}\r\n${BODY}\r\n`),
  'a chunk size that is no number': chunked(`zz\r\n${BODY}\r\n0\r\n\r\n`),
  'a negative chunk size': chunked(`-5\r\n${BODY}\r\n0\r\n\r\n`),
  'a chunk size beyond numbers': chunked(`${'f'.repeat(40)}\r\n${BODY}\r\n0\r\n\r\n`),
  'a chunk shorter than said': chunked(`ffff\r\n${BODY}\r\n0\r\n\r\n`),
  'chunks under another coding': send(
    `${OK}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n${LENGTH.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`,
  ),
  'an unknown transfer coding': send(`${OK}\r\nTransfer-Encoding: x\r\n\r\n${BODY}`),
  'HTTP/0.9': send(BODY),
  'HTTP/2 without being asked': send(toAnswer(BODY, 'HTTP/2 200 OK')),
  'a status that is no number': send(toAnswer(BODY, 'HTTP/1.1 2OO OK')),
  'bare line feeds in the head': send(toAnswer(BODY).toString('latin1').replaceAll('\r\n', '\n')),
  nothing: send(''),
  HTML: send(toAnswer(`<html><body>${BODY}</body></html>`)),
  'a byte order mark': send(toAnswer(`\uFEFF${BODY}`)),
  'UTF-16': send(toAnswer(Buffer.from(BODY, 'utf16le'))),
  'a second answer behind the first': send(Buffer.concat([toAnswer(BODY), toAnswer(OTHER_BODY)])),
  'an upgrade': send(`HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n${BODY}`),
  ...byCode([301, 302, 303, 307, 308], 'a redirect', (code) =>
    toAnswer(BODY, `HTTP/1.1 ${code} There`, ['Location: http://127.0.0.1:1/', `Content-Length: ${LENGTH}`]),
  ),
  ...byCode(CODES, 'an acceptance with HTTP', (code) => toAnswer(BODY, `HTTP/1.1 ${code} Word`)),
};
