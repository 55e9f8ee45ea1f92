/** Every way a request can fail: a stable code, its HTTP status, and what it means for the caller. Its `type` leads to a page of this. */
export const PROBLEMS = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid',
    detail:
      'Nothing was done. `errors` names each field and what was expected there. Correct them and send the request again.',
  },
  invalid_batch: {
    status: 400,
    title: 'Rows of the batch are not valid',
    detail:
      'Nothing was started. `errors` names each row, its field and what was expected there. Correct them and send the whole batch again.',
  },
  malformed_callback: {
    status: 400,
    title: 'The callback is malformed',
    detail: 'The callback can be read in two ways, or not at all, so it was not accepted.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid API key is needed',
    detail: 'Send `Authorization: Bearer <key>` with a key that is known here and has not expired.',
  },
  bad_control: {
    status: 403,
    title: 'Forbidden',
    detail: 'The callback is not signed with the control key of its endpoint.',
  },
  not_permitted: {
    status: 403,
    title: 'Not permitted',
    detail: 'The API key lacks the scope that `errors` names, or the request came from a page of another site.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    detail:
      'There is no such payout, address or endpoint. Never pay again under another clientOrderId because of this answer alone.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'This address exists, but not for this method. The header `Allow` lists its methods.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    detail: 'The whole request must arrive within 10 seconds. Nothing was done; send it again.',
  },
  payout_differs: {
    status: 409,
    title: 'A different payout with this clientOrderId exists',
    detail: 'This clientOrderId belongs to another request; `errors` names the fields that differ. Nothing was done.',
  },
  client_order_id_taken: {
    status: 409,
    title: 'This clientOrderId is taken',
    detail: 'A payout of another caller has this clientOrderId. Nothing was done.',
  },
  batch_differs: {
    status: 409,
    title: 'Another batch with this batchId exists',
    detail: 'This batchId belongs to other rows, or to another caller. Nothing was done.',
  },
  idempotency_key_used: {
    status: 409,
    title: 'This Idempotency-Key was used for another action',
    detail: 'Nothing was done. Use a new key for each action, and the same key only to repeat it.',
  },
  not_allowed: {
    status: 409,
    title: 'The payout does not allow this now',
    detail: 'The payout is in another state; `errors` says which one was expected. Nothing was done.',
  },
  changed: {
    status: 412,
    title: 'The payout has changed since it was read',
    detail:
      'Its version is no longer the one in `If-Match`. Nothing was done; read the payout again before you decide.',
  },
  denied: {
    status: 422,
    title: 'A policy denies this payout',
    detail: '`errors` names the rule and its reason. Nothing was started; another clientOrderId does not help.',
  },
  too_large: {
    status: 413,
    title: 'The request is too large',
    detail: 'A body may have at most 64 KiB, a batch 8 MiB, a callback 16 KiB. Nothing was done.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Expected application/json in UTF-8',
    detail: 'Send the body as JSON in UTF-8, with `Content-Type: application/json`. Nothing was done.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    detail: 'The rate limit is exceeded. Nothing was done; send the request again after the seconds in `Retry-After`.',
  },
  headers_too_large: {
    status: 431,
    title: 'The address or the headers are too large',
    detail: 'Address and headers may have at most 16 KiB together. Nothing was done.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    detail: 'This is a defect of the service. Sending the same body again is safe: it cannot start a second payout.',
  },
  payout_unreadable: {
    status: 503,
    title: 'The payout exists, but its stored data cannot be read',
    detail:
      'Never pay again under another clientOrderId because of this. Operators follow docs/runbook/payout_unreadable.md.',
  },
  temporal_unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    detail:
      'Temporal does not answer. Send the same request again after `Retry-After`: it cannot start a second payout.',
  },
  not_ready: {
    status: 503,
    title: 'Temporal is not set up for payouts',
    detail: '`errors` lists what is missing.',
  },
} as const satisfies Readonly<Record<string, { status: number; title: string; detail: string }>>;
export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];

export interface FieldError {
  readonly field: string;
  readonly expected: string;
  /** Of a batch, counted from 1. */
  readonly row?: number;
}

/** The body of a problem as JSON text. Its `type` is the address of the page that explains it. */
export function describeProblem(publicBaseUrl: string, code: ProblemCode, errors: readonly FieldError[] = []): string {
  const { status, title, detail } = PROBLEMS[code];
  const named = errors
    .filter(({ row }) => row === undefined)
    .map(({ field, expected }) => `${field}: expected ${expected}`)
    .join('; ');
  return JSON.stringify({
    type: `${publicBaseUrl}/problems/${code}`,
    ...{ title, status, detail: named === '' ? detail : named, code },
    ...(errors.length > 0 ? { errors } : {}),
  });
}
