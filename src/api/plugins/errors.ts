import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { PayoutUnreadable, TemporalUnavailable } from '../../store/errors';

/** A stable code for each way a request can fail, with its HTTP status. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  malformed_callback: { status: 400, title: 'The callback is malformed' },
  unauthenticated: { status: 401, title: 'A valid API key is needed' },
  bad_control: { status: 403, title: 'Forbidden' },
  not_permitted: { status: 403, title: 'Not permitted' },
  not_found: { status: 404, title: 'Not found' },
  payout_differs: { status: 409, title: 'A different payout with this clientOrderId exists' },
  client_order_id_taken: { status: 409, title: 'This clientOrderId is taken' },
  idempotency_key_used: { status: 409, title: 'This Idempotency-Key was used for another action' },
  not_allowed: { status: 409, title: 'The payout does not allow this now' },
  changed: { status: 412, title: 'The payout has changed since it was read' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'Expected application/json in UTF-8' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The address or the headers are too large' },
  internal: { status: 500, title: 'Internal error' },
  payout_unreadable: { status: 503, title: 'The payout exists, but its stored data cannot be read' },
  temporal_unavailable: { status: 503, title: 'Temporarily unavailable' },
  not_ready: { status: 503, title: 'Temporal is not set up for payouts' },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

export interface FieldError {
  readonly field: string;
  readonly expected: string;
}

/** An expected failure of a request, answered as RFC 9457 problem details. Nothing in it may repeat a value of the request. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[];
  constructor(code: ProblemCode, errors: readonly FieldError[] = []) {
    super(PROBLEMS[code].title);
    this.code = code;
    this.errors = errors;
  }
}

/** What to do about a payout that cannot be read. */
const UNREADABLE: readonly FieldError[] = [
  {
    field: 'clientOrderId',
    expected: 'no second payout under another id; operators follow docs/runbook/payout_unreadable.md',
  },
];

const RETRY_AFTER_SECONDS = 5;

/** The body of a problem as JSON text. */
export function describeProblem(code: ProblemCode, errors: readonly FieldError[] = []): string {
  const { status, title } = PROBLEMS[code];
  return JSON.stringify({
    type: `urn:payout:problem:${code}`,
    ...{ title, status, code },
    ...(errors.length > 0 ? { errors } : {}),
  });
}

/** Answers with a problem. Bodies of 5xx are constant, except that `not_ready` lists what is missing. */
export function sendProblem(reply: FastifyReply, code: ProblemCode, errors: readonly FieldError[] = []): FastifyReply {
  const { status } = PROBLEMS[code];
  if (status === 503) void reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply.code(status).type('application/problem+json').send(describeProblem(code, errors));
}

/** The one error handler: a known error is answered with its problem, an unknown one is logged in full and answered without details. */
export function registerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof Problem) return sendProblem(reply, error.code, error.errors);
    if (error instanceof TemporalUnavailable) {
      if (error.trouble !== 'outage') request.log.error({ trouble: error.trouble }, 'Temporal cannot serve this');
      return sendProblem(reply, 'temporal_unavailable');
    }
    if (error instanceof PayoutUnreadable) {
      request.log.error({ err: error }, 'a payout cannot be read');
      return sendProblem(reply, 'payout_unreadable', UNREADABLE);
    }
    if (hasZodFastifySchemaValidationErrors(error)) {
      return sendProblem(
        reply,
        'invalid_request',
        error.validation.flatMap((issue) => toFieldErrors(issue, error.validationContext)),
      );
    }
    const status = error.statusCode ?? 500;
    if (status === 413) return sendProblem(reply, 'too_large');
    if (status === 415) return sendProblem(reply, 'unsupported_media_type');
    if (status >= 400 && status < 500) {
      return sendProblem(reply, 'invalid_request', [{ field: 'body', expected: 'well-formed JSON' }]);
    }
    request.log.error({ err: error }, 'request failed');
    return sendProblem(reply, 'internal');
  });
  app.setNotFoundHandler((_request: FastifyRequest, reply) => sendProblem(reply, 'not_found'));
}

/** A name the caller chose is repeated only when it is a plain word: anything else might be a value put in the wrong place. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
/** In a query a bare value is a name: only a word without digits is repeated. */
const QUERY_NAME = /^[A-Za-z]{1,40}$/;

function toFieldErrors(
  issue: { instancePath: string; message?: string; params?: object },
  context: string | undefined,
): FieldError[] {
  const path = issue.instancePath.split('/').filter((name) => name !== '');
  const field = path.every((name) => PLAIN_NAME.test(name)) ? path.join('.') : path.slice(0, 1).join('.');
  const unknown = (issue.params as { keys?: readonly string[] } | undefined)?.keys;
  if (unknown !== undefined) {
    const isPlain = (name: string) => (context === 'querystring' ? QUERY_NAME : PLAIN_NAME).test(name);
    const names = unknown.map((name) => (isPlain(name) ? name : '(unreadable name)'));
    return names.map((name) => ({ field: [...path, name].join('.'), expected: 'no field of this name' }));
  }
  return [
    {
      field: field || 'body',
      expected: (issue.message ?? 'a valid value').replace(/^(Invalid input: )?expected /, ''),
    },
  ];
}
