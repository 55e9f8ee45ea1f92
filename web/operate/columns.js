import { compareMoney, makeAmount } from './amount.js';
import { tick } from './bulk.js';
import { make, makeReturned, makeState, text } from './dom.js';
import { makeDeadline, makeTime } from './times.js';
import { makeReason } from './words.js';

/** @import { Column } from './table.js' */
/** @import { ListedPayout } from '../../src/api/operate/page' */

/** The columns of lists of payouts. Those with a name can be hidden. @type {readonly (Column<ListedPayout> & { name?: string })[]} */
const COLUMNS = [
  { label: 'Select', kind: 'tick', show: ({ clientOrderId }) => tick(clientOrderId) },
  {
    label: 'Payout',
    kind: 'name',
    show: ({ clientOrderId }) => make('a', { href: `#/payouts/${clientOrderId}`, text: clientOrderId }),
  },
  {
    label: 'State',
    kind: 'state',
    show: (row) => [makeState(row.state, row.outcome, row.attention), makeReturned(row)],
  },
  {
    label: 'Attention',
    kind: 'why',
    show: ({ attention, problem }) => [
      attention === null ? text('') : makeReason(attention),
      text(problem === null ? '' : ` ${problem}`),
    ],
  },
  {
    label: 'Amount',
    kind: 'amount',
    show: makeAmount,
  },
  { name: 'tenant', label: 'Tenant', kind: 'endpoint', show: ({ tenant }) => text(tenant) },
  { name: 'endpoint', label: 'Endpoint', kind: 'endpoint', show: ({ endpoint }) => text(endpoint) },
  { name: 'orderId', label: 'Order id', show: ({ orderId }) => text(orderId) },
  { name: 'tags', label: 'Tags', show: ({ tags }) => text(tags?.join(', ') ?? '') },
  { name: 'created', label: 'Created (UTC)', kind: 'time', show: ({ createdAt }) => makeTime(createdAt) },
  { name: 'closed', label: 'Closed (UTC)', kind: 'time', show: ({ closedAt }) => makeTime(closedAt) },
  { name: 'deadline', label: 'Deadline', kind: 'time', show: ({ deadline }) => makeDeadline(deadline) },
];
const HIDDEN_AT_FIRST = 'tags,closed,deadline';

/** @param {string | null} hidden names, separated by commas */
const readHidden = (hidden) => (hidden ?? HIDDEN_AT_FIRST).split(',');

/** @param {URLSearchParams} query @param {boolean} hasTenants */
export const columnsOf = (query, hasTenants) => {
  const hidden = [...readHidden(query.get('hide')), ...(hasTenants ? [] : ['tenant'])];
  return COLUMNS.filter(({ name }) => name === undefined || !hidden.includes(name));
};

/** A box for each column that can be hidden. @param {URLSearchParams} query @param {boolean} hasTenants */
export const makeColumnBoxes = (query, hasTenants) =>
  COLUMNS.flatMap(({ name, label }) =>
    name === undefined || (name === 'tenant' && !hasTenants)
      ? []
      : [
          make(
            'label',
            { class: 'box' },
            make('input', { type: 'checkbox', value: name, checked: !readHidden(query.get('hide')).includes(name) }),
            ` ${label}`,
          ),
        ],
  );

/** @type {Readonly<Record<string, (left: ListedPayout, right: ListedPayout) => number>>} */
const ORDERS = {
  largest: compareMoney,
  oldest: (left, right) => left.createdAt.localeCompare(right.createdAt),
  deadline: (left, right) => (left.deadline ?? '~').localeCompare(right.deadline ?? '~'),
};

/** @param {readonly ListedPayout[]} rows @param {string | null} order null: as they were listed */
export function sortRows(rows, order) {
  const compare = ORDERS[order ?? ''];
  return compare === undefined ? rows : [...rows].sort(compare);
}
