import fc from 'fast-check';
import type { Evidence } from '../../src/domain/evidence';
import type { Gate } from '../../src/domain/gate';
import type { HookAnswer, HookClaim } from '../../src/domain/hook';
import { deadlineOf, nextStep } from '../../src/domain/next-step';
import { listAllowedActions, type OperatorOrder, refuseOperator } from '../../src/domain/operator';
import { openPayout, type Payout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { apply } from '../../src/domain/transitions';
import { viewPayout } from '../../src/domain/view';
import { anyHistory, play } from './arbitrary-evidence';
import { EUR, makePayout, REQUEST, START_MS } from './samples';

const HOUR = 3_600_000;
const HOOK: HookClaim = {
  ...{ rule: 'sanctions', needed: 1, expiresInMs: 24 * HOUR, timeoutMs: 5_000, deadlineMs: 60_000 },
  send: ['receiver', 'destination'],
};
const open = (gate: Gate = {}, hook: Partial<HookClaim> = {}): Payout =>
  openPayout(REQUEST, {
    ...{ endpoint: 'default', atMs: START_MS },
    gate: { requester: 'shop', ...gate, hook: { ...HOOK, ...hook } },
  });
const say = (payout: Payout, answer: HookAnswer | null, atMs = START_MS + 1_000) =>
  apply(payout, { kind: 'hook', answer, atMs });
const stepOf = (payout: Payout, nowMs = START_MS + 1_000) => nextStep(payout, DEFAULT_POLICY, nowMs);
let acts = 0;
const act = (
  _: Payout,
  action: 'approve' | 'reject' | 'withdraw' | 'check' | 'cancel' | 'resend',
  person = 'anna',
): OperatorOrder => ({ id: `act-${++acts}`, actor: person, reason: 'looked', action }) as OperatorOrder;
const operate = (payout: Payout, action: Parameters<typeof act>[1], person?: string, atMs = START_MS + 2_000) =>
  apply(payout, { kind: 'operator', order: act(payout, action, person), atMs });
const HOLD: HookAnswer = { verdict: 'hold', reason: 'like a name on a list' };
const UNSENT: Evidence = { kind: 'submission', submission: { outcome: 'not_sent', cause: 'unreachable' }, atMs: 0 };

describe('a payout with a hook', () => {
  it('is not sent before the hook allows it', () => {
    expect(stepOf(open())).toEqual({ step: 'consult' });
    expect(apply(open(), { kind: 'sending', atMs: START_MS }).state).toBe('accepted');
    const allowed = say(open(), { verdict: 'allow' });
    expect(allowed).toMatchObject({ state: 'accepted', attention: null });
    expect(allowed.evidence.at(-1)).toMatchObject({ source: 'policy', what: 'hook_allowed', rule: 'sanctions' });
    expect(stepOf(allowed)).toEqual({ step: 'submit' });
  });

  it('is asked about after approvals, its time and its limits', () => {
    const rule = { rule: 'all', needed: 1, expiresInMs: HOUR, because: 'rule' } as const;
    expect(stepOf(open({ approval: rule }))).toMatchObject({ step: 'wait', alarm: { cause: 'approval_ended' } });
    const schedule = { executeAtMs: START_MS + HOUR };
    expect(stepOf(open({ schedule }))).toMatchObject({ step: 'wait', alarm: { cause: 'execute_at' } });
    const claim = { tenant: 'default', key: 'd', rule: 'd', window: 'day', zone: 'UTC', over: 'wait' } as const;
    const limits = [{ ...claim, capMinor: 10_000, amountMinor: 1_050, currency: EUR }];
    expect(stepOf(open({ limits }))).toEqual({ step: 'hold' });
    const held = apply(open({ limits }), { kind: 'limit', answer: { outcome: 'held' }, atMs: START_MS });
    expect(stepOf(held)).toEqual({ step: 'consult' });
    // Persons may decide days later, and a limit counts in the period of the send.
    for (const action of ['approve', 'check'] as const) {
      const again = operate(say(held, HOLD), action);
      expect([again.state, stepOf(again).step]).toEqual(['accepted', 'hold']);
      const heldAgain = apply(again, { kind: 'limit', answer: { outcome: 'held' }, atMs: START_MS + 3_000 });
      expect(stepOf(heldAgain).step).toBe(action === 'approve' ? 'submit' : 'consult');
    }
  });

  it('that is held has no longer time because an approval is taken back before it was released', () => {
    const held = say(open({}, { needed: 2 }), HOLD);
    const untilOf = ({ gate }: Payout) => gate?.word?.verdict === 'hold' && gate.word.untilMs;
    const again = operate(operate(held, 'approve', 'anna'), 'withdraw', 'anna', START_MS + HOUR);
    expect([again.state, untilOf(again)]).toEqual(['awaiting_approval', untilOf(held)]);
    expect(untilOf(held)).toBe(START_MS + 1_000 + HOOK.expiresInMs);
  });

  it('that is denied ends cancelled, with the reason; in doubt a person decides', () => {
    const denied = say(open(), { verdict: 'deny', reason: 'on a list' });
    expect(denied).toMatchObject({ state: 'cancelled', settledBy: 'policy', confirmed: true, attention: null });
    expect(denied.reason).toEqual({ code: 'hook_denied', message: 'on a list' });
    const sentAgain = { ...open(), unconfirmedSinceMs: START_MS } as Payout;
    expect(say(sentAgain, { verdict: 'deny', reason: 'on a list' })).toMatchObject({
      ...{ state: 'needs_review', attention: 'outcome_unknown', settledBy: null },
    });
  });

  it.each([
    [HOLD, 'hook_held', 'hook_held', 'like a name on a list'],
    [null, 'hook_silent', 'hook_unanswered', null],
    ...(['status', 'redirect', 'content_type', 'too_large', 'malformed'] as const).map(
      (cause) => [{ verdict: 'unusable', cause } as const, `hook_unusable_${cause}`, 'hook_unanswered', null] as const,
    ),
  ] as const)('%j is held for a person, never sent and never failed', (answer, what, attention, reason) => {
    const held = say(open(), answer);
    expect(held).toMatchObject({ state: 'awaiting_approval', attention, settledAtMs: null, sendAttempts: 0 });
    expect(held.evidence.at(-1)).toMatchObject({ what, rule: 'sanctions', ...(reason && { reason }) });
    const untilMs = START_MS + 1_000 + 24 * HOUR;
    expect([deadlineOf(held, DEFAULT_POLICY), stepOf(held).step]).toEqual([untilMs, 'wait']);
    expect(viewPayout(held).approval).toEqual({
      ...{ of: 'send', rule: 'sanctions', because: 'hook', needed: 1, approvedBy: [], requestedBy: 'shop' },
      ...{ until: new Date(untilMs).toISOString(), reason },
    });
    // Without a person it expires: provably nothing was sent.
    expect(stepOf(held, untilMs)).toEqual({ step: 'give_up', what: 'approval' });
    expect(apply(held, { kind: 'given_up', what: 'approval', atMs: untilMs }).state).toBe('expired');
  });

  it('is released by so many others, and by nobody who asked for it', () => {
    const held = say(open({}, { needed: 2 }), HOLD);
    expect(refuseOperator(held, act(held, 'approve', 'shop'))).toBe('own_request');
    const once = operate(held, 'approve', 'anna');
    expect(once).toMatchObject({ state: 'awaiting_approval', attention: 'hook_held' });
    expect(refuseOperator(once, act(once, 'approve', 'anna'))).toBe('already_approved');
    const released = operate(once, 'approve', 'bert');
    expect(released).toMatchObject({ state: 'accepted', attention: null });
    expect(released.evidence.at(-1)).toMatchObject({ what: 'approve', rule: 'sanctions' });
    expect(stepOf(released)).toEqual({ step: 'submit' });
    // A person's word does not grow old, and can be taken back until the send.
    expect(stepOf(released, START_MS + 3 * HOUR)).toEqual({ step: 'submit' });
    expect(operate(released, 'withdraw', 'bert')).toMatchObject({ state: 'awaiting_approval', attention: 'hook_held' });
    expect(operate(held, 'reject')).toMatchObject({ state: 'cancelled', attention: null });
    expect(operate(held, 'cancel')).toMatchObject({ state: 'cancelled', attention: null });
  });

  it('approved before the hook held it is not released by that', () => {
    const approval = { rule: 'all', needed: 1, expiresInMs: HOUR, because: 'rule' } as const;
    const held = say(operate(open({ approval }), 'approve', 'anna'), HOLD, START_MS + 3_000);
    expect(held.state).toBe('awaiting_approval');
    expect(refuseOperator(held, act(held, 'withdraw', 'anna'))).toBe('nothing_approved');
    const released = operate(held, 'approve', 'anna', START_MS + 4_000);
    expect(released.state).toBe('accepted');
    // Its approval taken back, it waits for one, and the hook is asked again after it.
    const withdrawn = operate(released, 'withdraw', 'anna', START_MS + 5_000);
    expect([withdrawn.state, withdrawn.gate?.word]).toEqual(['awaiting_approval', undefined]);
    expect(viewPayout(withdrawn).approval).toMatchObject({ rule: 'all', because: 'rule', approvedBy: [] });
    expect(stepOf(operate(withdrawn, 'approve', 'bert', START_MS + 6_000)).step).toBe('consult');
  });

  it('is asked about again by a person, whose approvals were about the word of before', () => {
    const held = operate(say(open({}, { needed: 2 }), null), 'approve', 'anna');
    expect(listAllowedActions(held)).toContain('check');
    const again = operate(held, 'check');
    expect([again.state, again.attention, stepOf(again).step]).toEqual(['accepted', null, 'consult']);
    expect(viewPayout(say(again, HOLD, START_MS + 3_000)).approval?.approvedBy).toEqual([]);
    expect(listAllowedActions(open())).not.toContain('check');
  });

  it('is asked again after an hour, before another send, and when a person has it sent again', () => {
    const sending = apply(say(open(), { verdict: 'allow' }), { kind: 'sending', atMs: START_MS + 1_000 });
    const unsent = apply(sending, { ...UNSENT, atMs: START_MS + 2_000 });
    expect(stepOf(unsent, START_MS + HOUR)).toEqual({ step: 'submit' });
    const laterMs = START_MS + HOUR + 1_000;
    expect(stepOf(unsent, laterMs)).toEqual({ step: 'consult' });
    expect(stepOf(say(unsent, { verdict: 'allow' }, laterMs), laterMs)).toEqual({ step: 'submit' });
    expect(say(unsent, HOLD, laterMs)).toMatchObject({ state: 'awaiting_approval', attention: 'hook_held' });
    expect(say(unsent, { verdict: 'deny', reason: 'on a list' }, laterMs).state).toBe('cancelled');
    // Even if the word is fresh, and whether or not a person released it.
    for (const word of [unsent, operate(say(unsent, HOLD, laterMs), 'approve', 'bert', laterMs)]) {
      const review = apply(word, { kind: 'given_up', what: 'sending', atMs: laterMs });
      const resent = operate(review, 'resend', 'anna', START_MS + 3_000);
      expect([review.state, stepOf(resent, START_MS + 3_000)]).toEqual(['needs_review', { step: 'consult' }]);
    }
  });

  it('set to another time is asked about then', () => {
    const schedule = { executeAtMs: START_MS + 48 * HOUR };
    const order = { id: 'act-x', actor: 'anna', reason: 'later', action: 'reschedule', schedule } as const;
    for (const word of [HOLD, { verdict: 'allow' } as const]) {
      const moved = apply(say(open(), word), { kind: 'operator', order, atMs: START_MS + 2_000 });
      expect([moved.state, moved.attention]).toEqual(['scheduled', null]);
      const due = apply(moved, { kind: 'due', atMs: schedule.executeAtMs });
      expect(stepOf(due, schedule.executeAtMs)).toEqual({ step: 'consult' });
    }
  });

  it('that has moved on is not changed by a late word; nor is one without a hook', () => {
    const cancelled = operate(open(), 'cancel');
    expect(say(cancelled, { verdict: 'deny', reason: 'on a list' })).toBe(cancelled);
    const reset = apply(open(), { kind: 'reset', atMs: START_MS });
    expect(say(reset, { verdict: 'allow' })).toBe(reset);
    const sending = apply(say(open(), { verdict: 'allow' }), { kind: 'sending', atMs: START_MS + 1_000 });
    expect(say(sending, { verdict: 'deny', reason: 'on a list' }, START_MS + 2 * HOUR)).toBe(sending);
    const plain = makePayout();
    expect(say(plain, HOLD)).toBe(plain);
  });
});

const anyWord: fc.Arbitrary<HookAnswer | null> = fc.constantFrom<(HookAnswer | null)[]>(
  ...[{ verdict: 'allow' } as const, HOLD, { verdict: 'deny', reason: 'on a list' } as const, null],
);
const anyAct = fc.constantFrom('approve' as const, 'withdraw' as const, 'check' as const, 'resend' as const);

it('whatever happens, nothing is sent without an "allow" or a person', () => {
  let sends = 0;
  const anyEvidence = fc.oneof(
    anyWord.map((answer) => ({ kind: 'hook' as const, answer })),
    fc.tuple(anyAct, fc.constantFrom('shop', 'anna')).map(([action, actor]) => ({ action, actor })),
  );
  fc.assert(
    fc.property(anyHistory(), fc.array(fc.tuple(anyEvidence, fc.nat(24)), { maxLength: 8 }), (history, others) => {
      const all: Evidence[] = [...history];
      others.forEach(([other, place], nth) => {
        const index = Math.min(place, all.length - 1);
        const atMs = all[index]?.atMs ?? START_MS;
        const order = (by: { action: 'approve'; actor: string }) => ({ id: `w-${nth}`, reason: 'looked', ...by });
        const evidence =
          'kind' in other ? other : { kind: 'operator' as const, order: order(other as Parameters<typeof order>[0]) };
        all.splice(index, 0, { ...evidence, atMs });
      });
      let isAllowed = false;
      for (const { before, evidence, after } of play(all, open())) {
        const last = after.evidence.at(-1)?.what;
        const isNoted = after.evidence.length > before.evidence.length || after !== before;
        if (isNoted && (last === 'hook_allowed' || last === 'approve')) isAllowed = true;
        if (isNoted && /^(hook_(held|silent|denied)|check|withdraw|resend)$/.test(last ?? '')) isAllowed = false;
        const isSent = after.sendAttempts > before.sendAttempts || stepOf(after, evidence.atMs).step === 'submit';
        if (isSent && !isAllowed) throw new Error(`sent without a word, after ${last}`);
        sends += isSent ? 1 : 0;
      }
    }),
    { numRuns: 500 },
  );
  expect(sends).toBeGreaterThan(0);
});
