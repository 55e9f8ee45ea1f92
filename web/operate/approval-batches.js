import { askJson } from './api.js';
import { openBatchAct, whyNot } from './batch.js';
import { writeTotals } from './batches.js';
import { byId, make, text } from './dom.js';
import { complain } from './page.js';
import { fillTable, rowAt } from './table.js';
import { ofTenant } from './tenant.js';
import { makeDeadline } from './times.js';
import { WORDS } from './words.js';

/** @import { Batch } from '../../src/api/operate/page' */
/** @import { Me } from './me.js' */
/** @typedef {Batch & { approval: NonNullable<Batch['approval']> }} WaitingBatch */

const table = byId('approvals-batches', HTMLTableElement);
const VERDICTS = /** @type {const} */ (['approve', 'reject']);

/** @param {Me} me @returns {readonly import('./table.js').Column<WaitingBatch>[]} */
const columnsFor = (me) => [
  {
    label: 'Batch',
    kind: 'name',
    show: ({ batchId }) => make('a', { href: `#/batches/${encodeURIComponent(batchId)}`, text: batchId }),
  },
  { label: 'Totals', show: ({ totals }) => text(writeTotals(totals)) },
  { label: 'Asked for by', show: ({ approval }) => text(approval.requestedBy) },
  { label: 'Rule', show: ({ approval }) => text(approval.rules.join(', ')) },
  {
    label: 'Approved',
    show: ({ approval: { approvedBy, needed } }) =>
      text([`${approvedBy.length} of ${needed}`, ...approvedBy].join(', ')),
  },
  { label: 'Until', kind: 'time', show: ({ approval }) => makeDeadline(approval.until) },
  {
    label: 'Do',
    kind: 'do',
    show: (batch) =>
      VERDICTS.flatMap((verdict) => [
        make('button', {
          ...{ type: 'button', class: 'quiet small', 'data-verdict': verdict, text: WORDS.batchActs[verdict].name },
          ...{ disabled: whyNot(me, batch, verdict) !== null, title: whyNot(me, batch, verdict) },
        }),
        text(' '),
      ]),
  },
];

/** Batches that wait for approval, and how many there are. @param {Me} me @param {AbortSignal} signal */
export async function showWaitingBatches(me, signal) {
  /** @type {{ batches: Batch[], nextCursor: string | null }} */
  const { batches, nextCursor } = await askJson(ofTenant('batches?state=awaiting_approval'), { signal });
  signal.throwIfAborted();
  const waiting = /** @type {WaitingBatch[]} */ (batches.filter(({ approval }) => approval?.until));
  fillTable(table, columnsFor(me), waiting, ({ batchId }) => batchId);
  byId('approvals-batches-part').hidden = waiting.length === 0;
  return { count: waiting.length, hasMore: nextCursor !== null };
}

export function startWaitingBatches() {
  table.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button[data-verdict]') : null;
    if (!(button instanceof HTMLButtonElement)) return;
    const { batchId } = /** @type {WaitingBatch} */ (rowAt(button));
    const verdict = /** @type {typeof VERDICTS[number]} */ (button.dataset.verdict);
    // What is approved is what the dialog shows: the batch as it is now.
    askJson(`batches/${encodeURIComponent(batchId)}`)
      .then((batch) => openBatchAct(batch, verdict))
      .catch(complain);
  });
}
