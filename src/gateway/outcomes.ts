import { type ClientOrderId, isOrderId, type OrderId } from '../domain/ids';
import type { NotSentCause, Submission } from '../domain/order-report';
import { GatewayError } from './errors';
import type { Answered, Exchange } from './exchange';
import { ACCEPTED_TYPE, isErrorType, REPLY } from './protocol';
import { decodeReply, type Reply, type ReplyFormat } from './reply';
import { toReason, toWord } from './report';
import { NO_TYPE, toReportSubject } from './statuses';

/** The possible results of the create call; adoption is decided elsewhere. */
export type SubmitOutcome = Exclude<Submission, { outcome: 'adopted' }>;

/** What was sent, and how the answer to it is to be read. */
export interface SubmitQuestion {
  readonly clientOrderId: ClientOrderId;
  readonly replyFormat: ReplyFormat;
  readonly payoutTypes: readonly string[];
}

interface Answer extends SubmitQuestion {
  readonly statusCode: number;
  /** Null when the body is no reply at all. */
  readonly reply: Reply | null;
}

const NOTHING = () => '';
const EMPTY_REPLY: Reply = { read: NOTHING, readText: NOTHING, readLink: NOTHING, cutField: null, mayBeCut: false };

const read = (answer: Answer, name: string) => (answer.reply ?? EMPTY_REPLY).read(name);
const readText = (answer: Answer, name: string) => (answer.reply ?? EMPTY_REPLY).readText(name);
const isOk = (answer: Answer) => answer.statusCode >= 200 && answer.statusCode < 300;
const isForbidden = ({ statusCode }: Answer) => statusCode === 401 || statusCode === 403;
const isClientError = (answer: Answer) => answer.statusCode >= 400 && answer.statusCode < 500;

function orderIdOf(answer: Answer): OrderId | null {
  const text = read(answer, REPLY.orderId);
  return isOrderId(text) ? text : null;
}

/** True when the reply gives a reason for a refusal. */
export function namesError(reply: Reply): boolean {
  return reply.readText(REPLY.errorCode) !== '' || reply.readText(REPLY.errorMessage) !== '';
}

/** A refusal by type; in JSON mode a 4xx with an error code or message is one too. */
export function isRefusal(answer: Pick<Answer, 'statusCode' | 'replyFormat' | 'reply'>): boolean {
  const reply = answer.reply ?? EMPTY_REPLY;
  if (isErrorType(reply.read(REPLY.type))) return true;
  const isJsonError = answer.replyFormat === 'json' && answer.statusCode >= 400 && answer.statusCode < 500;
  return isJsonError && namesError(reply) && reply.read(REPLY.type) === '';
}

/** The order id comes before the error in a form, so that a refusal without a whole error may have lost one. */
function isWholeRefusal({ replyFormat, reply }: Answer): boolean {
  return replyFormat === 'json' || (reply?.cutField === null && namesError(reply));
}

function isAboutAnotherOrder(answer: Answer): boolean {
  const named = read(answer, REPLY.clientOrderId);
  return named !== '' && named !== answer.clientOrderId;
}

const namesUs = (answer: Answer) => read(answer, REPLY.clientOrderId) === answer.clientOrderId;

const isOfOtherType = (answer: Answer) =>
  toReportSubject(read(answer, REPLY.transactionType) || NO_TYPE, [...answer.payoutTypes, NO_TYPE]) !== 'payout';

const unconfirmed =
  (cause: string, find: (answer: Answer) => OrderId | null = () => null) =>
  (answer: Answer): SubmitOutcome => ({ outcome: 'unconfirmed', cause, orderId: find(answer) });

const notSent = (cause: NotSentCause) => (): SubmitOutcome => ({ outcome: 'not_sent', cause });

const refuse = (answer: Answer): SubmitOutcome => ({
  outcome: 'refused',
  reason: toReason(readText(answer, REPLY.errorCode), readText(answer, REPLY.errorMessage)),
  serialNumber: toWord(readText(answer, REPLY.serialNumber)),
});

const accept = (answer: Answer): SubmitOutcome => {
  const orderId = orderIdOf(answer);
  if (orderId === null) return unconfirmed('no_order_id')(answer);
  return {
    outcome: 'accepted',
    orderId,
    serialNumber: toWord(readText(answer, REPLY.serialNumber)),
    endpointId: toWord(readText(answer, REPLY.endpointId)),
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
  {
    when: (answer) => isRefusal(answer) && read(answer, REPLY.orderId) !== '',
    settle: unconfirmed('refused_with_order_id', orderIdOf),
  },
  { when: (answer) => isRefusal(answer) && !isWholeRefusal(answer), settle: unconfirmed('unreadable') },
  { when: isRefusal, settle: refuse },
  { when: isClientError, settle: unconfirmed('client_error') },
  { when: (answer) => read(answer, REPLY.type) !== ACCEPTED_TYPE, settle: unconfirmed('unreadable') },
  { when: (answer) => !namesUs(answer), settle: unconfirmed('wrong_ids') },
  { when: isOfOtherType, settle: unconfirmed('other_transaction', orderIdOf) },
  { when: () => true, settle: accept },
];

/** The reply in an answer, or null when its body is none. */
export function readReply(answered: Answered, replyFormat: ReplyFormat): Reply | null {
  try {
    return decodeReply(answered, replyFormat);
  } catch {
    return null;
  }
}

/** Translates what became of the create call. Total: a value that matters and cannot be read is doubt. */
export function toSubmitOutcome(result: Exchange, question: SubmitQuestion): SubmitOutcome {
  if (result.stage === 'not_sent') {
    return { outcome: 'not_sent', cause: result.cause === 'past_deadline' ? 'past_deadline' : 'unreachable' };
  }
  if (result.stage === 'no_answer') return { outcome: 'unconfirmed', cause: result.cause, orderId: null };
  const answer = { ...question, statusCode: result.statusCode, reply: readReply(result, question.replyFormat) };
  try {
    const row = ROWS.find(({ when }) => when(answer));
    return (row?.settle ?? unconfirmed('unreadable'))(answer);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return unconfirmed('unreadable')(answer);
  }
}
