import { writeAmount } from './amount.js';
import { ask, askJson } from './api.js';
import { showCounts } from './counts.js';
import { byId, fillTable, make, makeState, makeTime, spaced, text } from './dom.js';
import { complain, go, say, show } from './page.js';
import { WORDS } from './words.js';

/** @import { Column } from './dom.js' */

/**
 * A payout in a list, as `GET /payouts` answers it.
 * @typedef {Record<'state' | 'outcome' | 'attention' | 'problem' | 'endpoint' | 'amount' | 'currency' | 'orderId', string | null>
 *   & { clientOrderId: string, createdAt: string }} ListedPayout
 */

/** @type {readonly Column<ListedPayout>[]} */
const COLUMNS = [
  {
    label: 'Payout',
    show: ({ clientOrderId }) => make('a', { href: `#/payouts/${clientOrderId}`, text: clientOrderId }),
  },
  { label: 'State', kind: 'state', show: ({ state, outcome }) => makeState(state, outcome) },
  {
    label: 'Attention',
    show: ({ attention, problem }) => [
      attention === null ? text('') : make('a', { href: `#/reasons/${attention}`, text: spaced(attention) }),
      text(problem === null ? '' : ` ${problem}`),
    ],
  },
  {
    label: 'Amount',
    kind: 'amount',
    show: ({ amount, currency }) => text(amount === null ? '' : writeAmount(amount, currency ?? '')),
  },
  { label: 'Endpoint', show: ({ endpoint }) => text(endpoint) },
  { label: 'Order id', show: ({ orderId }) => text(orderId) },
  { label: 'Created (UTC)', kind: 'time', show: ({ createdAt }) => makeTime(createdAt) },
];

const filters = byId('filters', HTMLFormElement);

/** The filters as a query; empty ones are left out. */
function readFilters() {
  const query = new URLSearchParams();
  for (const [name, entry] of new FormData(filters)) {
    const value = String(entry).trim();
    if (value === '') continue;
    if (name.startsWith('created')) query.set(name, value + (value.length === 16 ? ':00Z' : 'Z'));
    else query.set(name, name === 'currency' ? value.toUpperCase() : value);
  }
  return query;
}

/**
 * A table that is filled page by page. A later request wins over an earlier one that is still under way.
 * @param {'attention' | 'found'} prefix
 */
function createPager(prefix) {
  const table = byId(`${prefix}-table`, HTMLTableElement);
  const more = byId(`${prefix}-more`, HTMLButtonElement);
  const none = byId(`${prefix}-none`);
  let turn = 0;

  /**
   * @param {URLSearchParams} query
   * @param {string | null} cursor
   */
  async function load(query, cursor) {
    turn += 1;
    const own = turn;
    const params = new URLSearchParams(query);
    if (cursor !== null) params.set('cursor', cursor);
    more.disabled = true;
    if (cursor === null) {
      // Rows that answer another query are never shown under this one.
      fillTable(table, COLUMNS, [], false);
      none.hidden = true;
      more.hidden = true;
    }
    /** @type {{ payouts: ListedPayout[], nextCursor: string | null }} */
    let page;
    try {
      page = await askJson(`payouts?${params}`);
    } finally {
      if (own === turn) more.disabled = false;
    }
    if (own !== turn) return;
    fillTable(table, COLUMNS, page.payouts, cursor !== null);
    more.hidden = page.nextCursor === null;
    none.hidden = !table.hidden || page.nextCursor !== null;
    more.onclick = () => load(query, page.nextCursor).catch(complain);
  }
  return /** @param {URLSearchParams} query */ (query) => load(query, null);
}

const loadAttention = createPager('attention');
const loadFound = createPager('found');

/**
 * The list for a query; without filters, what needs a person comes first.
 * @param {URLSearchParams} query
 * @param {AbortSignal} signal
 */
export async function showList(query, signal) {
  show('list', 'List');
  const isFiltered = query.toString() !== '';
  byId('attention-part').hidden = isFiltered;
  byId('found-title').textContent = isFiltered ? 'Found' : 'All';
  for (const field of filters.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) continue;
    // Several states at once have no option of their own.
    field.value = (query.get(field.name) ?? '').replace(/(:00)?Z$/, '');
  }
  say('Loading…');
  const attention = isFiltered ? null : loadAttention(new URLSearchParams({ attention: 'any' }));
  await Promise.all([askJson('payout-counts').then(showCounts), attention, loadFound(query)]);
  if (!signal.aborted) say('');
}

/** @param {HTMLButtonElement} button */
async function exportFound(button) {
  button.disabled = true;
  say('Saving…');
  try {
    const file = await (await ask(`payouts.csv?${readFilters()}`)).blob();
    const address = URL.createObjectURL(file);
    make('a', { href: address, download: 'payouts.csv' }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    say('Saved payouts.csv.');
  } catch (error) {
    say('');
    complain(error);
  } finally {
    button.disabled = false;
  }
}

export function startList() {
  const exportButton = byId('export', HTMLButtonElement);
  const fill = /** @param {string} id @param {readonly string[]} names */ (id, names) =>
    byId(id).append(...names.map((name) => make('option', { value: name, text: spaced(name) })));
  fill('f-state', WORDS.listedStates);
  fill('f-attention', Object.keys(WORDS.attentions));
  filters.addEventListener('submit', (event) => {
    event.preventDefault();
    go(`/?${readFilters()}`);
  });
  filters.addEventListener('reset', () => setTimeout(() => go('/')));
  exportButton.addEventListener('click', () => void exportFound(exportButton));
}
