import { isAmount, writeAmount } from './amount.js';
import { make } from './dom.js';
import { makeTime } from './times.js';
import { WORDS } from './words.js';

/** @import { Payout } from '../../src/api/operate/page' */
/** @import { Answer } from './act.js' */
/** @typedef {{ status: string, source: string, at: string } | null} LastWord the final status that the gateway reported last */

/** @param {NonNullable<LastWord>} word */
const tellWord = ({ status, source, at }) =>
  make('span', null, make('b', { text: status }), `, by ${WORDS.sources[source] ?? source}, `, makeTime(at), ' UTC');

/**
 * What is asked before a payout is resolved or sent again: what follows from each answer, and what the gateway said against it.
 * @param {'resolve' | 'resend'} action
 * @param {Payout} payout
 * @param {LastWord} lastWord
 * @returns {{ asks: string, answers: Answer[] }}
 */
export function questionFor(action, payout, lastWord) {
  const { asks, answers } = WORDS.questions[action];
  /** @type {[string, Pick<Answer, 'says' | 'after' | 'button'>][]} */
  const entries = Object.entries(answers);
  const amount = action === 'resolve' ? paidAmount(payout) : writeAmount(payout.amount, payout.currency);
  return {
    asks,
    answers: entries.map(([value, answer]) => {
      const isForGood = value !== 'processing';
      // Paid where the gateway says not paid, or the reverse; and what it has ended is not sent again.
      const isAgainst = action === 'resend' || (lastWord?.status === 'approved') !== (value === 'approved');
      const against =
        lastWord === null || !isForGood || !isAgainst ? null : { word: lastWord.status, tells: tellWord(lastWord) };
      return { ...answer, value, after: answer.after.replace('{amount}', () => amount), isForGood, against };
    }),
  };
}

/** What the Receiver has if it was paid, in words. @param {Payout} payout */
function paidAmount(payout) {
  const { actualAmount, actualCurrency } = payout;
  const asked = writeAmount(payout.amount, payout.currency);
  if (actualAmount === null || !isAmount(actualAmount)) return asked;
  const reported = writeAmount(actualAmount, actualCurrency ?? '');
  return reported === asked ? asked : `${reported}, not the ${asked} that we asked for`;
}

/** What is true once an act that waits for approvals is done. @param {Payout} payout @param {string} of */
export function sayAfter(payout, of) {
  const [action, value = 'none'] = of.split(' ');
  if (action !== 'resolve' && action !== 'resend') return null;
  return questionFor(action, payout, null).answers.find((answer) => answer.value === value)?.after ?? null;
}
