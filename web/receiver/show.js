import { writeTimes } from './times.js';

/**
 * Puts the content of a new page in the place of the old one.
 * @param {HTMLElement} main
 * @param {string} html
 */
export function show(main, html) {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const next = page.getElementById('payment');
  if (next === null) return;
  writeTimes(next);
  main.replaceChildren(...next.childNodes);
  for (const name of ['stage', 'tag', 'over']) main.dataset[name] = next.dataset[name] ?? '';
  document.title = page.title;
  main.dispatchEvent(new Event('news'));
}

/** What was sent and may not have arrived matters more than a page that is out of date: it stays until it is sent again. */
export const isUnsent = () => document.getElementById('offline')?.dataset.said === 'sending';

/**
 * Says above the page that there is no connection, and what that means here; null once there is one.
 * @param {'following' | 'sending' | null} what
 */
export function sayOffline(what) {
  const place = document.getElementById('offline');
  if (place === null) return;
  const text = what === null ? '' : (place.dataset[what] ?? '');
  if (place.textContent !== text) place.textContent = text;
  place.dataset.said = what ?? '';
  place.hidden = what === null;
}
