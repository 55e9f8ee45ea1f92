import { isOrderId, type OrderId } from '../domain/ids';
import { isFinalStatus, type OrderReport, type StatusAnswer } from '../domain/order-report';
import { GatewayError } from './errors';
import type { Answered, Exchange } from './exchange';
import { isRefusal, namesError, readReply } from './outcomes';
import { isErrorType, REPLY } from './protocol';
import type { Reply, ReplyFormat } from './reply';
import { type ReportRules, toPollReport, toReason } from './report';

/** What a status request asked about and how its answer is to be read. */
export interface StatusQuestion extends ReportRules {
  readonly clientOrderId: string;
  readonly orderId: OrderId | null;
  readonly replyFormat: ReplyFormat;
}

function rejectByHttpStatus({ statusCode }: Answered): void {
  if (statusCode === 401 || statusCode === 403) throw new GatewayError('forbidden');
  if (statusCode >= 300 && statusCode < 400) throw new GatewayError('redirected');
  if (statusCode >= 500 || statusCode === 429 || statusCode === 408) throw new GatewayError('no_answer');
}

/** The order the reply is about: ours by client order id, or by the order id that we asked for. */
function readOrderId(reply: Reply, question: StatusQuestion): OrderId | null {
  const namedClient = reply.read(REPLY.clientOrderId);
  const namedOrder = reply.read(REPLY.orderId);
  const isOurs = namedClient === question.clientOrderId || (namedClient === '' && question.orderId !== null);
  const isAsked =
    question.orderId === null ? namedOrder === '' || isOrderId(namedOrder) : namedOrder === question.orderId;
  if (!isOurs || !isAsked) throw new GatewayError('wrong_ids');
  return isOrderId(namedOrder) ? namedOrder : null;
}

/**
 * An error without a status says that there is no such order; about another order, or with an order id we did not ask for, it
 * says no such thing. With a status it is an error about the question, and its word is not the order's.
 */
function readRefusal(reply: Reply, question: StatusQuestion): StatusAnswer {
  const namedClient = reply.read(REPLY.clientOrderId);
  const namedOrder = reply.read(REPLY.orderId);
  const isAboutAnother = namedClient !== '' && namedClient !== question.clientOrderId;
  if (isAboutAnother || (namedOrder !== '' && namedOrder !== question.orderId)) throw new GatewayError('wrong_ids');
  if (reply.read(REPLY.status) !== '') throw new GatewayError('request_refused');
  if (reply.cutField !== null || (reply.mayBeCut && !namesError(reply))) throw new GatewayError('unreadable');
  return { found: false, reason: toReason(reply.readText(REPLY.errorCode), reply.readText(REPLY.errorMessage)) };
}

/** @throws GatewayError when the reply is not about our order, cannot be read, or may lack what a final is checked by */
function readReport(reply: Reply, question: StatusQuestion): OrderReport {
  const report = toPollReport(reply, readOrderId(reply, question), question);
  const { status, statusText, amount, currency, transactionType } = report;
  const isChecked = amount !== null && currency !== null && transactionType !== null;
  if (reply.mayBeCut && (statusText === '' || (isFinalStatus(status) && !isChecked)))
    throw new GatewayError('unreadable');
  return report;
}

/** A listed status of our order is its status, whatever the HTTP code; null when there is none to read. */
function readDespiteCode(reply: Reply, question: StatusQuestion): OrderReport | null {
  try {
    const isStatus = reply.read(REPLY.status) !== '' && !isErrorType(reply.read(REPLY.type));
    const report = isStatus ? readReport(reply, question) : null;
    return report?.status === 'unlisted' ? null : report;
  } catch (error) {
    if (error instanceof GatewayError) return null;
    throw error;
  }
}

/**
 * Translates what became of a status request.
 * @throws GatewayError when the gateway did not answer the question.
 */
export function toStatusAnswer(result: Exchange, question: StatusQuestion): StatusAnswer {
  if (result.stage === 'not_sent') throw new GatewayError('unreachable');
  if (result.stage === 'no_answer') throw new GatewayError(result.cause === 'oversized' ? 'unreadable' : 'no_answer');

  const { replyFormat } = question;
  const { statusCode } = result;
  const reply = readReply(result, replyFormat);
  const isOk = statusCode >= 200 && statusCode < 300;
  const despite = isOk || reply === null ? null : readDespiteCode(reply, question);
  if (despite !== null) return { found: true, report: despite };
  rejectByHttpStatus(result);
  if (reply === null) throw new GatewayError(isOk ? 'unreadable' : 'no_answer');
  if (isRefusal({ statusCode, replyFormat, reply })) return readRefusal(reply, question);
  if (!isOk) throw new GatewayError('no_answer');
  return { found: true, report: readReport(reply, question) };
}
