import { openAct } from './act.js';
import { compareMoney, writeAmount } from './amount.js';
import { askJson, post } from './api.js';
import { allowBulk, countTicked, tick } from './bulk.js';
import { byId, make, makeState, spaced, text } from './dom.js';
import { CANNOT_ACT, canAct, readMe } from './me.js';
import { complain, go, isSignedOut, say, setTitle, show } from './page.js';
import { fillTable, rowAt } from './table.js';
import { makeAge, makeDeadline } from './times.js';
import { WORDS } from './words.js';

/** @import { AttentionQueue, QueueItem } from '../../src/api/operate/page' */
/** @import { Column } from './table.js' */
/** @import { Me } from './me.js' */

const EVERY_MS = 4_000;
const table = byId('queue-table', HTMLTableElement);
const sort = byId('queue-sort', HTMLSelectElement);

/** @type {Readonly<Record<string, (left: QueueItem, right: QueueItem) => number>>} */
const ORDERS = {
  largest: compareMoney,
  deadline: (left, right) => (left.deadline ?? '~').localeCompare(right.deadline ?? '~'),
};

/** @param {QueueItem} item */
const keyOf = ({ kind, subscriber, clientOrderId }) => `${kind}:${subscriber ?? ''}:${clientOrderId}`;

/** @param {Me} me @returns {readonly Column<QueueItem>[]} */
const columnsFor = (me) => [
  { label: 'Select', kind: 'tick', show: (item) => (item.kind === 'payout' ? tick(item.clientOrderId) : text('')) },
  {
    label: 'What',
    kind: 'name',
    show: ({ kind, clientOrderId, subscriber }) =>
      kind === 'unmatched_callback'
        ? text(clientOrderId)
        : [
            make('a', { href: `#/payouts/${clientOrderId}`, text: clientOrderId }),
            text(kind === 'notification' ? ` to ${subscriber}` : ''),
          ],
  },
  {
    label: 'Attention',
    kind: 'why',
    show: ({ attention }) => make('a', { href: `#/reasons/${attention}`, text: spaced(attention) }),
  },
  {
    label: 'State',
    kind: 'state',
    show: ({ state, attention }) =>
      state === null ? text('') : makeState(state, WORDS.finalStates.includes(state) ? state : null, attention),
  },
  {
    label: 'Amount',
    kind: 'amount',
    show: ({ amount, currency }) => text(amount === null ? '' : writeAmount(amount, currency ?? '')),
  },
  { label: 'Age', kind: 'time', show: ({ since }) => makeAge(since) },
  { label: 'Deadline', kind: 'time', show: ({ deadline }) => makeDeadline(deadline) },
  { label: 'Endpoint', kind: 'endpoint', show: ({ endpoint }) => text(endpoint) },
  {
    label: 'Do',
    kind: 'do',
    show: ({ kind }) =>
      kind === 'payout'
        ? text('')
        : [makeButton('acknowledge', me), ...(kind === 'notification' ? [text(' '), makeButton('resend', me)] : [])],
  },
];

/** @param {'acknowledge' | 'resend'} act @param {Me} me */
const makeButton = (act, me) =>
  make('button', {
    type: 'button',
    class: 'quiet small',
    'data-act': act,
    disabled: !canAct(me),
    title: canAct(me) ? null : CANNOT_ACT,
    text: act === 'resend' ? WORDS.resendNotification.name : WORDS.actions.acknowledge.name,
  });

/** @param {QueueItem} item @param {'acknowledge' | 'resend'} act */
async function openRowAct({ kind, clientOrderId, subscriber, endpoint, orderId, attention, since }, act) {
  const id = kind === 'notification' ? `${subscriber}:${clientOrderId}` : clientOrderId;
  const path = `${kind === 'notification' ? 'notifications' : 'unmatched'}/${encodeURIComponent(id)}/${act}`;
  const { name, confirm } = WORDS.actions.acknowledge;
  const { temporalUi } = await readMe();
  openAct({
    words:
      act === 'resend'
        ? WORDS.resendNotification
        : { name, confirm, does: WORDS.attentions[attention].means, needs: '' },
    subject: id,
    facts: {
      Endpoint: endpoint,
      'Order id': orderId,
      Since: make('span', null, makeAge(since), ' ago'),
      'What it said':
        kind === 'unmatched_callback' && temporalUi !== null
          ? make('a', {
              href: temporalUi + encodeURIComponent(`unmatched:${id}`),
              rel: 'noreferrer',
              text: 'in the Temporal UI',
            })
          : null,
      'Do first': WORDS.attentions[attention].todo,
    },
    run: async ({ id: actId, reason }) => void (await post(path, { reason }, { actId })),
  });
}

/** Kept with the rows: the number in the tab stays while they are read again. */
let tabTitle = 'Queue';

/**
 * Draws the queue: one number, and as many rows.
 * @param {AttentionQueue} queue
 * @param {string} order
 * @param {Me} me
 */
function drawQueue({ items, totals, hasMore }, order, me) {
  const compare = ORDERS[order];
  const rows = compare === undefined ? items : [...items].sort(compare);
  const count = `${rows.length}${hasMore ? '+' : ''}`;
  const title =
    rows.length === 0 ? 'Nothing needs a person' : `${count} ${rows.length === 1 ? 'needs' : 'need'} a person`;
  byId('queue-title').textContent = title;
  tabTitle = `(${count}) Queue`;
  setTitle(tabTitle);
  const sums = totals.map(({ amount, currency, count: of }) => `${writeAmount(amount, currency)} in ${of}`);
  byId('queue-totals').textContent = sums.join(' · ');
  fillTable(table, columnsFor(me), rows, keyOf);
}

/** Nothing of an answer stays beside what says that there is none. */
function clearQueue() {
  byId('queue-title').textContent = 'Queue';
  byId('queue-totals').textContent = '';
  tabTitle = 'Queue';
  setTitle(tabTitle);
  table.replaceChildren();
  table.hidden = true;
  countTicked();
}

/**
 * The queue, drawn again every few seconds while it is shown.
 * @param {URLSearchParams} query
 * @param {AbortSignal} signal
 */
export async function showQueue(query, signal) {
  const order = query.get('sort') ?? '';
  if (byId('queue').hidden) clearQueue();
  show('queue', tabTitle);
  sort.value = order in ORDERS ? order : '';
  say('Loading…');
  const read = async () => {
    const me = await readMe();
    /** @type {AttentionQueue} */
    const queue = await askJson('attention', { signal });
    signal.throwIfAborted();
    drawQueue(queue, order, me);
    allowBulk(me);
  };
  await read().catch((error) => {
    if (!signal.aborted) clearQueue();
    throw error;
  });
  say('');
  void follow(read, signal);
}

/**
 * @param {() => Promise<void>} read
 * @param {AbortSignal} signal
 */
async function follow(read, signal) {
  let isFailing = false;
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    if (signal.aborted) return;
    if (document.hidden) continue;
    try {
      await read();
      if (isFailing) byId('problem').textContent = '';
      isFailing = false;
    } catch (error) {
      if (signal.aborted || isSignedOut(error)) return;
      isFailing = true;
      clearQueue();
      complain(error);
    }
  }
}

export function startQueue() {
  sort.addEventListener('change', () => go(sort.value === '' ? '/' : `/?sort=${sort.value}`));
  table.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button[data-act]') : null;
    if (!(button instanceof HTMLButtonElement)) return;
    const item = /** @type {QueueItem} */ (rowAt(button));
    openRowAct(item, button.dataset.act === 'resend' ? 'resend' : 'acknowledge').catch(complain);
  });
}
