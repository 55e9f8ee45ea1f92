import { writeAmount } from './amount.js';
import { ask } from './api.js';
import { byId, make, spaced } from './dom.js';
import { complain, isSignedOut, Refused, redraw, say } from './page.js';
import { WORDS } from './words.js';

/** @import { Payout } from '../../src/api/operate/page' */
/** @typedef {Payout['allowedActions'][number]} Action */

const dialog = byId('act', HTMLDialogElement);
const form = byId('act-form', HTMLFormElement);
const reason = byId('act-reason', HTMLTextAreaElement);
const outcome = byId('act-outcome', HTMLSelectElement);
const button = byId('act-do', HTMLButtonElement);
const problem = byId('act-problem');

/** 128 random bits: every click on the last button of one dialog is the same act. */
function makeActId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * @param {Payout} payout as it is shown
 * @param {Action} action
 * @param {string | null} etag
 */
export function openAct(payout, action, etag) {
  const { name, does, confirm } = WORDS.actions[action];
  const id = makeActId();
  dialog.dataset.act = id;
  form.reset();
  byId('act-title').textContent = `${name}: ${payout.clientOrderId}`;
  const to = payout.destination === null ? '' : ` to ${payout.destination}`;
  byId('act-about').textContent = `${writeAmount(payout.amount, payout.currency)}${to}. ${does}`;
  byId('act-confirm').textContent = confirm;
  problem.textContent = '';
  byId('act-outcome-part').hidden = action !== 'resolve';
  outcome.required = action === 'resolve';
  button.textContent = `${name} now`;
  button.disabled = false;
  form.onsubmit = (event) => {
    event.preventDefault();
    void act(payout, action, { id, etag });
  };
  dialog.showModal();
}

/**
 * Sends an act on the payout that the dialog names, as it was shown. When the answer comes, the dialog may be closed, or another's.
 * @param {Payout} payout
 * @param {Action} action
 * @param {{ id: string, etag: string | null }} seen
 */
async function act({ clientOrderId, attention }, action, { id, etag }) {
  const body = {
    reason: reason.value.trim(),
    ...(action === 'resolve' ? { outcome: outcome.value } : {}),
    ...(action === 'acknowledge' ? { attention } : {}),
  };
  const isShown = () => dialog.open && dialog.dataset.act === id;
  const what = `${WORDS.actions[action].name.toLowerCase()}, ${clientOrderId}`;
  button.disabled = true;
  problem.textContent = '';
  try {
    await ask(`payouts/${encodeURIComponent(clientOrderId)}/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': id, 'if-match': String(etag) },
      body: JSON.stringify(body),
    });
    if (isShown()) await redraw();
    say(`Done: ${what}.`);
  } catch (error) {
    const { message, status } = error instanceof Refused ? error : new Refused(String(error), 0);
    if (!isShown()) return complain(new Refused(`Not done: ${what}. ${message}`, status));
    if (isSignedOut(error)) dialog.close();
    problem.textContent = message;
    button.disabled = false;
  }
}

export function startActs() {
  outcome.append(...WORDS.resolutions.map((name) => make('option', { value: name, text: spaced(name) })));
  byId('act-back').addEventListener('click', () => dialog.close());
}
