import { openAct } from './act.js';
import { askJson, post } from './api.js';
import { moodOf, save, writeTotals } from './batches.js';
import { byId, make, makeFacts, spaced, text } from './dom.js';
import { CANNOT_ACT, canAct, readMe } from './me.js';
import { complain, isSignedOut, say, show } from './page.js';
import { fillTable } from './table.js';
import { makeTime } from './times.js';
import { WORDS } from './words.js';

/** @import { Batch } from '../../src/api/operate/page' */
/** @import { Me } from './me.js' */
/** @typedef {keyof typeof WORDS.batchActs} BatchAction */

const EVERY_MS = 2_000;
const LATER_MS = 15_000;

/** What is possible in each state. @type {Readonly<Record<Batch['state'], readonly BatchAction[]>>} */
const ALLOWED = { running: ['pause', 'cancel'], paused: ['resume', 'cancel'], cancelled: [], started: [], stopped: [] };

/** @type {readonly import('./table.js').Column<Batch['acts'][number]>[]} */
const COLUMNS = [
  { label: 'When (UTC)', kind: 'time', show: ({ at }) => makeTime(at) },
  { label: 'What', show: ({ action }) => text(action) },
  { label: 'Who', show: ({ actor }) => text(actor) },
  { label: 'Reason', show: ({ reason }) => text(reason) },
];

/** @param {Batch} batch @param {BatchAction} action */
function openBatchAct(batch, action) {
  const { batchId, rows, started, left } = batch;
  openAct({
    words: WORDS.batchActs[action],
    subject: batchId,
    facts: { Rows: String(rows), Started: String(started), 'Not started': String(left) },
    typed: action === 'cancel' ? batchId : null,
    run: async ({ id, reason }) => {
      await post(`batches/${encodeURIComponent(batchId)}/${action}`, { reason }, { actId: id });
    },
  });
}

/** @param {Batch} batch @param {Me} me */
function drawBatch(batch, me) {
  const { batchId, state, rows, started, failed, left, payouts } = batch;
  byId('batch-state').replaceChildren(make('b', { class: moodOf(batch), text: spaced(state) }));
  const bar = byId('batch-progress', HTMLProgressElement);
  bar.max = rows;
  bar.value = rows - left;
  byId('batch-said').textContent = `${rows - left} of ${rows}`;
  byId('batch-problem').hidden = batch.attempts < 3;
  byId('batch-shown').replaceChildren(
    ...makeFacts({
      Started: String(started),
      'Failed rows': failed === 0 ? null : `${failed}: the result file says why`,
      'Not started': left === 0 ? null : String(left),
      Totals: writeTotals(batch.totals),
      Open: payouts === null ? null : String(payouts.open),
      'In review': payouts === null ? null : String(payouts.inReview),
      Paid: payouts === null ? null : String(payouts.paid),
      Settled: batch.isSettled ? 'yes: every payout is final or in review' : null,
      Speed: `${batch.perSecond} rows a second`,
      By: batch.by,
      'Created (UTC)': makeTime(batch.createdAt),
      Payouts: make('a', { href: `#/payouts?batch=${encodeURIComponent(batchId)}`, text: 'list them' }),
    }),
  );
  const allowed = ALLOWED[state];
  for (const button of document.querySelectorAll('#batch-actions button[data-act]')) {
    if (!(button instanceof HTMLButtonElement)) continue;
    const action = /** @type {BatchAction} */ (button.dataset.act);
    button.hidden = !allowed.includes(action);
    button.disabled = !canAct(me);
    button.title = canAct(me) ? '' : CANNOT_ACT;
    button.onclick = () => openBatchAct(batch, action);
  }
  byId('batch-result').onclick = () =>
    void save(`batches/${encodeURIComponent(batchId)}/result`, `${batchId}-result.csv`).catch(complain);
  fillTable(
    byId('batch-acts', HTMLTableElement),
    COLUMNS,
    batch.acts,
    ({ at, action }, index) => `${index}-${action}-${at}`,
  );
}

/**
 * One batch, drawn again while it is shown and may change.
 * @param {string} batchId
 * @param {AbortSignal} signal
 */
export async function showBatch(batchId, signal) {
  byId('batch-title').textContent = batchId;
  byId('batch-body').hidden = true;
  show('batch', batchId);
  say('Loading…');
  const read = async () => {
    const me = await readMe();
    /** @type {Batch} */
    const batch = await askJson(`batches/${encodeURIComponent(batchId)}`, { signal });
    signal.throwIfAborted();
    drawBatch(batch, me);
    byId('batch-body').hidden = false;
    return batch;
  };
  let batch = await read();
  say('');
  void (async () => {
    while (!signal.aborted && !(batch.isSettled && batch.state !== 'running')) {
      await new Promise((resolve) => setTimeout(resolve, batch.state === 'running' ? EVERY_MS : LATER_MS));
      try {
        if (signal.aborted || document.hidden) continue;
        batch = await read();
        byId('problem').textContent = '';
      } catch (error) {
        if (signal.aborted || isSignedOut(error)) return;
        byId('batch-body').hidden = true;
        complain(error);
      }
    }
  })();
}
