import { WAITING_STATES } from '../../store/listed-payout';

/** Second part of the page's script: counts, what needs a person, and the list with its filters. */
export const OPERATE_SCRIPT_LIST = String.raw`
const LIST_COLUMNS = [
  { label: 'Payout', show: ({ clientOrderId }) => make('a', { href: '#/payouts/' + clientOrderId, text: clientOrderId }) },
  { label: 'State', kind: 'state', show: ({ state, outcome }) => makeState(state, outcome) },
  { label: 'Attention', show: ({ attention, problem }) => [attention === null ? text('') : make('a', { href: '#/reasons/' + attention, text: words(attention) }), text(problem === null ? '' : ' ' + problem)] },
  { label: 'Amount', kind: 'amount', show: ({ amount, currency }) => text(amount === null ? '' : amount + ' ' + currency) },
  { label: 'Endpoint', show: ({ endpoint }) => text(endpoint) },
  { label: 'Order id', show: ({ orderId }) => text(orderId) },
  { label: 'Created (UTC)', kind: 'time', show: ({ createdAt }) => makeTime(createdAt) },
];

/** The filters as a query; empty ones are left out. */
function readFilters(form) {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value === '') continue;
    query.set(name, name.startsWith('created') ? value + (value.length === 16 ? ':00Z' : 'Z') : name === 'currency' ? value.toUpperCase() : value.trim());
  }
  return query;
}

/** A table that is filled page by page. A later request wins over an earlier one that is still under way. */
function createPager(prefix) {
  const table = byId(prefix + '-table');
  const more = byId(prefix + '-more');
  const none = byId(prefix + '-none');
  let asked = 0;
  let next = null;
  async function load(query, cursor) {
    const turn = (asked += 1);
    const params = new URLSearchParams(query);
    if (cursor !== null) params.set('cursor', cursor);
    more.disabled = true;
    // Rows of another question are never shown under this one.
    if (cursor === null) fillTable(table, LIST_COLUMNS, [], false);
    if (cursor === null) none.hidden = more.hidden = true;
    let page;
    try {
      page = await askJson('payouts?' + params);
    } finally {
      if (turn === asked) more.disabled = false;
    }
    if (turn !== asked) return;
    fillTable(table, LIST_COLUMNS, page.payouts, cursor !== null);
    next = page.nextCursor;
    more.hidden = next === null;
    none.hidden = !table.hidden || next !== null;
    more.onclick = () => load(query, next).catch(complain);
  }
  return { load: (query) => load(query, null) };
}

const attentionPager = createPager('attention');
const foundPager = createPager('found');

function showCounts({ open, waiting, final, attention, hasMoreAttention, unmatched }) {
  const chip = (label, count, query, isAlert) =>
    make('li', { class: isAlert && count !== 0 ? 'alert' : null }, make('a', { href: '#/?' + query }, make('b', { text: count }), ' ' + label));
  const attentive = Object.values(attention).reduce((sum, count) => sum + count, 0);
  byId('counts').replaceChildren(
    chip('need attention', hasMoreAttention ? attentive + '+' : attentive, 'attention=any', true),
    chip('in review', waiting.needs_review, 'state=needs_review', true),
    chip('unconfirmed', waiting.unconfirmed, 'state=unconfirmed'),
    chip('awaiting the Receiver', waiting.awaiting_receiver, 'state=awaiting_receiver'),
    chip('awaiting details', waiting.awaiting_details, 'state=awaiting_details'),
    chip('open', open, 'state=open,${WAITING_STATES.join()}'),
    ...Object.entries(final).filter(([, count]) => count > 0).map(([state, count]) => chip(words(state), count, 'outcome=' + state)),
    ...(unmatched === 0 ? [] : [make('li', { class: 'alert' }, make('a', { href: '#/reasons' }, make('b', { text: unmatched }), ' unmatched callbacks'))]),
  );
}

/** The list as its address says: without filters, what needs a person comes first. */
async function showList(query, signal) {
  show('list', 'List');
  const isFiltered = [...query.keys()].length > 0;
  byId('attention-part').hidden = isFiltered;
  byId('found-title').textContent = isFiltered ? 'Found' : 'All';
  for (const field of byId('filters').elements) {
    if (field.name) field.value = (query.get(field.name) || '').replace(/(:00)?Z$/, '');
  }
  // Several states at once have no option of their own.
  tell('Loading…');
  const attention = isFiltered ? null : attentionPager.load('attention=any');
  await Promise.all([askJson('payout-counts').then(showCounts), attention, foundPager.load(query)]);
  if (!signal.aborted) tell('');
}

byId('filters').addEventListener('submit', (event) => {
  event.preventDefault();
  go('#/?' + readFilters(event.target));
});
byId('filters').addEventListener('reset', () => setTimeout(() => go('#/')));

byId('export').addEventListener('click', async ({ target }) => {
  target.disabled = true;
  tell('Saving…');
  try {
    const file = await (await ask('payouts.csv?' + readFilters(byId('filters')))).blob();
    const address = URL.createObjectURL(file);
    make('a', { href: address, download: 'payouts.csv' }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    tell('Saved payouts.csv.');
  } catch (error) {
    tell('');
    complain(error);
  } finally {
    target.disabled = false;
  }
});
`;
