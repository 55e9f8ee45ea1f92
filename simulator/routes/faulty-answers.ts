import type { FastifyReply } from 'fastify';
import type { RenderedReply } from './gateway-reply';

/** Ways of not answering properly. Each takes the reply away from Fastify and works on the socket. */

/** Keeps the socket open without a byte, then destroys it. */
export function hang(reply: FastifyReply, hangMs: number): void {
  reply.hijack();
  const { raw } = reply;
  const timer = setTimeout(() => raw.socket?.destroy(), hangMs);
  raw.once('close', () => clearTimeout(timer));
}

/** Ends the connection with a TCP RST. */
export function resetConnection(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
}

/** Announces the whole body, writes half of it, then closes. */
export function sendHalf(reply: FastifyReply, { httpStatus, contentType, body }: RenderedReply): void {
  reply.hijack();
  const bytes = Buffer.from(body, 'utf8');
  const { raw } = reply;
  raw.writeHead(httpStatus, { 'content-type': contentType, 'content-length': bytes.length });
  raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => raw.socket?.end());
}
