import { noticeChange } from './act.js';
import { ask, askJson } from './api.js';
import { byId, spaced } from './dom.js';
import { readMe } from './me.js';
import { complain, isSignedOut, say, show } from './page.js';
import { drawParts } from './payout-parts.js';
import { showPlace } from './place.js';

/** @import { Payout } from '../../src/api/operate/page' */

/** How long one request waits for a change. */
const WAIT_S = 20;
const RETRY_MS = 3_000;
/** The API waits for no change of a closed payout: what a person or a late event does to it is looked for. */
const CLOSED_MS = 10_000;

/**
 * Leaves no fact and no act of any payout on the page: before another is read, and while reading fails.
 * @param {string} title
 */
export function clearPayout(title) {
  byId('act', HTMLDialogElement).close();
  byId('payout-body').hidden = true;
  byId('payout-title').textContent = title;
  for (const part of ['state', 'attention', 'story', 'facts', 'actions', 'timeline'])
    byId(`payout-${part}`).replaceChildren();
}

/**
 * Draws a payout and follows it while it is shown. Resolves when it was drawn once.
 * @param {string} clientOrderId
 * @param {AbortSignal} signal
 */
export async function showPayout(clientOrderId, signal) {
  const path = `payouts/${encodeURIComponent(clientOrderId)}`;
  clearPayout(clientOrderId);
  show('payout', clientOrderId);
  showPlace(clientOrderId);
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
  const timeline = await askJson(`${path}/timeline`, { signal });
  const me = await readMe();
  signal.throwIfAborted();
  drawParts({ payout, timeline, etag, me });
  noticeChange(etag);
  byId('payout-body').hidden = false;
  const isClosed = payout.outcome !== null || payout.attention === 'not_followed';
  return { etag, isClosed, state: payout.state, title: payout.clientOrderId };
}

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * @param {string} path
 * @param {Awaited<ReturnType<typeof drawAnswer>>} drawn
 * @param {AbortSignal} signal
 */
async function follow(path, drawn, signal) {
  let known = drawn;
  while (!signal.aborted) {
    try {
      const { etag, isClosed } = known;
      if (isClosed) await pause(CLOSED_MS);
      if (signal.aborted) return;
      if (isClosed && document.hidden) continue;
      /** @type {Record<string, string>} */
      const headers = etag === null ? {} : { 'if-none-match': etag };
      const response = await ask(etag === null || isClosed ? path : `${path}?wait=${WAIT_S}`, { signal, headers });
      if (response.status === 304) continue;
      const { state } = known;
      known = await drawAnswer(response, path, signal);
      byId('problem').textContent = '';
      say(known.state === state ? 'The timeline has something new.' : `Changed: ${spaced(known.state)}.`);
    } catch (error) {
      if (signal.aborted || isSignedOut(error)) return;
      clearPayout(known.title);
      complain(error, ' This page tries again by itself.');
      known = { ...known, etag: null };
      await pause(RETRY_MS);
    }
  }
}
