import { byId } from './dom.js';
import { complain, isSignedOut } from './page.js';

/**
 * Reads again and again while a page is shown and looked at. What cannot be read is taken from the page, and said.
 * @param {() => Promise<unknown>} read
 * @param {{ signal: AbortSignal, everyMs: () => number, clear: () => void }} how
 */
export async function follow(read, { signal, everyMs, clear }) {
  let isFailing = false;
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, everyMs()));
    if (signal.aborted) return;
    if (document.hidden) continue;
    try {
      await read();
      if (isFailing) byId('problem').textContent = '';
      isFailing = false;
    } catch (error) {
      if (signal.aborted || isSignedOut(error)) return;
      isFailing = true;
      clear();
      complain(error, ' This page tries again by itself.');
    }
  }
}
