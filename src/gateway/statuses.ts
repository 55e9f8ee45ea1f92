import type { OrderStatus, ReportSubject } from '../domain/order-report';

const LISTED: ReadonlySet<string> = new Set<OrderStatus>([
  'approved',
  'declined',
  'filtered',
  'error',
  'processing',
  'unknown',
]);

function isListed(word: string): word is Exclude<OrderStatus, 'unlisted'> {
  return LISTED.has(word);
}

/**
 * The gateway's word for an order. Total; exact lower-case words only, so that nothing doubtful becomes a final: `APPROVED`, a padded or
 * an unknown word is `unlisted`. An empty word in an answer that is not an error means the order is still in progress.
 */
export function toOrderStatus(word: string): OrderStatus {
  if (word === '') return 'processing';
  return isListed(word) ? word : 'unlisted';
}

const POST_PAYOUT_TYPES: ReadonlySet<string> = new Set([
  'reversal',
  'chargeback',
  'refund',
  'cancel',
  'void',
  'capture',
  'fraud',
  'retrieval',
  'dispute',
]);

/** Those that bring the money of a payout back, all of it or a part. */
const RETURN_TYPES: ReadonlySet<string> = new Set(['reversal', 'refund']);

/** True for a transaction type that brings money back. Read leniently, like every event after a payout. */
export function isReturnType(transactionType: string): boolean {
  return RETURN_TYPES.has(transactionType.trim().toLowerCase());
}

/** In an endpoint's list of payout types: a report without a transaction type is a payout. */
export const NO_TYPE = 'none';

/** What an endpoint calls a payout unless it says otherwise. */
export const DEFAULT_PAYOUT_TYPES: readonly string[] = ['payout', NO_TYPE];

/** Which transaction types an endpoint may call a payout: a word of its own, or `none`, but no event after one. */
export function isPayoutType(type: string): boolean {
  return /^[a-z][a-z0-9_-]{0,63}$/.test(type) && !POST_PAYOUT_TYPES.has(type);
}

/**
 * What a transaction type reports about: a payout only when the endpoint lists it. Read leniently (case, blanks), the opposite of a
 * status: taking a reversal for the payout would report a wrong final.
 */
export function toReportSubject(transactionType: string, payoutTypes: readonly string[]): ReportSubject {
  const type = transactionType.trim().toLowerCase() || NO_TYPE;
  if (POST_PAYOUT_TYPES.has(type)) return 'post_payout_event';
  return payoutTypes.includes(type) ? 'payout' : 'other_transaction';
}
