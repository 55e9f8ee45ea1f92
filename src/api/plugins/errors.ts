import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { PayoutUnreadable, TemporalUnavailable } from '../../store/errors';
import { collectMethods } from './methods';
import { describeProblem, type FieldError, PROBLEMS, type ProblemCode } from './problems';

export type { FieldError } from './problems';

declare module 'fastify' {
  interface FastifyInstance {
    /** Below it are the pages that explain problems. */
    publicBaseUrl: string;
  }
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

/** Answers with a problem. Bodies of 5xx are constant, except that `not_ready` lists what is missing. */
export function sendProblem(reply: FastifyReply, code: ProblemCode, errors: readonly FieldError[] = []): FastifyReply {
  const { status } = PROBLEMS[code];
  if (status === 503) void reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply
    .code(status)
    .type('application/problem+json')
    .send(describeProblem(reply.server.publicBaseUrl, code, errors));
}

/** The one error handler: a known error is answered with its problem, an unknown one is logged in full and answered without details. */
export function registerErrors(app: FastifyInstance, { publicBaseUrl }: { readonly publicBaseUrl: string }): void {
  app.decorate('publicBaseUrl', publicBaseUrl);
  const methodsOf = collectMethods(app);
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
  app.setNotFoundHandler((request: FastifyRequest, reply) => {
    const allowed = methodsOf(request.url);
    if (allowed.length === 0) return sendProblem(reply, 'not_found');
    return sendProblem(reply.header('allow', allowed.join(', ')), 'method_not_allowed');
  });
}

/** A name the caller chose is repeated only when it is a plain word: anything else might be a value put in the wrong place. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
/** In a query a bare value is a name: only a word without digits is repeated. */
const QUERY_NAME = /^[A-Za-z]{1,40}$/;

/** The same of what a schema says outside of a request's own validation. */
export function fieldErrorsOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): FieldError[] {
  return issues.flatMap(({ path, message, ...params }) =>
    toFieldErrors({ instancePath: path.map(String).join('/'), message, params }, 'body'),
  );
}

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
