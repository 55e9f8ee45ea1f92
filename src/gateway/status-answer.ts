import { isOrderId, type OrderId } from '../domain/ids';
import type { StatusAnswer } from '../domain/order-report';
import { GatewayError } from './errors';
import type { Answered, Exchange } from './exchange';
import { isRefusal, readReply } from './outcomes';
import { REPLY } from './protocol';
import type { Reply, ReplyFormat } from './reply';
import { toPollReport, toReason } from './report';

/** What a status request asked about and how its answer is to be read. */
export interface StatusQuestion {
  readonly clientOrderId: string;
  readonly orderId: OrderId | null;
  readonly replyFormat: ReplyFormat;
  readonly redirectHosts: readonly string[] | null;
}

function rejectByHttpStatus({ statusCode }: Answered): void {
  if (statusCode === 401 || statusCode === 403) throw new GatewayError('forbidden');
  if (statusCode >= 300 && statusCode < 400) throw new GatewayError('redirected');
  if (statusCode >= 500 || statusCode === 429 || statusCode === 408) throw new GatewayError('no_answer');
}

/** The order the reply is about: ours by client order id, or by the order id that we asked for. A cut id would teach us another's. */
function readOrderId(reply: Reply, question: StatusQuestion): OrderId | null {
  const namedClient = reply.read(REPLY.clientOrderId);
  const namedOrder = reply.read(REPLY.orderId);
  const isOurs = namedClient === question.clientOrderId || (namedClient === '' && question.orderId !== null);
  const isAsked =
    question.orderId === null ? namedOrder === '' || isOrderId(namedOrder) : namedOrder === question.orderId;
  if (!isOurs || !isAsked) throw new GatewayError('wrong_ids');
  if (question.orderId === null && reply.openFields.has(REPLY.orderId)) throw new GatewayError('unreadable');
  return isOrderId(namedOrder) ? namedOrder : null;
}

/** "No such order" about somebody else's order, or together with an order id we did not ask for, is no such thing. */
function readNotFound(reply: Reply, question: StatusQuestion): StatusAnswer {
  const namedClient = reply.read(REPLY.clientOrderId);
  const namedOrder = reply.read(REPLY.orderId);
  const isAboutAnother = namedClient !== '' && namedClient !== question.clientOrderId;
  if (isAboutAnother || (namedOrder !== '' && namedOrder !== question.orderId)) throw new GatewayError('wrong_ids');
  return { found: false, reason: toReason(reply.read(REPLY.errorCode), reply.read(REPLY.errorMessage)) };
}

/**
 * Translates what became of a status request. An error answer without a status says that there is no such order.
 * @throws GatewayError when the gateway did not answer the question.
 */
export function toStatusAnswer(result: Exchange, question: StatusQuestion): StatusAnswer {
  if (result.stage === 'not_sent') throw new GatewayError('unreachable');
  if (result.stage === 'no_answer') throw new GatewayError(result.cause === 'oversized' ? 'unreadable' : 'no_answer');
  rejectByHttpStatus(result);

  const { replyFormat } = question;
  const { statusCode } = result;
  const reply = readReply(result, replyFormat);
  const isOk = statusCode >= 200 && statusCode < 300;
  if (reply === null) throw new GatewayError(isOk ? 'unreadable' : 'no_answer');
  if (isRefusal({ statusCode, replyFormat, reply }) && reply.read(REPLY.status) === '')
    return readNotFound(reply, question);
  if (!isOk) throw new GatewayError('no_answer');
  return { found: true, report: toPollReport(reply, readOrderId(reply, question), question.redirectHosts) };
}
