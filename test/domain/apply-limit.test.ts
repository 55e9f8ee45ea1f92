import fc from 'fast-check';
import { endOfHold } from '../../src/domain/apply-gate';
import type { Evidence } from '../../src/domain/evidence';
import { needsHold } from '../../src/domain/gate';
import type { HoldAnswer, LimitClaim } from '../../src/domain/limits';
import { deadlineOf, nextStep } from '../../src/domain/next-step';
import { FINAL_STATES, type FinalState, openPayout, type Payout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { apply } from '../../src/domain/transitions';
import { anyHistory, play } from './arbitrary-evidence';
import { EUR, makeFinal, makePayout, REQUEST, START_MS } from './samples';

const HOUR = 3_600_000;
const CLAIM: LimitClaim = {
  ...({ tenant: 'default', key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', over: 'wait' } as const),
  ...{ capMinor: 10_000, amountMinor: 1_050, currency: EUR },
};
const gate = { limits: [CLAIM] };
const limited = (): Payout => openPayout(REQUEST, { endpoint: 'default', atMs: START_MS, gate });
const answered = (payout: Payout, answer: HoldAnswer | null, atMs = START_MS + 1_000) =>
  apply(payout, { kind: 'limit', answer, atMs });
const over = (fields: Partial<Extract<HoldAnswer, { outcome: 'over' }>> = {}): HoldAnswer => ({
  ...({ outcome: 'over', rule: 'daily', over: 'wait' } as const),
  ...{ untilMs: START_MS + 12 * HOUR },
  ...fields,
});
const stepOf = (payout: Payout, nowMs = START_MS + 1_000) => nextStep(payout, DEFAULT_POLICY, nowMs);

describe('a payout with limits', () => {
  it('is not sent until they are held', () => {
    expect(stepOf(limited())).toEqual({ step: 'hold' });
    expect(apply(limited(), { kind: 'sending', atMs: START_MS }).state).toBe('accepted');
    const held = answered(limited(), { outcome: 'held' });
    expect(held).toMatchObject({ state: 'accepted', attention: null });
    expect(stepOf(held)).toEqual({ step: 'submit' });
    expect(held.evidence.at(-1)).toMatchObject({ source: 'workflow', what: 'limit_held' });
    // The time to get it sent begins with the hold.
    expect(deadlineOf(held, DEFAULT_POLICY)).toBe(START_MS + 1_000 + DEFAULT_POLICY.sendAgain.untilMs);
  });

  it('over one that refuses is not cancelled when an earlier run may have sent it: a person decides', () => {
    const sentAgain = { ...limited(), unconfirmedSinceMs: START_MS } as Payout;
    const refused = answered(sentAgain, over({ over: 'refuse' }));
    expect(refused).toMatchObject({ state: 'needs_review', attention: 'outcome_unknown', settledBy: null });
  });

  it.each(['refuse', 'wait'] as const)(
    'that may have been sent goes back to a person when there is no room to send it again: %s',
    (over_) => {
      const doubtful: Payout = {
        ...answered(limited(), { outcome: 'held' }),
        ...{ state: 'needs_review', attention: 'outcome_unknown', unconfirmedSinceMs: START_MS },
      };
      const order = { id: 'act-1', actor: 'anna', reason: 'not there', action: 'resend' } as const;
      const again = apply(doubtful, { kind: 'operator', order, atMs: START_MS + 48 * HOUR });
      // A hold counts in the period of the send, and a person's is another send than the first.
      expect(stepOf(again, START_MS + 48 * HOUR)).toEqual({ step: 'hold' });
      expect(answered(again, over({ over: over_ }))).toMatchObject({
        state: 'needs_review',
        attention: 'outcome_unknown',
      });
    },
  );

  it('holds nothing for certain after a reset: the run before may have freed it', () => {
    for (const payout of [limited(), answered(limited(), { outcome: 'held' })]) {
      const { gate: after, state } = apply(payout, { kind: 'reset', atMs: START_MS + 2_000 });
      expect([needsHold(after), after?.limit, state]).toEqual([true, { nextTryAtMs: 0 }, 'unconfirmed']);
    }
  });

  it('over one of them waits, with attention, and is tried every hour and when the next period begins', () => {
    const waiting = answered(limited(), over());
    expect(waiting).toMatchObject({ state: 'accepted', attention: 'limit_reached' });
    expect(waiting.evidence.at(-1)?.what).toBe('limit_reached_daily');
    const alarm = { atMs: START_MS + 1_000 + HOUR, cause: 'limit' };
    expect(stepOf(waiting)).toEqual({ step: 'wait', watchUntilMs: null, alarm });
    expect(stepOf(waiting, alarm.atMs)).toEqual({ step: 'hold' });
    expect(deadlineOf(waiting, DEFAULT_POLICY)).toBeNull();
    const soon = answered(waiting, over({ untilMs: START_MS + 5_000 }));
    expect(stepOf(soon)).toMatchObject({ alarm: { atMs: START_MS + 5_000 } });
    expect(answered(soon, { outcome: 'held' })).toMatchObject({ attention: null });
    // A call that was lost is tried again like a limit without room.
    expect(answered(limited(), null)).toMatchObject({ state: 'accepted', attention: 'limit_reached' });
  });

  it('is cancelled where the rule says so, and the rule is the reason', () => {
    expect(answered(limited(), over({ over: 'refuse' }))).toMatchObject({
      ...{ state: 'cancelled', settledBy: 'policy', confirmed: true, attention: null },
      reason: { code: 'limit_reached', message: 'daily' },
    });
  });

  it('that was cancelled while it was asked stays so', () => {
    const order = { id: 'act-1', actor: 'anna', reason: 'not needed', action: 'cancel' } as const;
    const cancelled = apply(limited(), { kind: 'operator', order, atMs: START_MS });
    expect(answered(cancelled, over({ over: 'refuse' }))).toBe(cancelled);
    expect(answered(cancelled, { outcome: 'held' })).toMatchObject({ state: 'cancelled', settledBy: 'operator' });
  });

  it('that is set to another time is held again then: a hold counts in the period of the send', () => {
    const held = answered(limited(), { outcome: 'held' });
    const schedule = { executeAtMs: START_MS + 48 * HOUR };
    const order = { id: 'act-1', actor: 'anna', reason: 'next week', action: 'reschedule', schedule } as const;
    const moved = apply(held, { kind: 'operator', order, atMs: START_MS + 2_000 });
    expect(moved.state).toBe('scheduled');
    const due = apply(moved, { kind: 'due', atMs: schedule.executeAtMs });
    expect(stepOf(due, schedule.executeAtMs)).toEqual({ step: 'hold' });
  });

  it.each([
    ['a hold', { outcome: 'held' } as const],
    ['no room, which it would be cancelled for', over({ over: 'refuse' })],
    ['a lost call', null],
  ])('that is set to another time while %s is on its way is held anew then, and is not cancelled', (_, answer) => {
    const schedule = { executeAtMs: START_MS + 48 * HOUR };
    const order = { id: 'act-1', actor: 'anna', reason: 'next week', action: 'reschedule', schedule } as const;
    const moved = answered(apply(limited(), { kind: 'operator', order, atMs: START_MS }), answer);
    expect(moved).toMatchObject({ state: 'scheduled', attention: null, gate: { limit: { nextTryAtMs: 0 } } });
    const due = apply(moved, { kind: 'due', atMs: schedule.executeAtMs });
    expect(stepOf(due, schedule.executeAtMs)).toEqual({ step: 'hold' });
  });

  it('without limits knows nothing of them', () => {
    const payout = makePayout();
    expect(answered(payout, { outcome: 'held' })).toBe(payout);
    expect(stepOf(payout)).toEqual({ step: 'submit' });
  });
});

const anyAnswer: fc.Arbitrary<HoldAnswer | null> = fc.constantFrom<(HoldAnswer | null)[]>(
  ...[{ outcome: 'held' } as const, over(), over({ over: 'refuse' }), null],
);

it('whatever happens, nothing is sent without a hold', () => {
  let sends = 0;
  fc.assert(
    fc.property(anyHistory(), fc.array(fc.tuple(anyAnswer, fc.nat(24)), { maxLength: 4 }), (history, answers) => {
      const all: Evidence[] = [...history];
      for (const [answer, place] of answers) {
        const index = Math.min(place, all.length - 1);
        all.splice(index, 0, { kind: 'limit', answer, atMs: all[index]?.atMs ?? START_MS });
      }
      let isHeld = false;
      for (const { before, evidence, after } of play(all, limited())) {
        isHeld ||= evidence.kind === 'limit' && evidence.answer?.outcome === 'held';
        const isSent = after.sendAttempts > before.sendAttempts || stepOf(after, evidence.atMs).step === 'submit';
        if (isSent && !isHeld) throw new Error('sent without a hold');
        sends += isSent ? 1 : 0;
      }
    }),
    { numRuns: 500 },
  );
  expect(sends).toBeGreaterThan(0);
});

describe('the end of a payout', () => {
  const PAID: Readonly<Record<FinalState, 'commit' | 'release'>> = {
    ...({ approved: 'commit', error: 'commit', declined: 'release', filtered: 'release' } as const),
    ...({ rejected: 'release', cancelled: 'release', expired: 'release' } as const),
  };

  it.each(FINAL_STATES)('%s keeps its amount used, or frees it', (state) => {
    const payout = { ...makeFinal('approved'), state };
    expect(endOfHold(payout)).toBe(PAID[state]);
    // In doubt nothing is freed: it is a callback's word alone, or something contradicts it.
    expect(endOfHold({ ...payout, confirmed: false })).toBe('commit');
    expect(endOfHold({ ...payout, attention: 'conflict' })).toBe('commit');
  });
});
