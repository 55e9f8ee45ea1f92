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
 * an unknown word is `unlisted`. An empty word in an answer that is no error means the order is still in work.
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

/**
 * What a transaction type reports about. Read leniently (case, blanks), the opposite of a status: taking a reversal for the payout
 * would report a wrong final.
 */
export function toReportSubject(transactionType: string): ReportSubject {
  return POST_PAYOUT_TYPES.has(transactionType.trim().toLowerCase()) ? 'post_payout_event' : 'payout';
}
