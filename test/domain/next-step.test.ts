import { deadlineOf, lastDeadline, nextStep } from '../../src/domain/next-step';
import { openPayout, type Payout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { COLLECTING, makeFinal, makeFollowed, makePayout, ORDER_ID, START_MS } from './samples';
import { CALL_MS, runVirtually } from './virtual-workflow';

const policy = DEFAULT_POLICY;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const at = (afterMs: number) => START_MS + afterMs;
const unasked = { status: 'approved', reason: null, atMs: START_MS, asked: false, reached: false } as const;

describe('what a payout needs now', () => {
  it.each([
    ['accepted', makePayout(), { step: 'submit' }],
    ['a send under way', makePayout({ state: 'sending', sendAttempts: 1 }), { step: 'await_submission' }],
    ['a claim not asked about', makeFollowed({ claim: unasked }), { step: 'confirm' }],
    ['final and confirmed', makeFinal('approved'), { step: 'finish' }],
    [
      'final, never to be confirmed',
      makeFinal('approved', { confirmed: false, confirmationGivenUp: true }),
      { step: 'finish' },
    ],
    [
      'in a person’s hands',
      makePayout({ state: 'needs_review', attention: 'conflict' }),
      { step: 'wait', watchUntilMs: null, alarm: null },
    ],
    [
      'waiting for the Receiver',
      makeFollowed({ state: 'awaiting_receiver' }),
      { step: 'wait', watchUntilMs: at(5 * MINUTE), alarm: null },
    ],
    ['in fast polling', makeFollowed(), { step: 'wait', watchUntilMs: at(5 * MINUTE), alarm: null }],
    [
      'final on a callback alone',
      makeFinal('approved', { confirmed: false }),
      { step: 'wait', watchUntilMs: at(5 * MINUTE), alarm: null },
    ],
    [
      'with a claim the gateway did not answer about',
      makeFollowed({ claim: { ...unasked, asked: true } }),
      { step: 'wait', watchUntilMs: at(5 * MINUTE), alarm: { atMs: at(MINUTE), cause: 'claim_expired' } },
    ],
    [
      'with a claim the gateway does not agree with yet',
      makeFollowed({ claim: { ...unasked, asked: true, reached: true } }),
      { step: 'wait', watchUntilMs: at(5 * MINUTE), alarm: null },
    ],
  ])('%s', (_name, payout, expected) => {
    expect(nextStep(payout, policy, at(SECOND))).toEqual(expected);
  });

  it.each([
    [0, 5 * SECOND],
    [5 * SECOND, 20 * SECOND],
    [20 * SECOND, 50 * SECOND],
    [2_030 * SECOND, 2_030 * SECOND + HOUR],
  ])('a doubt last asked about after %i ms asks again after %i ms, not before', (askedMs, nextMs) => {
    const doubt = makePayout({ state: 'unconfirmed', unconfirmedSinceMs: START_MS, lastAskedAtMs: at(askedMs) });
    const alarm = { atMs: at(nextMs), cause: 'ask' };
    expect(nextStep(doubt, policy, at(nextMs) - 1)).toEqual({ step: 'wait', watchUntilMs: null, alarm });
    expect(nextStep(doubt, policy, at(nextMs))).toEqual({ step: 'ask' });
  });

  it.each([
    [1, SECOND],
    [4, 8 * SECOND],
    [50, 5 * MINUTE],
  ])('after %i sends that did not leave it pauses %i ms', (sendAttempts, pauseMs) => {
    const unsent = makePayout({ state: 'sending', notSentAtMs: START_MS, sendAttempts });
    const alarm = { atMs: at(pauseMs), cause: 'send_again' };
    expect(nextStep(unsent, policy, at(pauseMs) - 1)).toEqual({ step: 'wait', watchUntilMs: null, alarm });
    expect(nextStep(unsent, policy, at(pauseMs))).toEqual({ step: 'submit' });
  });

  it.each([1, 4, 50])('while its endpoint is paused it pauses 30 s, whatever was tried before: %i', (sendAttempts) => {
    const paused = makePayout({
      state: 'sending',
      attention: 'endpoint_paused',
      notSentAtMs: START_MS,
      sendAttempts,
    });
    const alarm = { atMs: at(30 * SECOND), cause: 'send_again' };
    expect(nextStep(paused, policy, at(30 * SECOND) - 1)).toEqual({ step: 'wait', watchUntilMs: null, alarm });
    expect(nextStep(paused, policy, at(30 * SECOND))).toEqual({ step: 'submit' });
  });

  it.each([
    [10 * MINUTE, 5 * MINUTE],
    [2 * HOUR, HOUR],
    [3 * DAY, 6 * HOUR],
  ])('in the slow polling, %i ms after its beginning, it asks %i ms after the last answer', (askedMs, everyMs) => {
    const slow = makeFollowed({ polling: 'slow', lastAskedAtMs: at(askedMs) });
    const alarm = { atMs: at(askedMs + everyMs), cause: 'ask' };
    expect(nextStep(slow, policy, at(askedMs + 1))).toEqual({ step: 'wait', watchUntilMs: null, alarm });
    expect(nextStep(slow, policy, at(askedMs + everyMs))).toEqual({ step: 'ask' });
  });

  it('a claim in the slow polling is asked about before the next ordinary question', () => {
    const claim = { ...unasked, atMs: at(2 * HOUR), asked: true };
    const slow = makeFollowed({ polling: 'slow', lastAskedAtMs: at(2 * HOUR), claim });
    expect(nextStep(slow, policy, at(2 * HOUR + 1))).toMatchObject({ alarm: { cause: 'claim_expired' } });
    expect(nextStep(slow, policy, at(2 * HOUR + MINUTE))).toEqual({ step: 'ask' });
  });

  it.each([
    ['backoff', makePayout({ state: 'unconfirmed', unconfirmedSinceMs: START_MS, lastAskedAtMs: at(DAY) })],
    ['sending', makePayout({ state: 'sending', notSentAtMs: at(DAY - 1), sendAttempts: 300 })],
    ['horizon', makeFollowed({ polling: 'slow', lastAskedAtMs: at(14 * DAY - 1) })],
    ['horizon', makeFinal('approved', { confirmed: false, polling: 'slow', lastAskedAtMs: at(14 * DAY - 1) })],
  ])('gives up: %s', (what, payout) => {
    expect(nextStep(payout, policy, at(14 * DAY))).toEqual({ step: 'give_up', what });
  });

  it('a payout of one polling alone gives up at the end of it', () => {
    const single = { ...policy, pollPlan: [{ everyMs: SECOND, untilMs: MINUTE }] as const };
    expect(nextStep(makeFollowed(), single, at(MINUTE) - 1)).toMatchObject({ step: 'wait', watchUntilMs: at(MINUTE) });
    expect(nextStep(makeFollowed({ lastAskedAtMs: at(MINUTE) }), single, at(MINUTE))).toEqual({
      step: 'give_up',
      what: 'horizon',
    });
  });
});

describe('over virtual time', () => {
  it('an order that stays in work is asked about to the horizon, and then shown to a person', () => {
    const run = runVirtually({ submissions: ['accepted'], answers: [], callbacks: [], silence: 'processing' }, policy);
    expect(run.payout).toMatchObject({ state: 'needs_review', attention: 'deadline_passed', orderId: ORDER_ID });
    expect(run.endedAtMs).toBe(at(CALL_MS + 14 * DAY));
    // The slow polling's whole plan: 11 in the first hour, 23 hourly to the day, then 51 every 6 hours.
    expect(run.questions).toBe(85);
  });

  it('a gateway that is never there is tried for a day and nothing is sent twice', () => {
    const run = runVirtually({ submissions: [], answers: [], callbacks: [], silence: 'unanswered' }, policy);
    expect(run.payout).toMatchObject({ state: 'needs_review', attention: 'deadline_passed', orderId: null });
    expect(run.endedAtMs).toBe(at(DAY));
  });
});

describe('when a payout stops by itself', () => {
  const LATER_MS = at(SECOND);
  const ASKED: Payout = openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS });
  const GOT = { untilMs: START_MS + 7 * DAY, gotAtMs: LATER_MS };

  it.each<[string, Payout, number | null]>([
    ['accepted', makePayout(), START_MS + DAY],
    ['sending, and sent again', makePayout({ state: 'sending', notSentAtMs: LATER_MS }), START_MS + DAY],
    ['unconfirmed', makePayout({ state: 'unconfirmed', unconfirmedSinceMs: LATER_MS }), LATER_MS + DAY],
    ['awaiting details', ASKED, START_MS + 7 * DAY],
    ['accepted once details came', { ...ASKED, state: 'accepted', collecting: GOT }, LATER_MS + DAY],
    [
      'sending once details came',
      { ...ASKED, state: 'sending', collecting: GOT, notSentAtMs: LATER_MS },
      LATER_MS + DAY,
    ],
    ['sending with details that were known', makePayout({ state: 'sending' }), START_MS + DAY],
    ['expired', { ...ASKED, state: 'expired', confirmed: true }, null],
    ['processing', makeFollowed({ followedSinceMs: LATER_MS }), LATER_MS + 14 * DAY],
    ['awaiting the Receiver', makeFollowed({ state: 'awaiting_receiver' }), START_MS + 14 * DAY],
    ['final on a callback alone', makeFinal('approved', { confirmed: false }), START_MS + 14 * DAY],
    ['final and confirmed', makeFinal('approved'), null],
    ['in a person’s hands', makePayout({ state: 'needs_review', attention: 'conflict' }), null],
  ])('%s', (_name, payout, expected) => {
    expect(deadlineOf(payout, policy)).toBe(expected);
  });

  test('no state outlasts the last deadline, which is known at the start', () => {
    expect(lastDeadline(START_MS, policy)).toBe(START_MS + 16 * DAY);
  });
});
