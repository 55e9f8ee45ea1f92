import type { OrderId } from './ids';

/** The gateway's word for an order, translated. Only the first four are final; `unlisted` keeps the word beside it. */
export type OrderStatus = 'approved' | 'declined' | 'filtered' | 'error' | 'processing' | 'unknown' | 'unlisted';

/** The whitelist of finals. Every other word, listed or not, means "not final". */
export const FINAL_STATUSES = ['approved', 'declined', 'filtered', 'error'] as const;
export type FinalStatus = (typeof FINAL_STATUSES)[number];

export function isFinalStatus(status: OrderStatus): status is FinalStatus {
  return (FINAL_STATUSES as readonly string[]).includes(status);
}

/** Who said it: our status request, or the gateway's signed callback. */
export type ReportSource = 'poll' | 'callback';

/** The gateway's own answer to us names amount and type; a callback signs neither. */
const IS_ANSWER: Readonly<Record<ReportSource, boolean>> = { poll: true, callback: false };

export function isAnswer({ source }: OrderReport): boolean {
  return IS_ANSWER[source];
}

/**
 * What the order is said to have gone through: the payout itself, something that came after it (reversal, chargeback …), or a
 * transaction that is not a payout at all (a sale, say). Only a payout settles a payout.
 */
export type ReportSubject = 'payout' | 'post_payout_event' | 'other_transaction';

/** A code and a text of the gateway; opaque, never branched on. */
export interface Reason {
  readonly code: string | null;
  readonly message: string | null;
}

/**
 * An order status or callback, translated into our words and attributed to its source. JSON-safe. Holds no account data.
 * `amount` is a decimal string in highest units; in a callback it is not signed and proves nothing.
 */
export interface OrderReport {
  readonly source: ReportSource;
  readonly status: OrderStatus;
  /** The gateway's own word, lower-cased and cut to 64 characters. */
  readonly statusText: string;
  readonly subject: ReportSubject;
  /** Of an event after the payout: it takes money back, the amount of the report. */
  readonly isReturn?: true;
  /** The gateway's transaction type as sent, or null. */
  readonly transactionType: string | null;
  readonly orderId: OrderId | null;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly stage: string | null;
  readonly serialNumber: string | null;
  readonly redirectTo: string | null;
  /** The gateway names a link for the Receiver that must not be used: it is not safe, or perhaps not whole. */
  readonly isLinkUnusable?: true;
  readonly reason: Reason | null;
  /** The gateway's reference at the bank or processor, or null. */
  readonly processorTxId: string | null;
}

/** What is odd about an order in progress; null for nothing. */
export function oddityOf({ status, isLinkUnusable }: OrderReport): 'unlisted_status' | 'redirect_unusable' | null {
  if (status === 'unlisted') return 'unlisted_status';
  return isLinkUnusable === true ? 'redirect_unusable' : null;
}

/** The four outcomes of the one call that creates a payout, and adoption of an order that the probe found. */
export type Submission =
  | {
      readonly outcome: 'accepted';
      readonly orderId: OrderId;
      readonly serialNumber: string | null;
      readonly endpointId: string | null;
    }
  | { readonly outcome: 'adopted'; readonly report: OrderReport }
  | { readonly outcome: 'refused'; readonly reason: Reason; readonly serialNumber: string | null }
  | { readonly outcome: 'not_sent'; readonly cause: NotSentCause }
  | { readonly outcome: 'unconfirmed'; readonly cause: string; readonly orderId: OrderId | null };

/**
 * Why nothing was created: no byte left, the probe got no answer or none that can be used, the gateway refused us (403: configuration
 * or clock), sending to the endpoint is paused because it keeps failing, the worker that took the call could not decrypt what to send,
 * no worker took the call in time, the one that did lacks the activity or the endpoint, Temporal did not record that it was about to
 * be sent, or the call was lost before that was on record.
 */
export type NotSentCause =
  | 'unreachable'
  | 'probe_unanswered'
  | 'probe_unreadable'
  | 'forbidden'
  | 'past_deadline'
  | 'endpoint_paused'
  | 'payload_refused'
  | 'not_taken'
  | 'worker_unfit'
  | 'not_recorded'
  | 'lost_before_record';

/** Why a status request has no answer: none came, one came that cannot be used, the gateway refuses us, or it was never asked. */
export type NoAnswer = 'silent' | 'unreadable' | 'forbidden' | 'not_asked';

/** The answer to a status request. `not_found` is an error answer (no such order); it is never proof by itself. */
export type StatusAnswer =
  | { readonly found: true; readonly report: OrderReport }
  | { readonly found: false; readonly reason: Reason };

/** What a watch of fast polling came to: an answer that changes something, or the end of the polling. */
export type WatchResult =
  | { readonly ended: false; readonly answer: StatusAnswer }
  | { readonly ended: true; readonly answered: boolean; readonly noAnswer?: NoAnswer };

/** A verified callback, and the endpoint whose route took it. */
export interface CallbackMessage {
  readonly endpoint: string;
  readonly report: OrderReport;
}

/**
 * Equal for a callback and its repeats: what is signed, and whether it is about the payout or an event after it. Anyone who has seen a
 * signed callback can change the rest of it and send it for ever.
 */
export function callbackKey({ endpoint, report }: CallbackMessage): string {
  return [endpoint, report.orderId, report.status, report.statusText, report.subject].join('\n');
}

/** True for a value that has the shape of a callback: a signal may be sent by hand. */
export function isCallbackMessage(value: unknown): value is CallbackMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { endpoint, report } = value as Partial<Record<keyof CallbackMessage, unknown>>;
  return typeof endpoint === 'string' && isOrderReport(report) && report.source === 'callback';
}

/** True for a value that has the shape of a report. A signal may be sent by hand: a malformed one must not block the payout. */
export function isOrderReport(value: unknown): value is OrderReport {
  if (typeof value !== 'object' || value === null) return false;
  const report = value as Partial<Record<keyof OrderReport, unknown>>;
  const areTexts = [report.source, report.status, report.statusText, report.subject].every(
    (text) => typeof text === 'string',
  );
  return (
    areTexts && isNullableText(report.orderId) && isNullableText(report.amount) && isNullableText(report.redirectTo)
  );
}

function isNullableText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

/** A final status that the gateway reported, in an order status or a callback. */
export interface LastWord {
  readonly status: FinalStatus;
  readonly source: ReportSource;
  readonly atMs: number;
}

/** What a payout is known by: entries of evidence, and its order. */
interface Known {
  readonly evidence: readonly { source: string; what: string; orderId: OrderId | null; lastAtMs: number }[];
  readonly orderId: OrderId | null;
}

/** The final status of this payout's own order that the gateway reported last; null when it reported none. */
export function lastWordOf(payout: Known): LastWord | null {
  const isOwn = ({ orderId }: Known['evidence'][number]) =>
    [orderId, payout.orderId].includes(null) || orderId === payout.orderId;
  const words = payout.evidence.filter(isOwn).flatMap(({ source, what, lastAtMs: atMs }): LastWord[] => {
    const status = FINAL_STATUSES.find((word) => word === what);
    return status !== undefined && (source === 'poll' || source === 'callback') ? [{ status, source, atMs }] : [];
  });
  return words.sort((left, right) => left.atMs - right.atMs).at(-1) ?? null;
}

/** What the gateway reported last, when a person says the opposite about the money: paid, or not paid. */
export function contradictedWord(payout: Known, resolution: string): FinalStatus | null {
  const word = lastWordOf(payout)?.status ?? null;
  if (word === null || resolution === 'processing') return null;
  return (word === 'approved') === (resolution === 'approved') ? null : word;
}
