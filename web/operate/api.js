import { isAborted, Refused, showSignIn } from './page.js';
import { dropKey, readKey } from './session.js';

/** @type {Readonly<Record<string, string>>} */
const FAILURES = {
  unauthenticated: 'This API key is not valid, or no longer valid.',
  not_permitted: 'Your key does not permit this.',
  not_found: 'There is no such payout or batch.',
  not_allowed: 'The payout does not allow this now.',
  changed: 'The payout has changed since you opened it: look at it again.',
  payout_unreadable: 'The payout exists, but its stored data cannot be read.',
  too_many_requests: 'Too many requests: wait a moment.',
  temporal_unavailable: 'Temporal does not answer. Nothing is lost; try again soon.',
  internal: 'Something is wrong in the API. Its log says more.',
};

/** @param {Response} response */
async function explain(response) {
  const problem = await response.json().catch(() => ({}));
  /** @type {readonly { row?: number, field: string, expected: string }[]} */
  const errors = problem.errors ?? [];
  const what = FAILURES[problem.code] ?? problem.title ?? `The API answered ${response.status}.`;
  // Errors of rows are many: they are shown as a table.
  const needs = errors
    .filter(({ row }) => row === undefined)
    .map(({ field, expected }) => `${field}: expected ${expected}`);
  return new Refused([what, ...needs].join(' '), response.status, errors);
}

/**
 * One request to the API with the key of this tab. A missing or wrong key brings up the sign-in.
 * @param {string} path
 * @param {RequestInit} [init]
 * @throws {Refused}
 */
export async function ask(path, init) {
  const key = readKey();
  const headers = { ...init?.headers, ...(key === null ? {} : { authorization: `Bearer ${key}` }) };
  const response = await fetch(path, { ...init, headers, credentials: 'omit', cache: 'no-store' }).catch((error) => {
    throw isAborted(error) ? error : new Refused('The API cannot be reached.', 0);
  });
  // A file with errors is an answer too.
  const isFile = response.headers.get('content-type')?.startsWith('text/csv') === true;
  if (response.ok || response.status === 304 || isFile) return response;
  const refused = await explain(response);
  // A key that was entered since is not the one that was refused.
  if (response.status === 401 && readKey() === key) {
    void dropKey();
    showSignIn(key === null ? '' : refused.message);
  }
  throw refused;
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
export const askJson = async (path, init) => (await ask(path, init)).json();

/**
 * An act of an operator: done once, however often it is sent with the same id; on what was seen alone, where that has a tag.
 * @param {string} path
 * @param {object} body
 * @param {{ actId: string, etag?: string | null }} seen
 */
export const post = (path, body, { actId, etag }) =>
  ask(path, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', 'idempotency-key': actId },
      ...(etag ? { 'if-match': etag } : {}),
    },
    body: JSON.stringify(body),
  });
