import { ATTENTION_ADVICE } from '../../domain/attention-advice';
import { ACTIONS } from '../../domain/operator';
import { ACTION_TEXTS, STATE_TEXTS } from './operate-texts';

/** First part of the page's script: its words, its elements, and how it asks the API. */
export const OPERATE_SCRIPT_BASE = String.raw`
const TEXTS = ${JSON.stringify({ actions: ACTION_TEXTS, attentions: ATTENTION_ADVICE, states: STATE_TEXTS, order: ACTIONS })};
const KEY = 'payouts-api-key';
const FINALS_GOOD = ['approved'];
const byId = (id) => document.getElementById(id);
const words = (name) => String(name).replaceAll('_', ' ');

/** An element with text and children. Text is only ever text: nothing here makes markup of it. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') element.textContent = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

function makeTime(at) {
  if (at === null) return document.createTextNode('');
  return make('time', { datetime: at, text: at.slice(0, 19).replace('T', ' ') });
}

function makeState(state, outcome) {
  if (state === null) return make('b', { class: 'bad', text: 'unknown' });
  const mood = outcome === null ? 'open' : FINALS_GOOD.includes(state) ? 'good' : 'bad';
  return make('b', { class: mood, text: words(state) });
}

/** Fills a table: a head line once, a line for each row; cells carry their label for narrow screens. */
function fillTable(table, columns, rows, isMore) {
  if (!isMore) {
    const head = columns.map(({ label, kind }) => make('th', { scope: 'col', text: label, class: kind }));
    table.replaceChildren(make('thead', null, make('tr', null, ...head)), make('tbody'));
    table.className = 'cards';
  }
  const lines = rows.map((row) =>
    make('tr', null, ...columns.map(({ label, kind, show }) => make('td', { 'data-label': label, class: kind }, ...[show(row)].flat()))),
  );
  table.tBodies[0].append(...lines);
  table.hidden = table.tBodies[0].rows.length === 0;
}

const text = (value) => document.createTextNode(value === null || value === undefined ? '' : String(value));

/** A failure of a request in words. */
class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const FAILURES = {
  unauthenticated: 'This API key is not valid, or not any more.',
  not_permitted: 'Your key does not permit this.',
  not_found: 'There is no such payout.',
  not_allowed: 'The payout does not allow this now.',
  changed: 'The payout has changed since this was opened: look at it again.',
  payout_unreadable: 'The payout exists, but what is stored of it cannot be read.',
  too_many_requests: 'Too many requests: wait a moment.',
  temporal_unavailable: 'Temporal does not answer. Nothing is lost; try again soon.',
  internal: 'Something is wrong in the API. Its log says more.',
};

async function explain(response) {
  const problem = await response.json().catch(() => ({}));
  const needs = (problem.errors || []).map(({ field, expected }) => field + ': expected ' + expected);
  return new Refused([FAILURES[problem.code] || problem.title || 'The API answered ' + response.status + '.', ...needs].join(' '), response.status);
}

/** One request to the API with the key of this tab. Throws Refused; a missing or wrong key brings up the sign-in. */
async function ask(path, init) {
  const key = sessionStorage.getItem(KEY);
  const headers = { ...(init && init.headers), ...(key === null ? {} : { authorization: 'Bearer ' + key }) };
  let response;
  try {
    response = await fetch(path, { ...init, headers, credentials: 'omit', cache: 'no-store' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refused('The API cannot be reached.', 0);
  }
  if (response.ok || response.status === 304) return response;
  const refused = await explain(response);
  // Not of a key that was entered since: that one was not refused.
  if (response.status === 401 && sessionStorage.getItem(KEY) === key) {
    sessionStorage.removeItem(KEY);
    showSignIn(key === null ? '' : refused.message);
  }
  throw refused;
}

const askJson = async (path, init) => (await ask(path, init)).json();

function tell(message) {
  byId('status').textContent = message;
}

/** Shows why something did not work; a sign-in that has come up says it itself. */
function complain(error) {
  if (error.name === 'AbortError' || error.status === 401) return;
  byId('problem').textContent = error instanceof Refused ? error.message : 'This page failed: ' + error.message;
}

function show(section, title) {
  for (const id of ['sign-in', 'list', 'payout', 'reasons']) byId(id).hidden = id !== section;
  byId('sign-out').hidden = sessionStorage.getItem(KEY) === null;
  document.title = title + ' · Payouts';
}

function showSignIn(why) {
  show('sign-in', 'Sign in');
  tell('');
  byId('problem').textContent = why;
  byId('key').focus();
}
`;
