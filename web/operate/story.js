import { compareMoney, isAmount, writeAmount } from './amount.js';
import { make, spaced, text } from './dom.js';
import { sayAfter } from './question.js';
import { makeTime } from './times.js';
import { sayStep, WORDS } from './words.js';

/** @import { Payout, Step } from '../../src/api/operate/page' */

/** What came after the end is told apart from what led to it. */
const LATE = 'late: ';

/**
 * The last thing that a source said.
 * @param {readonly Step[]} steps
 * @param {string} source
 */
const lastOf = (steps, source) =>
  steps.findLast((step) => step.source === source && !step.what.startsWith(LATE)) ?? null;

/** @param {Step} step @param {Payout} payout */
const isOfAnother = ({ orderId }, payout) => orderId !== null && payout.orderId !== null && orderId !== payout.orderId;

/** @param {Step | null} step @param {Payout} payout @param {string} [none] */
function tell(step, payout, none = 'nothing') {
  if (step === null) return text(none);
  const other = isOfAnother(step, payout)
    ? make('span', { class: 'bad', text: ` for another order, ${step.orderId},` })
    : ',';
  return make('span', null, sayStep(step.what), other, ' ', makeTime(step.at), ' UTC');
}

/** @param {Payout} payout */
export const askedAmount = ({ amount, currency }) => writeAmount(amount, currency);

/** @param {Payout} payout marked when it is not what was asked for */
export function reportedAmount({ amount, currency, actualAmount, actualCurrency }) {
  if (actualAmount === null) return text('amount not reported');
  // The gateway's own word: it may be no amount at all.
  if (!isAmount(actualAmount)) return make('span', { class: 'bad', text: `${actualAmount} ${actualCurrency ?? ''}` });
  const isOther = compareMoney({ amount, currency }, { amount: actualAmount, currency: actualCurrency }) !== 0;
  return make('span', { class: isOther ? 'bad' : null, text: writeAmount(actualAmount, actualCurrency ?? '') });
}

/**
 * Who settled it. What a person settled is never called confirmed: the gateway did not say it.
 * @param {Payout} payout
 */
export function writeSettledBy({ settledBy, confirmed }) {
  if (settledBy === null) return '';
  const by = `Settled by ${WORDS.settledBy[settledBy] ?? settledBy}`;
  if (settledBy === 'operator' || settledBy === 'clock') return by;
  return `${by}, ${confirmed ? 'confirmed' : 'not confirmed by an order status'}`;
}

/** A reset forgets what came after it: that no answer is known says nothing of a send. @param {readonly Step[]} steps @param {Payout} payout */
function tellSend(steps, payout) {
  const step = lastOf(steps, 'submission');
  const isForgotten = step === null && steps.some(({ what }) => what === 'reset');
  return isForgotten ? text('not known: the workflow was reset') : tell(step, payout);
}

/** Of polls before the final status the timeline keeps few: that it has none does not mean that the gateway was silent. @param {readonly Step[]} steps @param {Payout} payout */
const tellPoll = (steps, payout) =>
  tell(lastOf(steps, 'poll'), payout, payout.orderId === null ? 'nothing' : 'none final yet');

/**
 * What the dialog of an act shows: both amounts, the order, and what each source said and when.
 * @param {Payout} payout
 * @param {readonly Step[]} steps
 * @returns {Readonly<Record<string, Node | string | null>>}
 */
export const factsFor = (payout, steps) => ({
  'We asked for': askedAmount(payout),
  'Gateway reports': reportedAmount(payout),
  To: payout.destination,
  'Order id': payout.orderId ?? 'not known',
  'Create call': tellSend(steps, payout),
  'Order status': tellPoll(steps, payout),
  Callback: tell(lastOf(steps, 'callback'), payout),
});

/**
 * What the dialog of an approval shows. Of a payout that was not sent the gateway has said nothing.
 * @param {Payout} payout
 * @param {readonly Step[]} steps
 * @returns {Readonly<Record<string, Node | string | null>>}
 */
export function approvalFacts(payout, steps) {
  const { approval, reference, destination, executeAt } = payout;
  if (approval === null) return factsFor(payout, steps);
  const isSend = approval.of === 'send';
  const asked = isSend ? undefined : steps.findLast(({ what }) => what.endsWith('_asked'));
  return {
    ...(isSend ? { 'We asked for': askedAmount(payout), To: destination } : factsFor(payout, steps)),
    Reference: reference ?? null,
    'Send at (UTC)': executeAt === null ? null : makeTime(executeAt),
    'To be done': spaced(approval.of),
    'After it': sayAfter(payout, approval.of),
    'Asked for by': approval.requestedBy,
    'Their reason': asked?.reason ?? null,
    Rule: approval.rule,
    'The hook says': approval.reason,
    Approved: [`${approval.approvedBy.length} of ${approval.needed}`, ...approval.approvedBy].join(', '),
  };
}

/**
 * The payout as a story: who said what.
 * @param {Payout} payout
 * @param {readonly Step[]} steps
 * @param {{ next: { what: keyof typeof WORDS.next, at: string } | null, deadline: string | null }} ahead
 */
export function makeStory(payout, steps, { next, deadline }) {
  const act = steps.findLast(({ actor }) => actor !== null) ?? null;
  /** @type {(title: string, ...parts: (Node | string | null)[]) => Node} */
  const card = (title, ...parts) => make('div', null, make('dt', { text: title }), make('dd', null, ...parts));
  const line = (/** @type {string} */ label, /** @type {Node | string} */ value) =>
    make('p', null, `${label}: `, value);
  return [
    card(
      'We asked',
      make('p', { class: 'big', text: askedAmount(payout) }),
      make('p', {
        text: payout.destination === null ? 'to a Receiver who has not said where' : `to ${payout.destination}`,
      }),
      line('Accepted', makeTime(payout.createdAt)),
    ),
    card(
      'The gateway said',
      make('p', { class: 'big' }, reportedAmount(payout)),
      line('Create call', tellSend(steps, payout)),
      line('Order status', tellPoll(steps, payout)),
    ),
    card('The callback said', make('p', null, tell(lastOf(steps, 'callback'), payout))),
    ...(payout.lateEvents.length === 0
      ? []
      : [
          card(
            'After the end',
            ...payout.lateEvents.map(({ what, at, confirmed }) =>
              make(
                'p',
                null,
                make('b', { text: what }),
                confirmed ? ', the gateway confirms it, ' : ', by a callback alone, ',
                makeTime(at),
                ' UTC',
              ),
            ),
          ),
        ]),
    card(
      'A person',
      act === null
        ? make('p', { text: 'no one has acted' })
        : make('p', null, `${act.actor}: ${sayStep(act.what)}, `, makeTime(act.at), ` UTC. ${act.reason ?? ''}`),
    ),
    ...(next === null && deadline === null
      ? []
      : [
          card(
            'Next',
            next === null
              ? null
              : make(
                  'p',
                  null,
                  `${next.what === 'watch' ? 'Until ' : ''}`,
                  makeTime(next.at),
                  ` UTC: ${WORDS.next[next.what]}`,
                ),
            deadline === null ? null : line('Deadline', makeTime(deadline)),
          ),
        ]),
  ];
}
