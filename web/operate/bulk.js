import { openAct } from './act.js';
import { writeAmount } from './amount.js';
import { ask, post } from './api.js';
import { byId, make, spaced } from './dom.js';
import { CANNOT_ACT, canAct } from './me.js';
import { complain, isSignedOut, Refused, say } from './page.js';
import { WORDS } from './words.js';

/** @import { Payout } from '../../src/api/operate/page' */
/** @import { Me } from './me.js' */
/** @typedef {'check' | 'cancel' | 'acknowledge'} BulkAction */

const bar = byId('bulk');

/** @param {string} clientOrderId */
export const tick = (clientOrderId) =>
  make('input', { type: 'checkbox', class: 'tick', value: clientOrderId, 'aria-label': `Select ${clientOrderId}` });

/** Those of what is shown. @returns {HTMLInputElement[]} */
const tickBoxes = () =>
  [...document.querySelectorAll('main > section:not([hidden]) input.tick')].filter(
    (box) => box instanceof HTMLInputElement,
  );
const ticked = () => tickBoxes().filter((box) => box.checked);

/** Selects everything that is shown; nothing, when all of it is selected. */
export function tickAll() {
  const boxes = tickBoxes();
  const isAll = boxes.length === ticked().length;
  for (const box of boxes) box.checked = !isAll;
  countTicked();
}

/** The bar is there while something is selected in what is shown. */
export function countTicked() {
  const count = ticked().length;
  bar.hidden = count === 0;
  byId('bulk-count').textContent = `${count} selected`;
  document.body.classList.toggle('has-bar', count > 0);
}

/** @param {Me} me */
export function allowBulk(me) {
  for (const button of bar.querySelectorAll('button')) {
    button.disabled = !canAct(me);
    button.title = canAct(me) ? '' : CANNOT_ACT;
  }
  countTicked();
}

/**
 * Every payout as it is now, with its tag; and the ids of those that cannot be read.
 * @param {readonly string[]} ids
 */
async function readEach(ids) {
  /** @type {{ payout: Payout, etag: string | null }[]} */
  const read = [];
  /** @type {string[]} */
  const unread = [];
  for (const id of ids) {
    try {
      const response = await ask(`payouts/${encodeURIComponent(id)}`);
      read.push({ payout: await response.json(), etag: response.headers.get('etag') });
    } catch (error) {
      if (isSignedOut(error)) throw error;
      unread.push(id);
    }
  }
  return { read, unread };
}

/** @param {readonly Payout[]} payouts each currency apart */
function writeTotals(payouts) {
  /** @type {Record<string, string[]>} */
  const amounts = {};
  for (const { amount, currency } of payouts) amounts[currency] = [...(amounts[currency] ?? []), amount];
  return Object.entries(amounts)
    .map(([currency, each]) => writeSum(each, currency))
    .join(' · ');
}

/** @param {readonly string[]} amounts of one currency @param {string} currency */
function writeSum(amounts, currency) {
  const digits = amounts[0]?.split('.')[1]?.length ?? 0;
  const sum = amounts.reduce((all, amount) => all + BigInt(amount.replace('.', '')), 0n);
  const text = String(sum).padStart(digits + 1, '0');
  return writeAmount(digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`, currency);
}

/** @param {readonly Payout[]} payouts why they need a person, so that none goes with the others unseen */
function countReasons(payouts) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { attention } of payouts) if (attention !== null) counts[attention] = (counts[attention] ?? 0) + 1;
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${spaced(name)}`)
    .join(', ');
}

/** @param {BulkAction} action */
async function openBulk(action) {
  say('Reading them…');
  const { read, unread } = await readEach(ticked().map(({ value }) => value));
  say('');
  // What nothing follows is looked at one by one.
  const allowed = read.filter(
    ({ payout }) => payout.allowedActions.includes(action) && payout.attention !== 'not_followed',
  );
  const others = read.filter((each) => !allowed.includes(each)).map(({ payout }) => payout.clientOrderId);
  const words = WORDS.actions[action];
  if (allowed.length === 0) throw new Refused(`None of them allows it. ${words.needs}`, 409);
  const count = `${allowed.length} payout${allowed.length === 1 ? '' : 's'}`;
  openAct({
    words,
    subject: count,
    facts: {
      To: allowed.map(({ payout }) => payout.clientOrderId).join(', '),
      Total: writeTotals(allowed.map(({ payout }) => payout)),
      Because: countReasons(allowed.map(({ payout }) => payout)),
      'Cannot be read': unread.join(', '),
      'Not to': others.length === 0 ? null : `${others.join(', ')}. ${words.needs}`,
    },
    typed: action === 'cancel' ? `cancel ${count}` : null,
    run: async ({ id, reason }) => {
      /** @type {Record<string, string>} */
      const results = {};
      for (const [index, { payout, etag }] of allowed.entries()) {
        const { clientOrderId, attention } = payout;
        const body = { reason, ...(action === 'acknowledge' ? { attention } : {}) };
        const path = `payouts/${encodeURIComponent(clientOrderId)}/${action}`;
        results[clientOrderId] = await post(path, body, { actId: `${id}-${index}`, etag }).then(
          () => 'done',
          (error) => `not done. ${error.message}`,
        );
      }
      for (const box of ticked()) box.checked = false;
      countTicked();
      return results;
    },
  });
}

/** @type {HTMLInputElement | null} */
let lastTicked = null;

/** With the shift key: all from the box that was ticked last to this one. @param {MouseEvent} event */
function tickRange({ target, shiftKey }) {
  if (!(target instanceof HTMLInputElement) || !target.matches('input.tick')) return;
  const boxes = tickBoxes();
  const [from, to] = [lastTicked === null ? -1 : boxes.indexOf(lastTicked), boxes.indexOf(target)];
  if (shiftKey && from >= 0)
    for (const box of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) box.checked = target.checked;
  lastTicked = target;
  countTicked();
}

export function startBulk() {
  document.addEventListener('click', tickRange);
  document.addEventListener('change', countTicked);
  for (const button of bar.querySelectorAll('button'))
    button.addEventListener('click', () => {
      openBulk(/** @type {BulkAction} */ (button.value)).catch((error) => {
        say('');
        complain(error);
      });
    });
}
