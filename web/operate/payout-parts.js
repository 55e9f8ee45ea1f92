import { openAct } from './act.js';
import { writeAmount } from './amount.js';
import { byId, fillTable, make, makeState, makeTime, spaced, text } from './dom.js';
import { WORDS } from './words.js';

/** @import { Column } from './dom.js' */
/** @import { Payout, Step } from '../../src/api/operate/page' */

/** @type {readonly Column<Step>[]} */
const TIMELINE_COLUMNS = [
  { label: 'Time (UTC)', kind: 'time', show: ({ at }) => makeTime(at) },
  { label: 'Who', show: ({ source, actor }) => text(actor === null ? source : `${source} ${actor}`) },
  { label: 'What', show: ({ what }) => text(spaced(what)) },
  { label: 'State after it', kind: 'state', show: ({ state }) => text(spaced(state)) },
  { label: 'Order id', show: ({ orderId }) => text(orderId) },
  {
    label: 'Reason',
    show: ({ reason, enteredFrom }) => text(enteredFrom === null ? reason : `entered from ${enteredFrom}`),
  },
];

/** @param {Payout['attention']} attention */
function showAttention(attention) {
  const box = byId('payout-attention');
  box.hidden = attention === null;
  if (attention === null) return box.replaceChildren();
  const { means, todo } = WORDS.attentions[attention];
  box.replaceChildren(
    make('p', null, make('strong', { text: `Needs attention: ${spaced(attention)}. ` }), means),
    make(
      'p',
      null,
      make('strong', { text: 'Do now: ' }),
      `${todo} `,
      make('a', { href: `#/reasons/${attention}`, text: 'More' }),
    ),
  );
}

/** @param {Payout} payout */
function showFacts(payout) {
  const { actualAmount, reason, settledBy, settledAt } = payout;
  const facts = Object.entries({
    Amount: writeAmount(payout.amount, payout.currency),
    'Actual amount': actualAmount === null ? '' : writeAmount(actualAmount, payout.actualCurrency ?? ''),
    To: payout.destination,
    Endpoint: payout.endpoint,
    'Order id': payout.orderId,
    'Settled by':
      settledBy === null ? '' : settledBy + (payout.confirmed ? ', confirmed' : ', not confirmed by an order status'),
    'Reason of the gateway': [reason?.code, reason?.message].filter(Boolean).join(': '),
    'Created (UTC)': makeTime(payout.createdAt),
    'Last change (UTC)': makeTime(payout.updatedAt),
    'Settled (UTC)': settledAt === null ? '' : makeTime(settledAt),
  });
  const known = facts.flatMap(([name, value]) =>
    value === '' || value === null ? [] : [make('dt', { text: name }), make('dd', null, value)],
  );
  byId('payout-facts').replaceChildren(...known);
}

/**
 * @param {Payout} payout
 * @param {string | null} etag of what is shown
 */
function showActions(payout, etag) {
  const items = WORDS.actionOrder.map((action) => {
    const { name, does, needs } = WORDS.actions[action];
    const isAllowed = payout.allowedActions.includes(action);
    const id = `why-${action}`;
    const button = make('button', {
      type: 'button',
      id: `do-${action}`,
      disabled: !isAllowed,
      'aria-describedby': id,
      text: name,
    });
    button.addEventListener('click', () => openAct(payout, action, etag));
    return make('li', null, button, make('p', { id, text: isAllowed ? does : needs }));
  });
  // The focus stays where it was: the page may be redrawn while a person is about to act.
  const focused = document.activeElement?.id ?? '';
  byId('payout-actions').replaceChildren(...items);
  if (focused.startsWith('do-')) document.getElementById(focused)?.focus();
}

/**
 * @param {Payout} payout
 * @param {readonly Step[]} steps
 * @param {string | null} etag
 */
export function drawParts(payout, steps, etag) {
  byId('payout-title').textContent = payout.clientOrderId;
  byId('payout-state').replaceChildren(makeState(payout.state, payout.outcome), ` · ${WORDS.states[payout.state]}`);
  showAttention(payout.attention);
  showFacts(payout);
  showActions(payout, etag);
  fillTable(byId('payout-timeline', HTMLTableElement), TIMELINE_COLUMNS, steps, false);
}
