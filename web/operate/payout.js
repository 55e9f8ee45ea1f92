import { openAct } from './act.js';
import { writeAmount } from './amount.js';
import { ask, askJson } from './api.js';
import { byId, fillTable, make, makeState, makeTime, spaced, text } from './dom.js';
import { complain, isSignedOut, say, show } from './page.js';
import { WORDS } from './words.js';

/** @import { Column } from './dom.js' */
/** @import { Payout, Step } from '../../src/api/operate/words' */

/** How long one request waits for a change. */
const WAIT_S = 20;
const RETRY_MS = 3_000;

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
 * Leaves no fact and no act of any payout on the page: before another is read, and while reading fails.
 * @param {string} title
 */
export function clearPayout(title) {
  byId('act', HTMLDialogElement).close();
  byId('payout-body').hidden = true;
  byId('payout-title').textContent = title;
  for (const part of ['state', 'attention', 'facts', 'actions', 'timeline']) byId(`payout-${part}`).replaceChildren();
}

/**
 * Draws a payout and follows it while it is shown and not final. Resolves when it was drawn once.
 * @param {string} clientOrderId
 * @param {AbortSignal} signal
 */
export async function showPayout(clientOrderId, signal) {
  const path = `payouts/${encodeURIComponent(clientOrderId)}`;
  clearPayout(clientOrderId);
  show('payout', clientOrderId);
  say('Loading…');
  const drawn = await drawAnswer(await ask(path, { signal }), path, signal);
  say('');
  void follow(path, drawn, signal);
}

/**
 * Everything is read before anything is drawn, and nothing is drawn once the page shows something else.
 * @param {Response} response
 * @param {string} path
 * @param {AbortSignal} signal
 */
async function drawAnswer(response, path, signal) {
  /** @type {Payout} */
  const payout = await response.json();
  const etag = response.headers.get('etag');
  const { steps } = await askJson(`${path}/timeline`, { signal });
  signal.throwIfAborted();
  byId('payout-title').textContent = payout.clientOrderId;
  byId('payout-state').replaceChildren(makeState(payout.state, payout.outcome), ` · ${WORDS.states[payout.state]}`);
  showAttention(payout.attention);
  showFacts(payout);
  showActions(payout, etag);
  fillTable(byId('payout-timeline', HTMLTableElement), TIMELINE_COLUMNS, steps, false);
  byId('payout-body').hidden = false;
  return { etag, isFinal: payout.outcome !== null, state: payout.state, title: payout.clientOrderId };
}

/**
 * @param {string} path
 * @param {Awaited<ReturnType<typeof drawAnswer>>} drawn
 * @param {AbortSignal} signal
 */
async function follow(path, drawn, signal) {
  let known = drawn;
  while (!known.isFinal && !signal.aborted) {
    try {
      const { etag } = known;
      const response =
        etag === null
          ? await ask(path, { signal })
          : await ask(`${path}?wait=${WAIT_S}`, { signal, headers: { 'if-none-match': etag } });
      if (response.status === 304) continue;
      known = await drawAnswer(response, path, signal);
      byId('problem').textContent = '';
      say(`Changed: ${spaced(known.state)}.`);
    } catch (error) {
      if (signal.aborted || isSignedOut(error)) return;
      clearPayout(known.title);
      complain(error);
      known = { ...known, etag: null };
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
