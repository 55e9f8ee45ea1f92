import type { FastifyServerOptions } from 'fastify';
import { describeProblem, PROBLEMS, type ProblemCode, sendProblem } from './errors';

/**
 * Requests that come to no route. Fastify's own answers are not used: they repeat the address, and are no problem details.
 */
export const BROKEN_REQUESTS: Pick<FastifyServerOptions, 'frameworkErrors' | 'clientErrorHandler'> = {
  /** An address that cannot be decoded, or an id longer than any. */
  frameworkErrors: (error, _request, reply) => {
    if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') void sendProblem(reply, 'not_found');
    else void sendProblem(reply, 'invalid_request', [{ field: 'path', expected: 'a well-formed address' }]);
  },

  /** Bytes that are no HTTP request. Nothing is logged: the error holds the raw bytes, and a stranger decides how many there are. */
  clientErrorHandler: (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (socket.writable) socket.write(describeRawAnswer(CONNECTION_PROBLEMS[error.code] ?? 'invalid_request'));
    socket.destroy();
  },
};

const CONNECTION_PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
};

function describeRawAnswer(code: ProblemCode): string {
  const { status, title } = PROBLEMS[code];
  const body = describeProblem(code);
  const headers = [`content-length: ${Buffer.byteLength(body)}`, 'content-type: application/problem+json'];
  return [`HTTP/1.1 ${status} ${title}`, ...headers, 'connection: close', '', body].join('\r\n');
}
