import type { OrderId } from '../domain/ids';
import type { OrderReport, Reason } from '../domain/order-report';
import { REPLY } from './protocol';
import { cutText, redactText } from './redact';
import { toSafeRedirect } from './redirect';
import type { Reply } from './reply';
import { toOrderStatus, toReportSubject } from './statuses';

const MAX_WORD_LENGTH = 64;

/** A short text of the gateway, or null when it is absent or empty. */
export function toWord(text: string): string | null {
  return text === '' ? null : cutText(text, MAX_WORD_LENGTH);
}

/** A code and a text of the gateway, redacted. `null` as a text is how the gateway writes an absent error in a callback. */
export function toReason(code: string, message: string): Reason {
  const known = (text: string) => (text === '' || text === 'null' ? null : redactText(text));
  return { code: known(code), message: known(message) };
}

/** The same, or null when the gateway gave neither. */
export function toReasonOrNull(code: string, message: string): Reason | null {
  const reason = toReason(code, message);
  return reason.code === null && reason.message === null ? null : reason;
}

/** The gateway's status word for display: lower-cased and cut to 64 characters. */
export function toStatusText(word: string): string {
  return cutText(word.toLowerCase(), MAX_WORD_LENGTH);
}

/**
 * Translates the answer to a status request. Only the fields of an order report are taken over: names, e-mail, card and account data of
 * the reply stay behind. An unsafe `redirect-to` is dropped, the report stays.
 */
export function toPollReport(
  reply: Reply,
  orderId: OrderId | null,
  redirectHosts: readonly string[] | null,
): OrderReport {
  const { read } = reply;
  return {
    source: 'poll',
    status: toOrderStatus(read(REPLY.status)),
    statusText: toStatusText(read(REPLY.status)),
    subject: toReportSubject(read(REPLY.transactionType)),
    transactionType: toWord(read(REPLY.transactionType)),
    orderId,
    amount: toWord(read(REPLY.amount)),
    currency: toWord(read(REPLY.currency)),
    stage: toWord(read(REPLY.stage)),
    serialNumber: toWord(read(REPLY.serialNumber)),
    redirectTo: toSafeRedirect(read(REPLY.redirectTo), redirectHosts),
    reason: toReasonOrNull(read(REPLY.errorCode), read(REPLY.errorMessage)),
    processorTxId: toWord(read(REPLY.processorTxId)),
  };
}
