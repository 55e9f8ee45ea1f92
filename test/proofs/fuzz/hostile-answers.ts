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

/** One byte at a time, slower than anybody waits. */
const drip =
  (bytes: Buffer): Play =>
  (socket) => {
    let at = 0;
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

const STATUS_CODES = [
  100, 101, 199, 201, 204, 205, 206, 226, 300, 304, 400, 401, 402, 403, 404, 407, 408, 409, 413, 418, 422, 425, 429,
];
const FAILURES = [451, 499, 500, 501, 502, 503, 504, 511, 599, 600, 999];

/** Answers that are hostile as a whole, around the acceptance of a payout. `isSlow`: ends by the time limit of the call. */
export const HOSTILE_ANSWERS: readonly { readonly name: string; readonly play: Play; readonly isSlow?: boolean }[] = [
  {
    name: '10 MB under their length',
    play: flood(`${OK}\r\nContent-Length: ${10 * MEGABYTE}\r\n\r\n${BODY}`, PIECE, 10 * MEGABYTE),
  },
  {
    name: '10 MB in chunks',
    play: flood(`${OK}\r\nTransfer-Encoding: chunked\r\n\r\n`, `10000\r\n${PIECE}\r\n`, 10 * MEGABYTE),
  },
  { name: 'endless without a length', play: flood(`${OK}\r\n\r\n${BODY}`, PIECE, 400 * MEGABYTE) },
  { name: 'endless line feeds', play: flood(`${OK}\r\n\r\n${BODY}`, '\n'.repeat(65_536), 50 * MEGABYTE) },
  { name: 'endless headers', play: flood(`${OK}\r\n`, `x-a: ${'b'.repeat(1_000)}\r\n`, 50 * MEGABYTE) },
  { name: 'one header of 1 MB', play: flood(`${OK}\r\nx-a: `, PIECE, MEGABYTE) },
  {
    name: 'endless chunk extension',
    play: flood(`${OK}\r\nTransfer-Encoding: chunked\r\n\r\n5;`, PIECE, 50 * MEGABYTE),
    isSlow: true,
  },
  {
    name: 'endless trailers',
    play: flood(`${OK}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n`, `x-a: ${'b'.repeat(1_000)}\r\n`, 50 * MEGABYTE),
  },
  { name: 'endless 1xx', play: flood('', 'HTTP/1.1 102 Wait\r\n\r\n', 20 * MEGABYTE), isSlow: true },
  {
    name: 'many 1xx, then the answer',
    play: send(Buffer.concat([Buffer.from('HTTP/1.1 103 Hints\r\nx: y\r\n\r\n'.repeat(1_000)), toAnswer(BODY)])),
  },
  { name: 'dripping head', play: drip(toAnswer(BODY)), isSlow: true },
  {
    name: 'dripping body',
    play: (socket) => {
      socket.write(`${OK}\r\nContent-Length: ${LENGTH}\r\n\r\n`);
      drip(Buffer.from(BODY))(socket);
    },
    isSlow: true,
  },
  { name: 'silence', play: () => undefined, isSlow: true },
  { name: 'a reset', play: (socket) => socket.resetAndDestroy() },
  {
    name: 'a reset within the body',
    play: (socket) => void socket.write(toAnswer(BODY).subarray(0, -9), () => socket.resetAndDestroy()),
  },
  { name: 'a gzip bomb', play: encoded('gzip', gzipSync(Buffer.alloc(100 * MEGABYTE, 'a'))) },
  { name: 'gzip', play: encoded('gzip', gzipSync(BODY)) },
  { name: 'deflate', play: encoded('deflate', deflateSync(BODY)) },
  { name: 'brotli', play: encoded('br', brotliCompressSync(BODY)) },
  { name: 'plain text labelled gzip', play: encoded('gzip', Buffer.from(BODY)) },
  { name: 'gzip labelled identity', play: encoded('identity', gzipSync(BODY)) },
  { name: 'gzip without a label', play: send(toAnswer(gzipSync(BODY))) },
  { name: 'a length that is short', play: withHead(`Content-Length: ${LENGTH - 20}`) },
  { name: 'a length that is long', play: withHead(`Content-Length: ${LENGTH + 20}`) },
  { name: 'a negative length', play: withHead('Content-Length: -1') },
  { name: 'a length that is no number', play: withHead('Content-Length: 1e2') },
  { name: 'a length beyond numbers', play: withHead(`Content-Length: ${'9'.repeat(40)}`) },
  { name: 'two lengths', play: withHead(`Content-Length: ${LENGTH}`, 'Content-Length: 5') },
  { name: 'two lengths in one line', play: withHead(`Content-Length: ${LENGTH}, 5`) },
  { name: 'length and chunks', play: withHead(`Content-Length: ${LENGTH}`, 'Transfer-Encoding: chunked') },
  { name: 'chunks without their last', play: chunked(`${LENGTH.toString(16)}\r\n${BODY}\r\n`) },
  { name: 'a chunk size that is no number', play: chunked(`zz\r\n${BODY}\r\n0\r\n\r\n`) },
  { name: 'a negative chunk size', play: chunked(`-5\r\n${BODY}\r\n0\r\n\r\n`) },
  { name: 'a chunk size beyond numbers', play: chunked(`${'f'.repeat(40)}\r\n${BODY}\r\n0\r\n\r\n`) },
  { name: 'a chunk shorter than said', play: chunked(`ffff\r\n${BODY}\r\n0\r\n\r\n`) },
  {
    name: 'chunks under another coding',
    play: send(`${OK}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n${LENGTH.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`),
  },
  { name: 'an unknown transfer coding', play: send(`${OK}\r\nTransfer-Encoding: x\r\n\r\n${BODY}`) },
  { name: 'HTTP/0.9', play: send(BODY) },
  { name: 'HTTP/2 without being asked', play: send(toAnswer(BODY, 'HTTP/2 200 OK')) },
  { name: 'a status that is no number', play: send(toAnswer(BODY, 'HTTP/1.1 2OO OK')) },
  { name: 'bare line feeds in the head', play: send(toAnswer(BODY).toString('latin1').replaceAll('\r\n', '\n')) },
  { name: 'nothing', play: send('') },
  { name: 'HTML', play: send(toAnswer(`<html><body>${BODY}</body></html>`)) },
  { name: 'a byte order mark', play: send(toAnswer(`\uFEFF${BODY}`)) },
  { name: 'UTF-16', play: send(toAnswer(Buffer.from(BODY, 'utf16le'))) },
  { name: 'a second answer behind the first', play: send(Buffer.concat([toAnswer(BODY), toAnswer(OTHER_BODY)])) },
  { name: 'an upgrade', play: send(`HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n${BODY}`) },
  ...[301, 302, 303, 307, 308].map((code) => ({
    name: `a redirect, ${code}`,
    play: send(
      toAnswer(BODY, `HTTP/1.1 ${code} There`, ['Location: http://127.0.0.1:1/', `Content-Length: ${LENGTH}`]),
    ),
  })),
  ...[...STATUS_CODES, ...FAILURES].map((code) => ({
    name: `an acceptance with HTTP ${code}`,
    play: send(toAnswer(BODY, `HTTP/1.1 ${code} Word`)),
  })),
];
