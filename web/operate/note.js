import { makeActId } from './act.js';
import { post } from './api.js';
import { byId } from './dom.js';
import { canAct } from './me.js';
import { complain, redraw, say } from './page.js';

/** @import { Payout } from '../../src/api/operate/page' */
/** @import { Me } from './me.js' */

const form = byId('note', HTMLFormElement);
const field = byId('note-text', HTMLTextAreaElement);

/** A text is one note, however often it is sent. */
let actId = '';

/** @param {Payout} payout @param {Me} me */
export function showNote({ clientOrderId, allowedActions }, me) {
  form.hidden = !allowedActions.includes('note') || !canAct(me);
  if (form.dataset.of === clientOrderId) return;
  form.dataset.of = clientOrderId;
  form.reset();
  actId = makeActId();
}

async function sendNote() {
  const { of = '' } = form.dataset;
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
  button.disabled = true;
  byId('problem').textContent = '';
  try {
    await post(`payouts/${encodeURIComponent(of)}/note`, { reason: field.value.trim() }, { actId });
    if (form.dataset.of !== of) return;
    form.reset();
    actId = makeActId();
    await redraw();
    say(`Done: add a note, ${of}.`);
  } catch (error) {
    complain(error);
  } finally {
    button.disabled = false;
  }
}

export function startNote() {
  field.addEventListener('input', () => {
    actId = makeActId();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void sendNote();
  });
}
