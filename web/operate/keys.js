import { byId } from './dom.js';
import { focusLine } from './table.js';

const help = byId('help', HTMLDialogElement);

/** @param {number} step to the line below or above the one with the focus */
function moveTo(step) {
  if (!byId('payout').hidden) return document.getElementById(step > 0 ? 'place-next' : 'place-previous')?.click();
  const lines = [...document.querySelectorAll('main > section:not([hidden]) tbody tr')];
  const at = lines.findIndex((line) => line.contains(document.activeElement));
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), lines.length - 1);
  const line = lines[next];
  if (line instanceof HTMLTableRowElement) focusLine(line);
}

/** @type {Readonly<Record<string, () => void>>} */
const KEYS = {
  j: () => moveTo(1),
  k: () => moveTo(-1),
  x: () => {
    const box = document.activeElement?.closest('tr')?.querySelector('input.tick');
    if (box instanceof HTMLInputElement) box.click();
  },
  '/': () => byId('q').focus(),
  '?': () => help.showModal(),
  u: () => history.back(),
};

/** Single keys, where nothing is typed and no dialog is open. Enter follows the link with the focus, as everywhere. */
export function startKeys() {
  document.addEventListener('keydown', (event) => {
    const { target, key } = event;
    const isTyping = target instanceof HTMLElement && target.matches('input:not([type=checkbox]), textarea, select');
    if (key === 'Escape' && target === byId('q')) byId('main').focus();
    const act = KEYS[key];
    if (isTyping || act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]') !== null) return;
    event.preventDefault();
    act();
  });
  byId('help-close').addEventListener('click', () => help.close());
  byId('help-open').addEventListener('click', () => help.showModal());
}
