import { byId } from './dom.js';
import { readKey } from './session.js';

/** A request that did not work, in words. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {number} status 0 when there was no answer
   * @param {readonly { row?: number, field: string, expected: string }[]} [errors] as they were answered
   */
  constructor(message, status, errors = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** @param {unknown} error */
export const isAborted = (error) => error instanceof Error && error.name === 'AbortError';
/** @param {unknown} error */
export const isSignedOut = (error) => error instanceof Refused && error.status === 401;

const SAID_MS = 10_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let unsaying;

/** @param {string} message shown for a while beside what the page shows */
export function say(message) {
  byId('status').textContent = message;
  clearTimeout(unsaying);
  unsaying = setTimeout(() => byId('status').replaceChildren(), SAID_MS);
}

/**
 * Shows why something did not work; the sign-in explains itself.
 * @param {unknown} error
 * @param {string} [more] what is said after it
 */
export function complain(error, more = '') {
  if (isAborted(error) || isSignedOut(error)) return;
  const message = error instanceof Error ? error.message : String(error);
  byId('problem').textContent = (error instanceof Refused ? message : `This page failed: ${message}`) + more;
}

/** @typedef {'sign-in' | 'queue' | 'approvals' | 'limits' | 'list' | 'payout' | 'batches' | 'batch' | 'day' | 'reasons'} Section */
/** @type {readonly Section[]} */
const SECTIONS = ['sign-in', 'queue', 'approvals', 'limits', 'list', 'payout', 'batches', 'batch', 'day', 'reasons'];
/** The link of the navigation that leads to each. @type {Readonly<Partial<Record<Section, string>>>} */
const PLACES = {
  queue: '#/',
  approvals: '#/approvals',
  limits: '#/limits',
  list: '#/payouts',
  batches: '#/batches',
  day: '#/day',
  reasons: '#/reasons',
};

/** @param {string} title */
export function setTitle(title) {
  document.title = `${title} · Payouts`;
}

/**
 * @param {Section} section
 * @param {string} title
 */
export function show(section, title) {
  for (const id of SECTIONS) byId(id).hidden = id !== section;
  const pages = byId('pages');
  for (const part of [pages, byId('search')]) part.hidden = section === 'sign-in';
  for (const link of pages.querySelectorAll('a')) {
    const isShown = link.getAttribute('href') === PLACES[section];
    if (isShown) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
    // On a narrow screen they are a line that is swiped.
    if (isShown) pages.scrollLeft = link.offsetLeft - pages.offsetLeft - 16;
  }
  byId('sign-out').hidden = readKey() === null;
  setTitle(title);
}

/** @param {string} why */
export function showSignIn(why) {
  show('sign-in', 'Sign in');
  say('');
  byId('who').textContent = '';
  byId('problem').textContent = why;
  byId('key').focus();
}

/** @type {() => Promise<void>} */
let draw = async () => {};

/** @param {() => Promise<void>} next what draws the page that the address asks for */
export function drawWith(next) {
  draw = next;
}

export const redraw = () => draw();

/** @param {string} address the part behind `#` */
export function go(address) {
  if (location.hash === `#${address}`) void redraw();
  else location.hash = address;
}
