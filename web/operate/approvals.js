import { openAct } from './act.js';
import { makeAmount } from './amount.js';
import { ask, askJson, post } from './api.js';
import { showWaitingBatches, startWaitingBatches } from './approval-batches.js';
import { byId, make, spaced, text } from './dom.js';
import { follow } from './follow.js';
import { readMe, whyNotApprove } from './me.js';
import { complain, isSignedOut, redraw, say, show } from './page.js';
import { approvalFacts } from './story.js';
import { fillTable, rowAt } from './table.js';
import { ofTenant, seesSeveral } from './tenant.js';
import { makeDeadline } from './times.js';
import { WORDS } from './words.js';

/** @import { ListedPayout, Payout, Step } from '../../src/api/operate/page' */
/** @import { Column } from './table.js' */
/** @import { Me } from './me.js' */
/** @typedef {Payout & { approval: NonNullable<Payout['approval']> }} Waiting */
/** @typedef {'approve' | 'reject' | 'withdraw'} Verdict */

/** Payouts that wait to be sent, and acts upon payouts that wait to be done. */
const WAITING = ['state=awaiting_approval', 'attention=act_awaits_approval'];
/** Each is read again while it is shown. */
const PAGE = 20;
const EVERY_MS = 8_000;
/** How many pages of each are shown. */
let pages = 1;
/** Payouts read at once: a list has not what approvals are about. */
const AT_ONCE = 5;
const table = byId('approvals-table', HTMLTableElement);

/** @type {Readonly<Record<string, string>>} */
const BECAUSE = { duplicate: ' (same Receiver and amount a short time ago)', hook: ' (held by the hook)' };

/** @type {Column<Waiting>} */
const TENANT = { label: 'Tenant', show: ({ tenant }) => text(tenant) };

/** @param {Me} me @returns {readonly Column<Waiting>[]} */
const columnsFor = (me) => [
  {
    label: 'Payout',
    kind: 'name',
    show: ({ clientOrderId }) => make('a', { href: `#/payouts/${clientOrderId}`, text: clientOrderId }),
  },
  { label: 'Amount', kind: 'amount', show: makeAmount },
  { label: 'What', kind: 'why', show: ({ approval }) => make('b', { class: 'open', text: spaced(approval.of) }) },
  { label: 'To', show: ({ destination }) => text(destination) },
  ...(seesSeveral(me) ? [TENANT] : []),
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
      return [
        ...buttons.flatMap((button) => [button, text(' ')]),
        ...(why === null ? [] : [make('span', { class: 'hint', text: why })]),
      ];
    },
  },
];

/**
 * @param {Payout} payout
 * @param {Verdict} verdict
 * @param {string | null} etag
 * @param {readonly Step[]} steps
 */
function openVerdict(payout, verdict, etag, steps) {
  const { clientOrderId } = payout;
  openAct({
    words: WORDS.actions[verdict],
    subject: clientOrderId,
    facts: approvalFacts(payout, steps),
    etag,
    run: async ({ id, reason }) => {
      await post(`payouts/${encodeURIComponent(clientOrderId)}/${verdict}`, { reason }, { actId: id, etag });
    },
  });
}

/** What is approved is what the dialog shows: the payout as it is now. @param {string} id @param {Verdict} verdict */
async function openAsItIs(id, verdict) {
  const path = `payouts/${encodeURIComponent(id)}`;
  const [response, { steps }] = await Promise.all([ask(path), askJson(`${path}/timeline`)]);
  /** @type {Payout} */
  const payout = await response.json();
  if (!payout.approval?.until) return redraw();
  openVerdict(payout, verdict, response.headers.get('etag'), steps);
}

/** @param {string} filter @param {AbortSignal} signal */
async function listWaiting(filter, signal) {
  /** @type {ListedPayout[]} */
  const rows = [];
  let cursor = '';
  for (let page = 0; page < pages && cursor !== null; page += 1) {
    const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await askJson(ofTenant(`payouts?${filter}&limit=${PAGE}${from}`), { signal });
    rows.push(...answer.payouts);
    cursor = answer.nextCursor;
  }
  return { rows, hasMore: cursor !== null };
}

/**
 * @param {readonly ListedPayout[]} rows
 * @param {AbortSignal} signal
 */
async function readWaiting(rows, signal) {
  /** @type {Waiting[]} */
  const found = [];
  /** @type {unknown[]} */
  const failures = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const part = rows.slice(at, at + AT_ONCE);
    /** @type {PromiseSettledResult<Payout>[]} */
    const read = await Promise.allSettled(
      part.map(({ clientOrderId }) => askJson(`payouts/${encodeURIComponent(clientOrderId)}`, { signal })),
    );
    for (const each of read) {
      if (each.status === 'rejected') failures.push(each.reason);
      else if (each.value.approval?.until) found.push(/** @type {Waiting} */ (each.value));
    }
  }
  // One that cannot be read takes nothing from the others.
  if (failures.length > 0 && (failures.length === rows.length || failures.some(isSignedOut))) throw failures[0];
  return { found, unread: failures.length };
}

/** Nothing of an answer stays beside what says that there is none. */
function clear() {
  byId('approvals-title').textContent = 'Approvals';
  table.replaceChildren();
  table.hidden = true;
  for (const part of ['none', 'left', 'batches-part']) byId(`approvals-${part}`).hidden = true;
  byId('approvals-unread').textContent = '';
}

/**
 * What waits for approvals: what, how much, who asked for it, by which rule, and who has approved; what ends first comes first. It is
 * read again while it is shown.
 * @param {AbortSignal} signal
 */
export async function showApprovals(signal) {
  if (byId('approvals').hidden) {
    clear();
    pages = 1;
  }
  show('approvals', 'Approvals');
  say('Loading…');
  const read = async () => {
    const me = await readMe();
    const lists = await Promise.all(WAITING.map((filter) => listWaiting(filter, signal)));
    const rows = lists.flatMap((list) => list.rows);
    const hasMore = lists.some((list) => list.hasMore);
    const { found: waiting, unread } = await readWaiting(rows, signal);
    const batches = await showWaitingBatches(me, signal);
    signal.throwIfAborted();
    waiting.sort((left, right) => String(left.approval.until).localeCompare(String(right.approval.until)));
    const count = `${waiting.length + batches.count}${hasMore || batches.hasMore ? '+' : ''}`;
    byId('approvals-title').textContent =
      count === '0' ? 'Nothing waits for approval' : `${count} ${count === '1' ? 'waits' : 'wait'} for approval`;
    byId('approvals-none').hidden = count !== '0';
    byId('approvals-left').hidden = !hasMore;
    byId('approvals-unread').textContent =
      unread === 0 ? '' : `${unread} more could not be read: perhaps they wait, too.`;
    fillTable(table, columnsFor(me), waiting, ({ clientOrderId }) => clientOrderId);
  };
  await read().catch((error) => {
    if (!signal.aborted) clear();
    throw error;
  });
  say('');
  void follow(read, { signal, everyMs: () => EVERY_MS, clear });
}

export function startApprovals() {
  startWaitingBatches();
  byId('approvals-more').addEventListener('click', () => {
    pages += 1;
    void redraw();
  });
  table.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button[data-verdict]') : null;
    if (!(button instanceof HTMLButtonElement)) return;
    const payout = /** @type {Waiting} */ (rowAt(button));
    const verdict = /** @type {Verdict} */ (button.dataset.verdict);
    openAsItIs(payout.clientOrderId, verdict).catch(complain);
  });
}
