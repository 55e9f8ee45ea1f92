/**
 * Why a status request has no answer:
 * `unreachable` no byte of the request left; `no_answer` timeout, reset, 5xx, 429 or another refusal by HTTP status; `forbidden` 401 or
 * 403; `unreadable` an answer that cannot be decoded; `wrong_ids` an answer about another order; `request_refused` an error about the
 * question instead of an answer; `redirected` a 3xx, never followed.
 */
export type GatewayErrorKind =
  | 'unreachable'
  | 'no_answer'
  | 'forbidden'
  | 'unreadable'
  | 'wrong_ids'
  | 'request_refused'
  | 'redirected';

const MESSAGES: Readonly<Record<GatewayErrorKind, string>> = {
  unreachable: 'the gateway could not be reached; nothing was sent',
  no_answer: 'the gateway gave no answer',
  forbidden: 'the gateway refused our credentials, key or clock',
  unreadable: 'the gateway answered something unreadable',
  wrong_ids: 'the gateway answered about another order',
  request_refused: 'the gateway answered with an error about the question',
  redirected: 'the gateway answered with a redirect, which is never followed',
};

/** The gateway did not answer a question. Messages are constant: no body, header or value of the exchange is in them. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly kind: GatewayErrorKind;
  constructor(kind: GatewayErrorKind) {
    super(MESSAGES[kind]);
    this.kind = kind;
  }
}

/** Why a callback is not evidence: it is ambiguous, or it was not made with the control key. */
export type CallbackRejectionKind = 'malformed' | 'bad_control';

/** A callback that must not change anything. The message is constant. */
export class CallbackRejected extends Error {
  override readonly name = 'CallbackRejected';
  readonly kind: CallbackRejectionKind;
  constructor(kind: CallbackRejectionKind) {
    super(kind === 'malformed' ? 'the callback is malformed' : 'the control of the callback does not match');
    this.kind = kind;
  }
}
