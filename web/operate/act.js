import { byId, make, makeFacts, spaced } from './dom.js';
import { complain, isSignedOut, Refused, redraw, say } from './page.js';
import { WORDS } from './words.js';

/** @import { Words } from '../../src/api/operate/page' */

/**
 * Something a person may do, as the dialog asks for it.
 * @typedef {object} Act
 * @property {Words['resendNotification']} words
 * @property {string} subject what it is done to
 * @property {Readonly<Record<string, Node | string | null>>} facts what is known of it
 * @property {boolean} [asksOutcome]
 * @property {boolean} [asksTime]
 * @property {string | null} [typed] what is typed before it is done, because it cannot be undone
 * @property {{ word: string, says: string } | null} [lastWord] what the gateway said last, and what is said of another outcome
 * @property {string | null} [etag] of what was seen
 * @property {(order: Order) => Promise<Readonly<Record<string, Node | string | null>> | void>} run answers with results to be shown
 */
/** @typedef {{ id: string, reason: string, outcome: string, executeAt: string }} Order */

const dialog = byId('act', HTMLDialogElement);
const form = byId('act-form', HTMLFormElement);
const reason = byId('act-reason', HTMLTextAreaElement);
const outcome = byId('act-outcome', HTMLSelectElement);
const typed = byId('act-typed', HTMLInputElement);
const time = byId('act-time', HTMLInputElement);
const button = byId('act-do', HTMLButtonElement);
const problem = byId('act-problem');
/** @type {Act | null} */
let shown = null;

/** 128 random bits: every click on the last button of one dialog is the same act. */
export function makeActId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {Act} act */
export function openAct(act) {
  const { words, subject, facts, asksOutcome = false, asksTime = false } = act;
  const id = makeActId();
  shown = act;
  dialog.dataset.act = id;
  form.reset();
  byId('act-title').textContent = `${words.name}: ${subject}`;
  byId('act-about').textContent = words.does;
  byId('act-facts').replaceChildren(...makeFacts(facts));
  byId('act-confirm').textContent = words.confirm;
  problem.textContent = '';
  byId('act-outcome-part').hidden = !asksOutcome;
  outcome.required = asksOutcome;
  byId('act-time-part').hidden = !asksTime;
  time.required = asksTime;
  button.textContent = words.name.endsWith('now') ? words.name : `${words.name} now`;
  button.className = typeof act.typed === 'string' ? 'danger' : '';
  button.disabled = false;
  button.hidden = false;
  reason.disabled = false;
  askToType();
  form.onsubmit = (event) => {
    event.preventDefault();
    void perform(act, id);
  };
  dialog.showModal();
}

/** What cannot be undone is done by typing the id; to follow a payout again can be. */
function askToType() {
  const { typed: wanted = null, lastWord = null } = shown ?? {};
  const isAsked = wanted !== null && outcome.value !== 'processing';
  const isAgainst = isAsked && lastWord !== null && outcome.value !== '' && outcome.value !== lastWord.word;
  byId('act-typed-part').hidden = !isAsked;
  byId('act-typed-label').textContent = `This cannot be undone. Type ${wanted}`;
  typed.required = isAsked;
  byId('act-against').hidden = !isAgainst;
  byId('act-against').textContent = isAgainst ? lastWord.says : '';
  checkTyped();
}

function checkTyped() {
  const isRight = !typed.required || typed.value.trim() === shown?.typed;
  typed.setCustomValidity(isRight ? '' : `Type ${shown?.typed}.`);
}

/**
 * Does what the dialog names, as it was shown. When the answer comes, the dialog may be closed, or another's.
 * @param {Act} act
 * @param {string} id
 */
async function perform(act, id) {
  const isShown = () => dialog.open && dialog.dataset.act === id;
  const what = `${act.words.name.toLowerCase()}, ${act.subject}`;
  button.disabled = true;
  problem.textContent = '';
  try {
    const order = { id, reason: reason.value.trim(), outcome: outcome.value, executeAt: `${time.value}Z` };
    const results = await act.run(order);
    if (!results) {
      if (isShown()) {
        dialog.close();
        await redraw();
      }
      return say(`Done: ${what}.`);
    }
    if (!isShown()) return say(`Done: ${what}.`);
    byId('act-about').textContent = 'Results:';
    byId('act-facts').replaceChildren(...makeFacts(results));
    button.hidden = true;
    reason.disabled = true;
    byId('act-back').focus();
    dialog.addEventListener('close', () => void redraw(), { once: true });
  } catch (error) {
    const { message, status } = error instanceof Refused ? error : new Refused(String(error), 0);
    if (!isShown()) return complain(new Refused(`Not done: ${what}. ${message}`, status));
    if (isSignedOut(error)) dialog.close();
    problem.textContent = message;
    button.disabled = false;
  }
}

/**
 * What the dialog shows is not so any more: it can only be closed.
 * @param {string | null} etag of what is so now
 */
export function noticeChange(etag) {
  if (!dialog.open || shown?.etag === undefined || shown.etag === etag || button.disabled) return;
  button.disabled = true;
  problem.textContent = 'The payout has changed since you opened this: go back and look at it again.';
}

export function startActs() {
  outcome.append(...WORDS.resolutions.map((name) => make('option', { value: name, text: spaced(name) })));
  outcome.addEventListener('change', askToType);
  typed.addEventListener('input', checkTyped);
  byId('act-back').addEventListener('click', () => dialog.close());
}
