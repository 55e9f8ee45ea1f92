import type { Server } from 'node:http';
import type { FastifyHttpOptions, FastifyServerOptions } from 'fastify';
import { BOUNDS, type ConnectionBounds } from '../../config/bounds';
import { sendProblem } from './errors';
import { describeProblem, PROBLEMS, type ProblemCode } from './problems';

/** What a client may hold open without asking for anything, or without reading what it asked for; and requests that reach no route. */
export function serverOptions(
  publicBaseUrl: string,
  { requestMs }: Pick<ConnectionBounds, 'requestMs'> = { requestMs: BOUNDS.requestMs.most },
) {
  return {
    ...answerBrokenRequests(publicBaseUrl),
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    bodyLimit: BOUNDS.jsonBytes.most,
    requestTimeout: requestMs,
    keepAliveTimeout: BOUNDS.keepAliveMs.most,
    connectionTimeout: BOUNDS.silentMs.most,
    http: {
      maxHeaderSize: BOUNDS.headerBytes.most,
      // Node exchanges the two limits when the one for headers is the longer, as it is by default: then no body is ever late.
      headersTimeout: requestMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(requestMs, LOOK_EVERY_MS),
    },
  } satisfies FastifyHttpOptions<Server>;
}

const LOOK_EVERY_MS = 1_000;

/** Fastify's own answers repeat the address, and are not problem details. */
const answerBrokenRequests = (
  publicBaseUrl: string,
): Pick<FastifyServerOptions, 'frameworkErrors' | 'clientErrorHandler'> => ({
  /** An address that cannot be decoded, or an id longer than any. */
  frameworkErrors: (error, _request, reply) => {
    if (error.code === 'FST_ERR_MAX_PARAM_LENGTH') void sendProblem(reply, 'not_found');
    else void sendProblem(reply, 'invalid_request', [{ field: 'path', expected: 'a well-formed address' }]);
  },

  /** Bytes that are not an HTTP request. Nothing is logged: the error holds the raw bytes, and a stranger decides how many there are. */
  clientErrorHandler: (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return;
    if (socket.writable)
      socket.write(describeRawAnswer(publicBaseUrl, CONNECTION_PROBLEMS[error.code] ?? 'invalid_request'));
    socket.destroy();
  },
});

const CONNECTION_PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
};

function describeRawAnswer(publicBaseUrl: string, code: ProblemCode): string {
  const { status, title } = PROBLEMS[code];
  const body = describeProblem(publicBaseUrl, code);
  const headers = [`content-length: ${Buffer.byteLength(body)}`, 'content-type: application/problem+json'];
  return [`HTTP/1.1 ${status} ${title}`, ...headers, 'connection: close', '', body].join('\r\n');
}
