import type { OrderId } from '../domain/ids';
import { replacePrintedIbans } from '../domain/normalise';
import type { OrderReport, Reason } from '../domain/order-report';
import { isLoopback } from '../net/addresses';
import { GatewayError } from './errors';
import { REPLY } from './protocol';
import type { Reply } from './reply';
import { isReturnType, toOrderStatus, toReportSubject } from './statuses';

const MAX_WORD_LENGTH = 64;
const EMAIL = /[^\s@]{1,64}@[^\s@]{1,255}/g;
const LONG_NUMBER = /[0-9](?:[ -]?[0-9]){7,}/g;

/** Cuts a text to `maxLength` UTF-16 units without leaving half a character. */
function cutText(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}

/**
 * A gateway's free text without what may be account data: e-mail addresses, IBANs and numbers of eight digits or more become dots.
 * At most 256 characters; control characters become blanks.
 */
function redactText(text: string): string {
  const hidden = cutText(text, 256)
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(EMAIL, '••••');
  return replacePrintedIbans(hidden, () => '••••').replaceAll(LONG_NUMBER, '••••');
}

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

/** A value that is compared: cut to a length it could look like another. @throws GatewayError `unreadable` when it is too long to be one */
function toComparedWord(text: string): string | null {
  if (text.length > MAX_WORD_LENGTH) throw new GatewayError('unreadable');
  return text === '' ? null : text;
}

const MAX_URL_LENGTH = 2048;
/** Printable ASCII without blanks, quotes, angle brackets and backslashes: what browsers and servers read the same way. */
const PLAIN_URL_PATTERN = /^https?:\/\/(?!\/)[!#-;=?-[\]^-~]+$/i;

/**
 * The address of the gateway's form when it is safe to send a browser there, else null: https (http only to loopback), no user
 * information, no control or non-ASCII characters, at most 2,048 characters, and one of `hosts` when a list is given (names with or
 * without a port). Returned in canonical form.
 */
export function toSafeRedirect(text: string, hosts: readonly string[] | null): string | null {
  if (text.length > MAX_URL_LENGTH || !PLAIN_URL_PATTERN.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return null;
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) return null;
  if (hosts !== null && !hosts.includes(url.host) && !hosts.includes(url.hostname)) return null;
  return url.href;
}

/** How one endpoint's reports are to be read. */
export interface ReportRules {
  /** Hosts a Receiver may be sent to; null: every safe https URL. */
  readonly redirectHosts: readonly string[] | null;
  readonly payoutTypes: readonly string[];
}

/**
 * Translates the answer to a status request. Only the fields of an order report are taken over: names, e-mail, card and account data of
 * the reply stay behind. An unusable `redirect-to` is dropped, the report stays and says so.
 * @throws GatewayError `unreadable`
 */
export function toPollReport(reply: Reply, orderId: OrderId | null, rules: ReportRules): OrderReport {
  const { read, readText, readLink, cutField } = reply;
  if (cutField === REPLY.errorCode || cutField === REPLY.errorMessage) throw new GatewayError('unreadable');
  const link = readLink(REPLY.redirectTo);
  const redirectTo = link === null ? null : toSafeRedirect(link, rules.redirectHosts);
  return {
    source: 'poll',
    status: toOrderStatus(read(REPLY.status)),
    statusText: toStatusText(read(REPLY.status)),
    subject: toReportSubject(read(REPLY.transactionType), rules.payoutTypes),
    ...(isReturnType(read(REPLY.transactionType)) && { isReturn: true as const }),
    transactionType: toComparedWord(read(REPLY.transactionType)),
    orderId,
    amount: toComparedWord(read(REPLY.amount)),
    currency: toComparedWord(read(REPLY.currency).toUpperCase()),
    stage: toWord(readText(REPLY.stage)),
    serialNumber: toWord(readText(REPLY.serialNumber)),
    redirectTo,
    ...(redirectTo === null && link !== '' ? { isLinkUnusable: true } : {}),
    reason: toReasonOrNull(readText(REPLY.errorCode), readText(REPLY.errorMessage)),
    processorTxId: toWord(readText(REPLY.processorTxId)),
  };
}
