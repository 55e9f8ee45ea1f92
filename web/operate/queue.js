import { compareMoney, makeAmount, writeAmount } from './amount.js';
import { askJson } from './api.js';
import { allowBulk, countTicked, tick, tickAll } from './bulk.js';
import { byId, make, makeState, spaced, text } from './dom.js';
import { follow } from './follow.js';
import { CANNOT_ACT, canAct, readMe } from './me.js';
import { complain, go, say, setTitle, show } from './page.js';
import { keepPlace, returnToPlace } from './place.js';
import { openRowAct } from './row-act.js';
import { fillTable, rowAt } from './table.js';
import { ofTenant, seesSeveral } from './tenant.js';
import { makeAge, makeDeadline } from './times.js';
import { makeReason, WORDS } from './words.js';

/** @import { AttentionQueue, QueueItem } from '../../src/api/operate/page' */
/** @import { Column } from './table.js' */
/** @import { Me } from './me.js' */

const EVERY_MS = 4_000;
const NOTHING = 'Every payout goes on by itself. What needs a person appears here within seconds.';
const table = byId('queue-table', HTMLTableElement);
const sort = byId('queue-sort', HTMLSelectElement);

/** @type {Readonly<Record<string, (left: QueueItem, right: QueueItem) => number>>} */
const ORDERS = {
  largest: compareMoney,
  deadline: (left, right) => (left.deadline ?? '~').localeCompare(right.deadline ?? '~'),
};

/** @param {QueueItem} item */
const keyOf = ({ kind, subscriber, clientOrderId }) => `${kind}:${subscriber ?? ''}:${clientOrderId}`;

/** @type {Column<QueueItem>} */
const TENANT = { label: 'Tenant', kind: 'endpoint', show: ({ tenant }) => text(tenant) };

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
            text(kind === 'batch' ? 'Batch ' : ''),
            make('a', { href: `#/${kind === 'batch' ? 'batches' : 'payouts'}/${clientOrderId}`, text: clientOrderId }),
            text(kind === 'notification' ? ` to ${subscriber}` : ''),
          ],
  },
  {
    label: 'Attention',
    kind: 'why',
    show: ({ attention }) => makeReason(attention),
  },
  {
    label: 'State',
    kind: 'state',
    show: ({ state, attention }) =>
      state === null || state === attention
        ? text('')
        : makeState(state, WORDS.finalStates.includes(state) ? state : null, attention),
  },
  {
    label: 'Amount',
    kind: 'amount',
    show: makeAmount,
  },
  { label: 'Age', kind: 'time', show: ({ since }) => makeAge(since) },
  { label: 'Deadline', kind: 'time', show: ({ deadline }) => makeDeadline(deadline) },
  ...(seesSeveral(me) ? [TENANT] : []),
  { label: 'Endpoint', kind: 'endpoint', show: ({ endpoint }) => text(endpoint) },
  {
    label: 'Do',
    kind: 'do',
    show: ({ kind }) =>
      kind === 'payout' || kind === 'batch'
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

/** Kept with the rows: the number in the tab stays while they are read again. */
let tabTitle = 'Queue';

/**
 * Draws the queue: one number, and as many rows; of one reason alone when the address asks for it.
 * @param {AttentionQueue} queue
 * @param {URLSearchParams} query
 * @param {Me} me
 */
function drawQueue({ items, totals, hasMore }, query, me) {
  const asked = query.get('attention');
  const found = asked === null ? items : items.filter(({ attention }) => attention === asked);
  const compare = ORDERS[query.get('sort') ?? ''];
  const rows = compare === undefined ? found : [...found].sort(compare);
  const count = `${items.length}${hasMore ? '+' : ''}`;
  const number = asked === null ? count : `${rows.length} of ${count}`;
  byId('queue-title').textContent =
    items.length === 0 ? 'Nothing needs a person' : `${number} ${number === '1' ? 'needs' : 'need'} a person`;
  tabTitle = items.length === 0 ? 'Queue' : `(${count}) Queue`;
  setTitle(tabTitle);
  const sums = totals.map(({ amount, currency, count: of }) => `${writeAmount(amount, currency)} in ${of}`);
  byId('queue-totals').textContent = sums.join(' · ');
  byId('queue-none').hidden = rows.length > 0;
  byId('queue-none').textContent = items.length === 0 ? NOTHING : 'None needs a person for this reason any more.';
  byId('queue-all').hidden = rows.length === 0;
  byId('queue-tools').hidden = items.length === 0;
  drawReasons(items, query);
  fillTable(table, columnsFor(me), rows, keyOf);
  countTicked();
  return rows.flatMap(({ kind, clientOrderId }) => (kind === 'payout' ? [clientOrderId] : []));
}

/**
 * How many there are of each reason: each leads to those alone, and the chosen one back to all.
 * @param {readonly QueueItem[]} items
 * @param {URLSearchParams} query
 */
function drawReasons(items, query) {
  const asked = query.get('attention');
  /** @type {Map<string, number>} */
  const counts = new Map(asked === null ? [] : [[asked, 0]]);
  for (const { attention } of items) counts.set(attention, (counts.get(attention) ?? 0) + 1);
  const list = byId('queue-reasons');
  const drawn = JSON.stringify([...counts, asked, query.get('sort')]);
  // The focus stays where it was.
  if (list.dataset.drawn === drawn && list.hasChildNodes()) return;
  list.dataset.drawn = drawn;
  const chips = [...counts].map(([name, count]) => {
    const chosen = name === asked;
    const href = `#${addressOf({ sort: query.get('sort'), attention: chosen ? null : name })}`;
    const link = make('a', { href, 'aria-current': chosen && 'true' }, make('b', { text: count }), ` ${spaced(name)}`);
    return make('li', null, link);
  });
  list.replaceChildren(...(chips.length < 2 && asked === null ? [] : chips));
}

/** @param {Readonly<Record<string, string | null>>} view what the address of the queue says */
function addressOf(view) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(view)) if (value) query.set(name, value);
  return query.size === 0 ? '/' : `/?${query}`;
}

/** Nothing of an answer stays beside what says that there is none. */
function clearQueue() {
  byId('queue-title').textContent = 'Queue';
  byId('queue-totals').textContent = '';
  byId('queue-reasons').replaceChildren();
  byId('queue-none').hidden = true;
  byId('queue-tools').hidden = true;
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
    const queue = await askJson(ofTenant('attention'), { signal });
    signal.throwIfAborted();
    const ids = drawQueue(queue, query, me);
    returnToPlace(table);
    keepPlace('Queue', ids);
    allowBulk(me);
  };
  await read().catch((error) => {
    if (!signal.aborted) clearQueue();
    throw error;
  });
  say('');
  void follow(read, { signal, everyMs: () => EVERY_MS, clear: clearQueue });
}

export function startQueue() {
  sort.addEventListener('change', () => {
    const asked = new URLSearchParams(location.hash.split('?')[1]).get('attention');
    go(addressOf({ sort: sort.value, attention: asked }));
  });
  byId('queue-all').addEventListener('click', tickAll);
  table.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button[data-act]') : null;
    if (!(button instanceof HTMLButtonElement)) return;
    const item = /** @type {QueueItem} */ (rowAt(button));
    openRowAct(item, button.dataset.act === 'resend' ? 'resend' : 'acknowledge').catch(complain);
  });
}
