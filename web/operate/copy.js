import { make } from './dom.js';
import { say } from './page.js';

/** @param {string} text */
export const copy = (text) =>
  navigator.clipboard.writeText(text).then(
    () => say(`Copied ${text}.`),
    () => say('The browser does not allow it.'),
  );

/** A text with a button that copies it; without one where the browser has no clipboard for this page. @param {string} text */
export function makeCopied(text) {
  if (navigator.clipboard === undefined) return text;
  const button = make('button', { type: 'button', class: 'quiet small', 'aria-label': `Copy ${text}`, text: 'Copy' });
  button.addEventListener('click', () => void copy(text));
  return make('span', { class: 'copied' }, text, ' ', button);
}
