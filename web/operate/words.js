import { make, spaced } from './dom.js';

/** @import { Words } from '../../src/api/operate/page' */

/**
 * The names of states, reasons and acts, and their texts: those of the server's version.
 * @type {Words}
 */
export const WORDS = await (await fetch('operate/words.json')).json();

const SEND = /^(not_sent|unconfirmed)_(.+)$/;

/** @param {string} what a step of a timeline, in words */
export function sayStep(what) {
  if (what.startsWith('late: ')) return `after the end: ${what.slice('late: '.length)}`;
  const [, act = what, asked = '', time = ''] =
    /^(resend|resolve_[a-z]+|reschedule)(_asked)?(?:_(\d.*))?$/.exec(what) ?? [];
  if (asked !== '') return `${spaced(act)}: asked for, waits for approvals`;
  if (time !== '') return `reschedule to ${time.slice(0, 16).replace('T', ' ')} UTC`;
  const known = WORDS.steps[what];
  if (known !== undefined) return known;
  const [, how, cause = ''] = SEND.exec(what) ?? [];
  // The gateway's own words stay as they are.
  if (how === undefined) return what;
  return `${how === 'not_sent' ? 'not sent' : 'perhaps sent'}: ${WORDS.causes[cause] ?? spaced(cause)}`;
}

/** @param {string} source */
export const saySource = (source) => WORDS.sources[source] ?? source;

/** Why a person should look, leading to the runbook; a reason that passes by itself is quieter. @param {string} attention */
export const makeReason = (attention) =>
  make('a', {
    class: WORDS.passing.includes(attention) ? 'reason passing' : 'reason',
    href: /^(awaiting|act_awaits)_approval$/.test(attention) ? '#/approvals' : `#/reasons/${attention}`,
    text: spaced(attention),
  });
