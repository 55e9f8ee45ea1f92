import { Readable } from 'node:stream';
import { failureOf } from '../../domain/batch-progress';
import { tenantOf } from '../../domain/tenants';
import type { BatchReading, BatchStore } from '../../store/batches';
import type { ListedPayout, PayoutList } from '../../store/payout-list';
import { listedPayout } from '../payouts/list-routes';
import { writeCsv } from '../plugins/csv';
import type { FieldError } from '../plugins/errors';
import { COLUMNS, ERRORS_COLUMN } from './columns';
import type { CsvFile } from './read-csv';

const PAYOUT_COLUMNS = Object.keys(listedPayout.shape).filter((name) => name !== 'clientOrderId');

/** A file with the head line alone. */
export function templateOf(): string {
  return `${COLUMNS.join(',')}\r\n`;
}

/** The file as it was sent, and what is wrong with each row. */
export function markErrors({ header, rows }: CsvFile, errors: readonly FieldError[]): Readable {
  const kept = header.filter((name) => name !== ERRORS_COLUMN);
  const byRow = new Map<number, string[]>();
  // What is wrong with the whole file is said in its first row.
  for (const { row = 1, field, expected } of errors)
    byRow.set(row, [...(byRow.get(row) ?? []), `${field}: expected ${expected}`]);
  const marked = rows.map((cells, at) => [
    ...kept.map((name) => cells[header.indexOf(name)] ?? ''),
    (byRow.get(at + 1) ?? []).join('; '),
  ]);
  return writeCsv(Readable.from(marked), [...kept, ERRORS_COLUMN]);
}

/**
 * What became of every row. Payouts are read from the list, which is slightly behind: a row that was started and is not in it yet is
 * `started` with nothing more known.
 */
export function writeResult(
  { head, record, isOpen }: BatchReading,
  { batches, list }: { readonly batches: Pick<BatchStore, 'rows'>; readonly list: Pick<PayoutList, 'all'> },
): Readable {
  const isOver = !isOpen || record.state === 'cancelled' || record.state === 'started';
  async function* rows() {
    const payouts = new Map<string, ListedPayout>();
    for await (const payout of list.all({ batch: head.batchId, tenants: [tenantOf(head)] }))
      payouts.set(payout.clientOrderId, payout);
    for await (const { row, input } of batches.rows(head)) {
      const { clientOrderId } = input.request;
      const payout = payouts.get(clientOrderId);
      const error = payout === undefined ? failureOf(record.progress, row) : null;
      const isDecided = payout !== undefined || row < record.progress.next;
      const result = error !== null ? 'failed' : isDecided ? 'started' : isOver ? 'not_started' : 'waiting';
      yield { ...payout, row, clientOrderId, result, error };
    }
  }
  const columns = ['row', 'clientOrderId', 'result', 'error', ...PAYOUT_COLUMNS];
  return writeCsv(Readable.from(rows(), { highWaterMark: 1 }), columns);
}
