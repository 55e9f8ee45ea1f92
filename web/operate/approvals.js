import { openAct } from './act.js';
import { writeAmount } from './amount.js';
import { ask, askJson, post } from './api.js';
import { byId, make, spaced, text } from './dom.js';
import { readMe, whyNotApprove } from './me.js';
import { complain, say, show } from './page.js';
import { factsFor } from './story.js';
import { fillTable, rowAt } from './table.js';
import { makeDeadline } from './times.js';
import { WORDS } from './words.js';

/** @import { ListedPayout, Payout } from '../../src/api/operate/page' */
/** @import { Column } from './table.js' */
/** @import { Me } from './me.js' */
/** @typedef {Payout & { approval: NonNullable<Payout['approval']> }} Waiting */
/** @typedef {'approve' | 'reject' | 'withdraw'} Verdict */

const MOST = 50;
/** Payouts read at once: a list has not what approvals are about. */
const AT_ONCE = 5;
const table = byId('approvals-table', HTMLTableElement);

/** @type {Readonly<Record<string, string>>} */
const BECAUSE = { duplicate: ' (same Receiver and amount a short time ago)', hook: ' (held by a hook)' };

/** @param {Me} me @returns {readonly Column<Waiting>[]} */
const columnsFor = (me) => [
  {
    label: 'Payout',
    kind: 'name',
    show: ({ clientOrderId }) => make('a', { href: `#/payouts/${clientOrderId}`, text: clientOrderId }),
  },
  { label: 'Amount', kind: 'amount', show: ({ amount, currency }) => text(writeAmount(amount, currency)) },
  { label: 'To', show: ({ destination }) => text(destination) },
  { label: 'What', show: ({ approval }) => text(spaced(approval.of)) },
  { label: 'Asked for by', show: ({ approval }) => text(approval.requestedBy) },
  { label: 'Rule', show: ({ approval: { rule, because } }) => text(`${rule}${BECAUSE[because] ?? ''}`) },
  {
    label: 'Approved',
    show: ({ approval: { approvedBy, needed } }) =>
      text([`${approvedBy.length} of ${needed}`, ...approvedBy].join(approvedBy.length === 0 ? '' : ', ')),
  },
  { label: 'Until', kind: 'time', show: ({ approval }) => makeDeadline(approval.until) },
  {
    label: 'Do',
    kind: 'do',
    show: (payout) => {
      const why = whyNotApprove(me, payout.approval);
      const own = payout.approval.approvedBy.includes(me.person);
      /** @type {readonly Verdict[]} */
      const verdicts = own ? ['withdraw', 'reject'] : ['approve', 'reject'];
      const buttons = verdicts.map((verdict) =>
        make('button', {
          ...{ type: 'button', class: 'quiet small', 'data-verdict': verdict, text: WORDS.actions[verdict].name },
          disabled: !me.scopes.includes('payouts:approve') || (verdict === 'approve' && why !== null),
        }),
      );
      return [...buttons.flatMap((button) => [button, text(' ')]), make('span', { class: 'hint', text: why ?? '' })];
    },
  },
];

/**
 * @param {Waiting} payout
 * @param {Verdict} verdict
 * @param {string | null} etag
 */
function openVerdict(payout, verdict, etag) {
  const { clientOrderId, approval } = payout;
  openAct({
    words: WORDS.actions[verdict],
    subject: clientOrderId,
    facts: { ...factsFor(payout, []), 'Asked for by': approval.requestedBy, Rule: approval.rule },
    etag,
    run: async ({ id, reason }) => {
      await post(`payouts/${encodeURIComponent(clientOrderId)}/${verdict}`, { reason }, { actId: id, etag });
    },
  });
}

/**
 * @param {readonly ListedPayout[]} rows
 * @param {AbortSignal} signal
 */
async function readWaiting(rows, signal) {
  /** @type {Waiting[]} */
  const found = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const part = rows.slice(at, at + AT_ONCE);
    /** @type {Payout[]} */
    const read = await Promise.all(
      part.map(({ clientOrderId }) => askJson(`payouts/${encodeURIComponent(clientOrderId)}`, { signal })),
    );
    for (const payout of read) if (payout.approval?.until) found.push(/** @type {Waiting} */ (payout));
  }
  return found;
}

/**
 * What waits for approvals: what, how much, who asked for it, by which rule, and who has approved.
 * @param {AbortSignal} signal
 */
export async function showApprovals(signal) {
  show('approvals', 'Approvals');
  say('Loading…');
  table.replaceChildren();
  const me = await readMe();
  const { payouts } = await askJson(`payouts?state=awaiting_approval,needs_review&limit=${MOST}`, { signal });
  const waiting = await readWaiting(payouts, signal);
  signal.throwIfAborted();
  const title = waiting.length === 0 ? 'Nothing waits for approval' : `${waiting.length} wait for approval`;
  byId('approvals-title').textContent = title;
  fillTable(table, columnsFor(me), waiting, ({ clientOrderId }) => clientOrderId);
  say('');
}

export function startApprovals() {
  table.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button[data-verdict]') : null;
    if (!(button instanceof HTMLButtonElement)) return;
    const payout = /** @type {Waiting} */ (rowAt(button));
    const verdict = /** @type {Verdict} */ (button.dataset.verdict);
    // As it is now: what is approved is what the dialog shows.
    ask(`payouts/${encodeURIComponent(payout.clientOrderId)}`)
      .then(async (response) => openVerdict(await response.json(), verdict, response.headers.get('etag')))
      .catch(complain);
  });
}
