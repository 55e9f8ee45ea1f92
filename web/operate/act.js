import { byId, make, makeFacts } from './dom.js';
import { complain, isSignedOut, Refused, redraw, say } from './page.js';

/** @import { Words } from '../../src/api/operate/page' */

/**
 * Something a person may do, as the dialog asks for it.
 * @typedef {object} Act
 * @property {Words['resendNotification']} words
 * @property {string} subject what it is done to
 * @property {Readonly<Record<string, Node | string | null>>} facts what is known of it
 * @property {{ asks: string, answers: readonly Answer[] }} [question] what is asked first, so that what is done follows from it
 * @property {boolean} [asksTime]
 * @property {string | null} [typed] what is typed before it is done, because it cannot be undone
 * @property {string | null} [etag] of what was seen
 * @property {(order: Order) => Promise<Readonly<Record<string, Node | string | null>> | void>} run answers with results to be shown
 */
/**
 * @typedef {object} Answer
 * @property {string} value
 * @property {string} says
 * @property {string} after what is true once it is done
 * @property {string} button empty: then nothing may be done
 * @property {boolean} [isForGood]
 * @property {{ word: string, tells: Node } | null} [against] what the gateway said that it contradicts
 */
/** @typedef {{ id: string, reason: string, answer: Answer | null, executeAt: string }} Order */

const dialog = byId('act', HTMLDialogElement);
const form = byId('act-form', HTMLFormElement);
const reason = byId('act-reason', HTMLTextAreaElement);
const typed = byId('act-typed', HTMLInputElement);
const both = byId('act-both', HTMLInputElement);
const time = byId('act-time', HTMLInputElement);
const button = byId('act-do', HTMLButtonElement);
const problem = byId('act-problem');
const FIRST = ['act-facts', 'act-confirm', 'act-question', 'act-after', 'act-rest'];
/** @type {Act | null} */
let shown = null;
/** @type {Answer | null} */
let answer = null;

/** 128 random bits: every click on the last button of one dialog is the same act. */
export function makeActId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {Act} act */
export function openAct(act) {
  const { words, subject, facts, question, asksTime = false } = act;
  const id = makeActId();
  shown = act;
  dialog.dataset.act = id;
  form.reset();
  byId('act-title').textContent = `${words.name}: ${subject}`;
  byId('act-about').textContent = words.does;
  byId('act-facts').replaceChildren(...makeFacts(facts));
  byId('act-confirm').textContent = words.confirm;
  problem.textContent = '';
  byId('act-asks').textContent = question?.asks ?? '';
  byId('act-answers').replaceChildren(...(question?.answers ?? []).map(makeAnswer));
  byId('act-time-part').hidden = !asksTime;
  time.required = asksTime;
  button.disabled = false;
  reason.disabled = false;
  choose(null);
  form.onsubmit = (event) => {
    event.preventDefault();
    // Enter in a field sends a form whose button is not to be seen.
    if (button.hidden || button.disabled) return;
    if (answer?.against && byId('act-against').hidden) showContradiction(answer, answer.against);
    else void perform(act, id);
  };
  dialog.showModal();
}

/** @param {Answer} each */
function makeAnswer(each) {
  const box = make('input', { type: 'radio', name: 'answer', value: each.value, required: true });
  box.addEventListener('change', () => choose(each));
  return make('label', { class: 'box' }, box, ` ${each.says}`);
}

/**
 * What follows from an answer: what will be true, and the button that makes it so. Before the question is answered nothing is offered.
 * @param {Answer | null} chosen
 */
function choose(chosen) {
  const { question, words, typed: wanted = null } = /** @type {Act} */ (shown);
  answer = chosen;
  const isForGood = wanted !== null && (chosen === null || chosen.isForGood === true);
  const isOffered = question === undefined || Boolean(chosen?.button);
  showFirst();
  byId('act-after').textContent =
    chosen === null ? '' : `${chosen.after}${isForGood && isOffered ? ' This cannot be undone.' : ''}`;
  byId('act-rest').hidden = !isOffered;
  byId('act-typed-part').hidden = !isForGood;
  byId('act-typed-label').textContent = `${question === undefined ? 'This cannot be undone. ' : ''}Type ${wanted}`;
  typed.required = isForGood;
  button.hidden = !isOffered;
  button.textContent = chosen?.button || (words.name.endsWith('now') ? words.name : `${words.name} now`);
  button.className = isForGood ? 'danger' : '';
  checkTyped();
}

function showFirst() {
  byId('act-against').hidden = true;
  both.required = false;
  for (const id of FIRST) byId(id).hidden = false;
  byId('act-question').hidden = shown?.question === undefined;
}

/**
 * The second step of what contradicts the gateway: what it said beside what the person says, and both are typed.
 * @param {Answer} mine
 * @param {NonNullable<Answer['against']>} theirs
 */
function showContradiction(mine, theirs) {
  for (const id of FIRST) byId(id).hidden = true;
  byId('act-against').hidden = false;
  const words = { 'The gateway said': theirs.tells, 'You say': `${mine.says}. ${mine.after} This cannot be undone.` };
  byId('act-words').replaceChildren(...makeFacts(words));
  byId('act-both-label').textContent = `Type: ${bothOf(mine, theirs)}`;
  button.textContent = `${mine.button}, against ${theirs.word}`;
  both.required = true;
  both.value = '';
  checkTyped();
  both.focus();
}

/** @param {Answer} mine @param {NonNullable<Answer['against']>} theirs */
const bothOf = (mine, theirs) => `${mine.value} not ${theirs.word}`;

function checkTyped() {
  /** @type {(input: HTMLInputElement, wanted: string | null | undefined) => void} */
  const check = (input, wanted) =>
    input.setCustomValidity(!input.required || input.value.trim() === wanted ? '' : `Type ${wanted}.`);
  check(typed, shown?.typed);
  check(both, answer?.against ? bothOf(answer, answer.against) : null);
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
    const results = await act.run({ id, reason: reason.value.trim(), answer, executeAt: `${time.value}Z` });
    if (!results) {
      if (isShown()) {
        dialog.close();
        await redraw();
        if (document.activeElement === document.body) byId('main').focus({ preventScroll: true });
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
  for (const input of [typed, both]) input.addEventListener('input', checkTyped);
  byId('act-back').addEventListener('click', () => {
    if (byId('act-against').hidden) return dialog.close();
    choose(answer);
    reason.focus();
  });
}
