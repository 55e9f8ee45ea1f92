import { applyClock, applyDetails, applyEvidence } from '../../src/domain/apply-evidence';
import type { Evidence } from '../../src/domain/evidence';
import type { Gate } from '../../src/domain/gate';
import { deadlineOf, nextStep } from '../../src/domain/next-step';
import {
  isDone,
  isOperatorOrder,
  listAllowedActions,
  type OperatorOrder,
  refuseOperator,
} from '../../src/domain/operator';
import { openPayout, type Payout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { apply } from '../../src/domain/transitions';
import { viewPayout } from '../../src/domain/view';
import { COLLECTING, makeFollowed, makePayout, makeReport, REQUEST, START_MS } from './samples';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DUE_MS = START_MS + 2 * DAY;
const at = (atMs: number) => ({ policy: DEFAULT_POLICY, atMs });
const open = (gate: Gate, request: typeof REQUEST | typeof COLLECTING = REQUEST) =>
  openPayout(request, { endpoint: 'default', atMs: START_MS, gate });
const SCHEDULED = open({ schedule: { executeAtMs: DUE_MS } });

const reschedule = (executeAtMs: number, fields: object = {}): OperatorOrder => ({
  ...{ id: 'later', actor: 'anna', reason: 'the account is not funded yet', action: 'reschedule' as const },
  schedule: { executeAtMs },
  ...fields,
});
const operate = (payout: Payout, order: OperatorOrder, atMs: number) =>
  applyEvidence(payout, { kind: 'operator', order, atMs }, at(atMs));

describe('a payout with a time to send it', () => {
  it('waits for it, and is sent from that very millisecond on', () => {
    expect(SCHEDULED.state).toBe('scheduled');
    const alarm = { atMs: DUE_MS, cause: 'execute_at' };
    expect(nextStep(SCHEDULED, DEFAULT_POLICY, DUE_MS - 1)).toEqual({ step: 'wait', watchUntilMs: null, alarm });
    expect(applyClock(SCHEDULED, at(DUE_MS - 1))).toBe(SCHEDULED);
    const released = applyClock(SCHEDULED, at(DUE_MS));
    expect(released.state).toBe('accepted');
    expect(nextStep(released, DEFAULT_POLICY, DUE_MS)).toEqual({ step: 'submit' });
    expect(released.evidence.at(-1)).toMatchObject({ source: 'clock', what: 'due', atMs: DUE_MS });
  });

  it('is sent at once when its time has come already', () => {
    expect(open({ schedule: { executeAtMs: START_MS } }).state).toBe('accepted');
  });

  it('has a day to get sent from then on, not from when it was accepted', () => {
    const released = applyClock(SCHEDULED, at(DUE_MS));
    expect(deadlineOf(SCHEDULED, DEFAULT_POLICY)).toBe(DUE_MS);
    expect(deadlineOf(released, DEFAULT_POLICY)).toBe(DUE_MS + DEFAULT_POLICY.sendAgain.untilMs);
  });

  it.each<Evidence>([
    { kind: 'sending', atMs: DUE_MS - 1 },
    { kind: 'due', atMs: DUE_MS - 1 },
    { kind: 'given_up', what: 'details', atMs: DUE_MS + 1 },
    { kind: 'details', destination: '••••1111', enteredFrom: null, atMs: DUE_MS - 1 },
    { kind: 'submission', submission: { outcome: 'not_sent', cause: 'unreachable' }, atMs: DUE_MS - 1 },
  ])('stays where it is after $kind', (evidence) => {
    expect(apply(SCHEDULED, evidence).state).toBe('scheduled');
  });

  it('is a person’s case when an order of it is reported that it never sent', () => {
    const reported = apply(SCHEDULED, { kind: 'report', report: makeReport(), atMs: START_MS + 1 });
    expect(reported).toMatchObject({ state: 'needs_review', attention: 'adopted_unseen' });
  });

  it('can be cancelled until the send', () => {
    const cancel = { id: 'no', actor: 'anna', reason: 'no longer owed', action: 'cancel' } as const;
    expect(operate(SCHEDULED, cancel, DUE_MS - 1)).toMatchObject({ state: 'cancelled', settledBy: 'operator' });
    expect(listAllowedActions(SCHEDULED)).toEqual(['cancel', 'reschedule', 'note']);
  });

  it('sends nothing by itself after a reset, and after another send asked for by a person waits for its time', () => {
    const reset = apply(SCHEDULED, { kind: 'reset', atMs: START_MS + 1 });
    expect(reset.state).toBe('unconfirmed');
    const review = apply(reset, { kind: 'given_up', what: 'backoff', atMs: START_MS + DAY });
    const resend = { id: 'again', actor: 'anna', reason: 'not there', action: 'resend' } as const;
    expect(operate(review, resend, START_MS + DAY + 1).state).toBe('scheduled');
    expect(operate(review, resend, DUE_MS).state).toBe('accepted');
  });

  it('says so in its view', () => {
    const moved = open({ schedule: { executeAtMs: DUE_MS, moved: { fromMs: START_MS, because: 'weekend' } } });
    const [executeAt, movedFrom] = [DUE_MS, START_MS].map((ms) => new Date(ms).toISOString());
    expect(viewPayout(moved)).toMatchObject({ executeAt, movedFrom, movedBecause: 'weekend' });
    expect(viewPayout(SCHEDULED)).toMatchObject({ executeAt, movedFrom: null, movedBecause: null });
    expect(viewPayout(makePayout())).toMatchObject({ executeAt: null, movedFrom: null, movedBecause: null });
  });
});

describe('a payout with a time whose Receiver is asked', () => {
  const asked = open({ schedule: { executeAtMs: DUE_MS } }, COLLECTING);
  const enter = (payout: Payout, atMs: number) =>
    applyDetails(payout, { destination: REQUEST.destination, receiver: {} }, at(atMs));

  it('asks first, and waits then', () => {
    expect(asked.state).toBe('awaiting_details');
    expect(enter(asked, DUE_MS - 1).state).toBe('scheduled');
    expect(enter(asked, DUE_MS).state).toBe('accepted');
  });

  it('keeps another time until they have answered', () => {
    const later = operate(asked, reschedule(DUE_MS + DAY), START_MS + 1);
    expect(later.state).toBe('awaiting_details');
    expect(enter(later, DUE_MS).state).toBe('scheduled');
  });
});

describe('another time to send it', () => {
  it('counts from then on: later, earlier, or at once', () => {
    expect(operate(SCHEDULED, reschedule(DUE_MS + DAY), DUE_MS - 1)).toMatchObject({
      ...{ state: 'scheduled', gate: { schedule: { executeAtMs: DUE_MS + DAY } } },
    });
    const earlier = operate(SCHEDULED, reschedule(START_MS + HOUR), START_MS + 1);
    expect(applyClock(earlier, at(START_MS + HOUR)).state).toBe('accepted');
    expect(operate(SCHEDULED, reschedule(START_MS + 1), START_MS + 1).state).toBe('accepted');
  });

  it('is set between two sends that provably did not leave, and the wait is over then', () => {
    const sending = apply(makePayout(), { kind: 'sending', atMs: START_MS });
    const order = reschedule(DUE_MS);
    expect(refuseOperator(sending, order)).toBe('already_sent');
    const submission = { outcome: 'not_sent', cause: 'unreachable' } as const;
    const unsent = apply(sending, { kind: 'submission', submission, atMs: START_MS + 1 });
    expect(operate(unsent, order, START_MS + 2)).toMatchObject({
      ...{ state: 'scheduled', attention: null, notSentAtMs: null, sendAttempts: 1 },
    });
  });

  it('is refused for what may have left', () => {
    for (const payout of [makeFollowed(), makePayout({ state: 'unconfirmed', unconfirmedSinceMs: START_MS })])
      expect(refuseOperator(payout, reschedule(DUE_MS))).toBe('already_sent');
  });

  it('is one act however often it is sent, and its id belongs to that time', () => {
    const order = reschedule(DUE_MS + DAY);
    const done = operate(SCHEDULED, order, START_MS + 1);
    expect(isDone(done, order)).toBe(true);
    expect(operate(done, order, START_MS + 2)).toEqual(done);
    expect(refuseOperator(done, reschedule(DUE_MS))).toBe('id_used');
  });

  it.each([
    undefined,
    null,
    {},
    { executeAtMs: 'soon' },
    { executeAtMs: 1.5 },
    { executeAtMs: 1e20 },
    { executeAtMs: 1, moved: {} },
  ])('by hand with the schedule %j is no order', (schedule) => {
    expect(isOperatorOrder({ ...reschedule(DUE_MS), schedule })).toBe(false);
  });

  it('by hand, with everything, is one', () => {
    const moved = { fromMs: START_MS, because: 'weekend' };
    expect(isOperatorOrder(reschedule(DUE_MS, { schedule: { executeAtMs: DUE_MS, moved } }))).toBe(true);
  });
});
