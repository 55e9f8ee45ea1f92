import { pipeline, type Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { ListedPayout } from '../../store/listed-payout';

export const CSV_TYPE = 'text/csv; charset=utf-8';

const COLUMNS = [
  'clientOrderId',
  'state',
  'outcome',
  'attention',
  'problem',
  'endpoint',
  'amount',
  'currency',
  'orderId',
  'createdAt',
  'closedAt',
] as const satisfies readonly (keyof ListedPayout)[];

/**
 * Payouts as CSV (RFC 4180, one head line), written as fast as it is read and no faster. A value that a spreadsheet would take for a
 * formula is preceded by an apostrophe. When either end fails, both are destroyed: a file is never quietly short.
 */
export function writeCsv(rows: Readable): Readable {
  const csv = stringify({ header: true, columns: [...COLUMNS], escape_formulas: true, record_delimiter: 'windows' });
  return pipeline(rows, csv, () => {});
}
