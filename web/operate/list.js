import { ask, askJson } from './api.js';
import { allowBulk, countTicked } from './bulk.js';
import { columnsOf, makeColumnBoxes, sortRows } from './columns.js';
import { showCounts } from './counts.js';
import { byId, make, spaced } from './dom.js';
import { readMe } from './me.js';
import { complain, go, say, show } from './page.js';
import { keepPlace, returnToPlace } from './place.js';
import { readSearch } from './search.js';
import { fillTable } from './table.js';
import { ofTenant, seesSeveral } from './tenant.js';
import { showViews } from './views.js';
import { WORDS } from './words.js';

/** @import { ListedPayout } from '../../src/api/operate/page' */

const filters = byId('filters', HTMLFormElement);
const table = byId('found-table', HTMLTableElement);
const more = byId('found-more', HTMLButtonElement);
const none = byId('found-none');
const sort = byId('found-sort', HTMLSelectElement);
const columns = byId('columns');
/** What the address says beside filters. */
const OF_THE_VIEW = ['q', 'sort', 'hide'];

/** The address as the API is asked. @param {URLSearchParams} query */
function toFilters(query) {
  const asked = new URLSearchParams(query);
  for (const name of OF_THE_VIEW) asked.delete(name);
  for (const [name, value] of Object.entries(readSearch(query.get('q') ?? ''))) asked.set(name, value);
  return asked;
}

const readAddress = () => new URLSearchParams(location.hash.split('?')[1]);

/**
 * Goes to this view with other values; what is empty is left out.
 * @param {Readonly<Record<string, string>>} changes
 * @param {URLSearchParams} [base]
 */
function goWith(changes, base = readAddress()) {
  const query = new URLSearchParams(base);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  go(query.size === 0 ? '/payouts' : `/payouts?${query}`);
}

/** The form's filters, in place of those in the address. */
function submitFilters() {
  /** @type {Record<string, string>} */
  const changes = {};
  for (const [name, entry] of new FormData(filters)) {
    const value = String(entry).trim();
    if (value === '') changes[name] = '';
    else if (name.startsWith('created')) changes[name] = value + (value.length === 16 ? ':00Z' : 'Z');
    else changes[name] = name === 'currency' ? value.toUpperCase() : value;
  }
  goWith(changes);
}

/** Rows that answer another question are never shown under this one. */
function clearRows() {
  table.replaceChildren();
  table.hidden = true;
  none.hidden = true;
  more.hidden = true;
  byId('found-count').textContent = '';
  byId('counts').replaceChildren();
  countTicked();
}

/** @param {URLSearchParams} query */
function fillForms(query) {
  byId('q', HTMLInputElement).value = query.get('q') ?? '';
  sort.value = query.get('sort') ?? '';
  for (const field of filters.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) continue;
    // Several states at once have no option of their own.
    field.value = (query.get(field.name) ?? '').replace(/(:00)?Z$/, '');
  }
  const isFiltered = [...query.keys()].some((name) => !OF_THE_VIEW.includes(name));
  if (isFiltered) byId('filter-part', HTMLDetailsElement).open = true;
}

/**
 * The list for the address: page by page, in the order that the address asks for.
 * @param {URLSearchParams} query
 * @param {AbortSignal} signal
 */
export async function showList(query, signal) {
  clearRows();
  show('list', 'Payouts');
  fillForms(query);
  say('Loading…');
  const asked = toFilters(query);
  /** @type {readonly ListedPayout[]} */
  let rows = [];
  /** @param {string | null} cursor */
  const load = async (cursor) => {
    more.disabled = true;
    const me = await readMe();
    const params = new URLSearchParams(asked);
    if (cursor !== null) params.set('cursor', cursor);
    try {
      /** @type {{ payouts: ListedPayout[], nextCursor: string | null }} */
      const page = await askJson(ofTenant(`payouts?${params}`), { signal });
      signal.throwIfAborted();
      rows = [...rows, ...page.payouts];
      const sorted = sortRows(rows, query.get('sort'));
      fillTable(table, columnsOf(query, seesSeveral(me)), sorted, ({ clientOrderId }) => clientOrderId);
      returnToPlace(table);
      keepPlace(
        'Payouts',
        sorted.map(({ clientOrderId }) => clientOrderId),
      );
      none.hidden = rows.length > 0 || page.nextCursor !== null;
      more.hidden = page.nextCursor === null;
      more.onclick = () => load(page.nextCursor).catch(complain);
      byId('found-count').textContent = page.nextCursor === null ? `${rows.length} in all` : `${rows.length} of more`;
    } finally {
      more.disabled = false;
    }
  };
  const counts = askJson(ofTenant('payout-counts'), { signal });
  await Promise.all([
    readMe().then((me) => {
      allowBulk(me);
      columns.replaceChildren(...makeColumnBoxes(query, seesSeveral(me)));
      showViews(me);
    }),
    counts.then((all) => signal.aborted || showCounts(all)),
    load(null),
  ]).catch((error) => {
    if (!signal.aborted) clearRows();
    throw error;
  });
  if (!signal.aborted) say('');
}

/** @param {HTMLButtonElement} button @param {boolean} isDetailed with what only each payout says: slower */
async function exportFound(button, isDetailed) {
  button.disabled = true;
  say('Saving…');
  try {
    const filters = toFilters(readAddress());
    if (isDetailed) filters.set('detail', 'true');
    const file = await (await ask(ofTenant(`payouts.csv?${filters}`))).blob();
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
  const fill = /** @param {string} id @param {readonly string[]} names */ (id, names) =>
    byId(id).append(...names.map((name) => make('option', { value: name, text: spaced(name) })));
  fill('f-state', WORDS.listedStates);
  fill('f-attention', WORDS.listedAttentions);
  fill('f-outcome', WORDS.finalStates);
  fill('f-settlement', WORDS.settlements);
  filters.addEventListener('submit', (event) => {
    event.preventDefault();
    submitFilters();
  });
  filters.addEventListener('reset', () => setTimeout(() => go('/payouts')));
  sort.addEventListener('change', () => goWith({ sort: sort.value }));
  columns.addEventListener('change', () => {
    const hidden = [...columns.querySelectorAll('input')].filter((box) => !box.checked).map(({ value }) => value);
    goWith({ hide: hidden.length === 0 ? 'none' : hidden.join() });
  });
  for (const id of ['export', 'export-detail']) {
    const button = byId(id, HTMLButtonElement);
    button.addEventListener('click', () => void exportFound(button, id === 'export-detail'));
  }
}
