import { openAct } from './act.js';
import { askJson, post } from './api.js';
import { moodOf, save, writeTotals } from './batches.js';
import { byId, make, makeFacts, spaced, text } from './dom.js';
import { CANNOT_ACT, canAct, readMe, whyNotApprove } from './me.js';
import { complain, isSignedOut, say, show } from './page.js';
import { fillTable } from './table.js';
import { makeDeadline, makeTime } from './times.js';
import { WORDS } from './words.js';

/** @import { Batch } from '../../src/api/operate/page' */
/** @import { Me } from './me.js' */
/** @typedef {keyof typeof WORDS.batchActs} BatchAction */

const EVERY_MS = 2_000;
const LATER_MS = 15_000;

/** What is possible in each state. @type {Readonly<Record<Batch['state'], readonly BatchAction[]>>} */
const ALLOWED = {
  awaiting_approval: ['approve', 'reject', 'reschedule', 'cancel'],
  scheduled: ['reschedule', 'cancel'],
  limit_reached: ['reschedule', 'cancel'],
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  ...{ cancelled: [], started: [], stopped: [] },
};

/** @type {readonly import('./table.js').Column<Batch['acts'][number]>[]} */
const COLUMNS = [
  { label: 'When (UTC)', kind: 'time', show: ({ at }) => makeTime(at) },
  { label: 'What', show: ({ action }) => text(action) },
  { label: 'Who', show: ({ actor }) => text(actor) },
  { label: 'Reason', show: ({ reason }) => text(reason) },
];

/** What is approved, or acted on. @param {Batch} batch */
const factsOf = ({ rows, started, left, totals, approval, by, contentHash, executeAt }) => ({
  Rows: String(rows),
  Totals: writeTotals(totals),
  ...(approval === null
    ? { Started: String(started), 'Not started': String(left) }
    : { 'Asked for by': approval.requestedBy, 'By the key': by, Rules: approval.rules.join(', '), Hash: contentHash }),
  'Starts (UTC)': executeAt === null ? '' : makeTime(executeAt),
});

/** @param {Batch} batch @param {BatchAction} action */
export function openBatchAct(batch, action) {
  const { batchId, contentHash } = batch;
  openAct({
    words: WORDS.batchActs[action],
    subject: batchId,
    facts: factsOf(batch),
    asksTime: action === 'reschedule',
    typed: action === 'cancel' ? batchId : null,
    run: async ({ id, reason, executeAt }) => {
      /** @type {Readonly<Partial<Record<BatchAction, object>>>} */
      const fields = { approve: { contentHash }, reschedule: { executeAt } };
      const body = { reason, ...(fields[action] ?? {}) };
      await post(`batches/${encodeURIComponent(batchId)}/${action}`, body, { actId: id });
    },
  });
}

/** What it waits for before its first row, or waited for. @param {Batch} batch */
const waitingFacts = ({ approval, executeAt, movedBecause, waitsForLimit }) => ({
  Approval:
    approval === null
      ? null
      : `${approval.approvedBy.length} of ${approval.needed}${approval.approvedBy.map((person) => `, ${person}`).join('')} (rule ${approval.rules.join(', ')}, asked for by ${approval.requestedBy})`,
  'Approve until (UTC)': approval?.until ? makeDeadline(approval.until) : null,
  'Starts (UTC)':
    executeAt === null
      ? null
      : make('span', null, makeTime(executeAt), movedBecause === null ? null : ` (moved: ${movedBecause})`),
  'Waits for': waitsForLimit === null ? null : `room in the limit of rule ${waitsForLimit}`,
});

/** @param {Me} me @param {Pick<Batch, 'approval'>} batch @param {BatchAction} action */
export function whyNot(me, { approval }, action) {
  if (action === 'approve') return whyNotApprove(me, approval);
  if (action === 'reject') return whyNotApprove(me, null);
  return canAct(me) ? null : CANNOT_ACT;
}

/** @param {Batch} batch @param {Me} me */
function drawBatch(batch, me) {
  const { batchId, state, rows, started, failed, left } = batch;
  const allowed = ALLOWED[state];
  const hasBegun = left < rows;
  const payouts = hasBegun ? batch.payouts : null;
  byId('batch-state').replaceChildren(make('b', { class: moodOf(batch), text: spaced(state) }));
  const bar = byId('batch-progress', HTMLProgressElement);
  bar.max = rows;
  bar.value = rows - left;
  byId('batch-said').textContent = `${rows - left} of ${rows}`;
  byId('batch-problem').hidden = batch.attempts < 3;
  byId('batch-blocked').hidden = batch.attention !== 'approval_blocked';
  byId('batch-shown').replaceChildren(
    ...makeFacts({
      Started: String(started),
      'Failed rows': failed === 0 ? null : `${failed}: the result file says why`,
      'Not started': left === 0 ? null : String(left),
      Totals: writeTotals(batch.totals),
      ...waitingFacts(batch),
      'Why you cannot approve': allowed.includes('approve') ? whyNot(me, batch, 'approve') : null,
      Open: payouts === null ? null : String(payouts.open),
      'In review': payouts === null ? null : String(payouts.inReview),
      Paid: payouts === null ? null : String(payouts.paid),
      Settled: batch.isSettled ? 'yes: every payout is final or in review' : null,
      Speed: `${batch.perSecond} row${batch.perSecond === 1 ? '' : 's'} a second`,
      By: batch.by,
      'Created (UTC)': makeTime(batch.createdAt),
      Payouts: make('a', { href: `#/payouts?batch=${encodeURIComponent(batchId)}`, text: 'list them' }),
    }),
  );
  for (const button of document.querySelectorAll('#batch-actions button[data-act]')) {
    if (!(button instanceof HTMLButtonElement)) continue;
    const action = /** @type {BatchAction} */ (button.dataset.act);
    button.hidden = !allowed.includes(action);
    const why = whyNot(me, batch, action);
    button.disabled = why !== null;
    button.title = why ?? '';
    button.onclick = () => openBatchAct(batch, action);
  }
  byId('batch-result').hidden = !hasBegun && allowed.length > 0;
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
