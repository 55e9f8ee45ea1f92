import { type ClientOrderId, isOrderId, type OrderId } from '../domain/ids';
import type { NotSentCause, Submission } from '../domain/order-report';
import type { Answered, Exchange } from './exchange';
import { ACCEPTED_TYPE, isErrorType, REPLY } from './protocol';
import { decodeReply, type Reply, type ReplyFormat } from './reply';
import { toReason, toWord } from './report';

/** What the one call that creates a payout can end in; adoption is somebody else's. */
export type SubmitOutcome = Exclude<Submission, { outcome: 'adopted' }>;

interface Answer {
  readonly statusCode: number;
  readonly replyFormat: ReplyFormat;
  readonly clientOrderId: ClientOrderId;
  /** Null when the body is no reply at all. */
  readonly reply: Reply | null;
}

const EMPTY_REPLY: Reply = { allFields: new Map(), read: () => '', openFields: new Set() };

const read = (answer: Answer, name: string) => (answer.reply ?? EMPTY_REPLY).read(name);
const isOk = (answer: Answer) => answer.statusCode >= 200 && answer.statusCode < 300;
const isForbidden = ({ statusCode }: Answer) => statusCode === 401 || statusCode === 403;
const isClientError = (answer: Answer) => answer.statusCode >= 400 && answer.statusCode < 500;

/** An id of a body that was cut inside of it would be another order's id. */
function orderIdOf(answer: Answer): OrderId | null {
  const text = read(answer, REPLY.orderId);
  return isOrderId(text) && answer.reply?.openFields.has(REPLY.orderId) !== true ? text : null;
}

/** A refusal by type; in JSON mode a 4xx with an error code or message is one too. */
export function isRefusal(answer: Pick<Answer, 'statusCode' | 'replyFormat' | 'reply'>): boolean {
  const reply = answer.reply ?? EMPTY_REPLY;
  if (isErrorType(reply.read(REPLY.type))) return true;
  const hasError = reply.read(REPLY.errorCode) !== '' || reply.read(REPLY.errorMessage) !== '';
  const isJsonError = answer.replyFormat === 'json' && answer.statusCode >= 400 && answer.statusCode < 500;
  return isJsonError && hasError && reply.read(REPLY.type) === '';
}

function isAboutAnotherOrder(answer: Answer): boolean {
  const named = read(answer, REPLY.clientOrderId);
  return named !== '' && named !== answer.clientOrderId;
}

/** Our id, not the beginning of a longer one that was cut. */
function namesUsWhole(answer: Answer): boolean {
  const isWhole = answer.reply?.openFields.has(REPLY.clientOrderId) !== true;
  return read(answer, REPLY.clientOrderId) === answer.clientOrderId && isWhole;
}

const unconfirmed =
  (cause: string, find: (answer: Answer) => OrderId | null = () => null) =>
  (answer: Answer): SubmitOutcome => ({ outcome: 'unconfirmed', cause, orderId: find(answer) });

const notSent = (cause: NotSentCause) => (): SubmitOutcome => ({ outcome: 'not_sent', cause });

const refuse = (answer: Answer): SubmitOutcome => ({
  outcome: 'refused',
  reason: toReason(read(answer, REPLY.errorCode), read(answer, REPLY.errorMessage)),
  serialNumber: toWord(read(answer, REPLY.serialNumber)),
});

const accept = (answer: Answer): SubmitOutcome => {
  const orderId = orderIdOf(answer);
  if (orderId === null) return unconfirmed('no_order_id')(answer);
  return {
    outcome: 'accepted',
    orderId,
    serialNumber: toWord(read(answer, REPLY.serialNumber)),
    endpointId: toWord(read(answer, REPLY.endpointId)),
  };
};

/**
 * The outcome of every answer: the first row that applies. Only a readable refusal about our order, without an order id, proves that
 * nothing was created; only a readable acceptance that names our order binds an order id. 401 and 403 are documented as "not
 * accepted"; one whose body names an order contradicts itself and proves nothing.
 */
const ROWS: readonly {
  readonly when: (answer: Answer) => boolean;
  readonly settle: (answer: Answer) => SubmitOutcome;
}[] = [
  { when: (answer) => isForbidden(answer) && read(answer, REPLY.orderId) === '', settle: notSent('forbidden') },
  { when: ({ statusCode }) => statusCode >= 300 && statusCode < 400, settle: unconfirmed('redirected') },
  { when: ({ statusCode }) => statusCode === 429, settle: unconfirmed('throttled') },
  { when: ({ statusCode }) => statusCode === 408, settle: unconfirmed('client_error') },
  { when: (answer) => !isOk(answer) && !isClientError(answer), settle: unconfirmed('server_error') },
  { when: (answer) => answer.reply === null && isClientError(answer), settle: unconfirmed('client_error') },
  { when: (answer) => answer.reply === null, settle: unconfirmed('unreadable') },
  { when: isAboutAnotherOrder, settle: unconfirmed('wrong_ids') },
  { when: (answer) => isRefusal(answer) && read(answer, REPLY.orderId) === '', settle: refuse },
  { when: isRefusal, settle: unconfirmed('refused_with_order_id', orderIdOf) },
  { when: isClientError, settle: unconfirmed('client_error') },
  { when: (answer) => read(answer, REPLY.type) !== ACCEPTED_TYPE, settle: unconfirmed('unreadable') },
  { when: (answer) => !namesUsWhole(answer), settle: unconfirmed('wrong_ids') },
  { when: () => true, settle: accept },
];

/** The reply in an answer, or null when its body is none. */
export function readReply(answered: Answered, replyFormat: ReplyFormat): Reply | null {
  if (answered.contentEncoding !== '' && answered.contentEncoding !== 'identity') return null;
  try {
    return decodeReply(answered.body, replyFormat);
  } catch {
    return null;
  }
}

/** Translates what became of the create call. Total. */
export function toSubmitOutcome(
  result: Exchange,
  clientOrderId: ClientOrderId,
  replyFormat: ReplyFormat,
): SubmitOutcome {
  if (result.stage === 'not_sent') {
    return { outcome: 'not_sent', cause: result.cause === 'past_deadline' ? 'past_deadline' : 'unreachable' };
  }
  if (result.stage === 'no_answer') return { outcome: 'unconfirmed', cause: result.cause, orderId: null };
  const answer = { statusCode: result.statusCode, replyFormat, clientOrderId, reply: readReply(result, replyFormat) };
  const row = ROWS.find(({ when }) => when(answer));
  return (row?.settle ?? unconfirmed('unreadable'))(answer);
}
