import { applyClock, applyDetails, applyEvidence, recordApprovers } from '../../src/domain/apply-evidence';
import { lacksApprovers } from '../../src/domain/approvals';
import type { Gate } from '../../src/domain/gate';
import { deadlineOf, nextStep } from '../../src/domain/next-step';
import { isOperatorOrder, listAllowedActions, type OperatorOrder, refuseOperator } from '../../src/domain/operator';
import { openPayout, type Payout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { apply } from '../../src/domain/transitions';
import { viewPayout } from '../../src/domain/view';
import { COLLECTING, makeFollowed, makePayout, makeReport, REQUEST, START_MS } from './samples';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (atMs: number) => ({ policy: DEFAULT_POLICY, atMs });
const RULE = { rule: 'large', needed: 2, expiresInMs: 3 * DAY } as const;
const GATE: Gate = { requester: 'rita', approval: { ...RULE, because: 'rule' } };
const open = (gate: Gate = GATE, request: typeof REQUEST | typeof COLLECTING = REQUEST) =>
  openPayout(request, { endpoint: 'default', atMs: START_MS, gate });

let acts = 0;
type Words = 'approve' | 'reject' | 'withdraw' | 'cancel' | 'resend';
/** An act by a person, perhaps with another key than the one named after them. */
const by = (person: string, action: Words, key = person): OperatorOrder => {
  acts += 1;
  return { id: `act-${acts}`, actor: key, person, reason: 'looked at the invoice', action };
};
const operate = (payout: Payout, order: OperatorOrder, atMs = START_MS + HOUR) =>
  applyEvidence(payout, { kind: 'operator', order, atMs }, at(atMs));
const approveBy = (payout: Payout, ...persons: readonly string[]) =>
  persons.reduce((current, person) => operate(current, by(person, 'approve')), payout);

describe('a payout that needs approvals', () => {
  it('waits for them, and says for which rule', () => {
    const payout = open();
    expect(payout.state).toBe('awaiting_approval');
    expect(payout.evidence).toEqual([
      expect.objectContaining({ source: 'policy', what: 'approval_needed', rule: 'large' }),
    ]);
    expect(listAllowedActions(payout)).toEqual(['cancel', 'reschedule', 'approve', 'reject', 'note']);
    expect(viewPayout(payout).approval).toEqual({
      ...{ of: 'send', rule: 'large', because: 'rule', needed: 2, approvedBy: [], requestedBy: 'rita' },
      ...{ until: new Date(START_MS + 3 * DAY).toISOString(), reason: null },
    });
  });

  it('is sent after so many persons as the rule says, not before', () => {
    const one = approveBy(open(), 'anna');
    expect(one.state).toBe('awaiting_approval');
    const two = approveBy(one, 'bert');
    expect(two.state).toBe('accepted');
    expect(nextStep(two, DEFAULT_POLICY, START_MS + HOUR)).toEqual({ step: 'submit' });
    expect(viewPayout(two).approval).toMatchObject({ approvedBy: ['anna', 'bert'], until: null });
  });

  it('counts a person once, whatever key they use', () => {
    const one = operate(open(), by('anna', 'approve'));
    const again = by('anna', 'approve', 'annas-other-key');
    expect(refuseOperator(one, again)).toBe('already_approved');
    expect(operate(one, again)).toBe(one);
  });

  it('is never approved by who asked for it, whatever key they use', () => {
    for (const order of [by('rita', 'approve'), by('rita', 'approve', 'ritas-other-key')]) {
      expect(refuseOperator(open(), order)).toBe('own_request');
      expect(operate(open(), order).state).toBe('awaiting_approval');
    }
  });

  it('is the key’s when no person is named', () => {
    const order = { id: 'one', actor: 'rita', reason: 'mine', action: 'approve' } as const;
    expect(refuseOperator(open(), order)).toBe('own_request');
  });

  it('expires when they do not come in time, from when it began to wait', () => {
    const payout = approveBy(open(), 'anna');
    const alarm = { atMs: START_MS + 3 * DAY, cause: 'approval_ended' };
    expect(nextStep(payout, DEFAULT_POLICY, START_MS + DAY)).toEqual({ step: 'wait', watchUntilMs: null, alarm });
    expect(deadlineOf(payout, DEFAULT_POLICY)).toBe(alarm.atMs);
    expect(applyClock(payout, at(alarm.atMs))).toMatchObject({ state: 'expired', settledBy: 'clock' });
  });

  it('ends cancelled when one of them refuses, with who and why', () => {
    const ended = operate(approveBy(open(), 'anna'), by('bert', 'reject'));
    expect(ended).toMatchObject({ state: 'cancelled', settledBy: 'operator', confirmed: true, attention: null });
    expect(ended.evidence.at(-1)).toMatchObject({ what: 'reject', rule: 'large', operator: { actor: 'bert' } });
  });

  it('loses an approval that is taken back, until the send', () => {
    const scheduled = approveBy(open({ ...GATE, schedule: { executeAtMs: START_MS + 5 * DAY } }), 'anna', 'bert');
    expect(scheduled.state).toBe('scheduled');
    const back = operate(scheduled, by('anna', 'withdraw'), START_MS + 4 * DAY);
    expect(back).toMatchObject({ state: 'awaiting_approval', gate: { approvedBy: ['bert'] } });
    // The time for it begins anew.
    expect(deadlineOf(back, DEFAULT_POLICY)).toBe(START_MS + 7 * DAY);
    expect(approveBy(back, 'carl')).toMatchObject({ state: 'scheduled' });
  });

  it('loses none to a person who gave none, nor once it may have left', () => {
    expect(refuseOperator(approveBy(open(), 'anna'), by('bert', 'withdraw'))).toBe('not_approved_by_you');
    expect(refuseOperator(open(), by('anna', 'withdraw'))).toBe('nothing_approved');
    const sending = apply(approveBy(open(), 'anna', 'bert'), { kind: 'sending', atMs: START_MS + HOUR });
    expect(refuseOperator(sending, by('anna', 'withdraw'))).toBe('nothing_approved');
    const submission = { outcome: 'not_sent', cause: 'unreachable' } as const;
    const unsent = apply(sending, { kind: 'submission', submission, atMs: START_MS + HOUR + 1 });
    expect(operate(unsent, by('anna', 'withdraw'))).toMatchObject({ state: 'awaiting_approval', notSentAtMs: null });
  });

  it('waits for its time afterwards, and for the Receiver before', () => {
    const schedule = { executeAtMs: START_MS + DAY };
    const asked = open({ ...GATE, schedule }, COLLECTING);
    expect(asked.state).toBe('awaiting_details');
    expect(refuseOperator(asked, by('anna', 'approve'))).toBe('not_awaiting_approval');
    const details = { destination: REQUEST.destination, receiver: {} };
    const entered = applyDetails(asked, details, at(START_MS + HOUR));
    expect(entered).toMatchObject({ state: 'awaiting_approval', gate: { approvalUntilMs: START_MS + HOUR + 3 * DAY } });
    expect(approveBy(entered, 'anna', 'bert').state).toBe('scheduled');
    expect(operate(approveBy(entered, 'anna'), by('bert', 'approve'), START_MS + DAY).state).toBe('accepted');
  });

  it('is moved by its last approval to the next banking day, when that came after the cut-off', () => {
    const notBefore = { executeAtMs: START_MS + DAY, moved: { fromMs: START_MS, because: 'weekend' } };
    const order: OperatorOrder = { id: 'late', actor: 'bert', reason: 'fine', action: 'approve', notBefore };
    expect(operate(approveBy(open(), 'anna'), order)).toMatchObject({
      state: 'scheduled',
      gate: { schedule: notBefore },
    });
  });

  it('calls for attention while too few could approve it', () => {
    const blocked = open({ ...GATE, isBlocked: true });
    expect(blocked.attention).toBe('approval_blocked');
    expect(approveBy(blocked, 'anna').attention).toBe('approval_blocked');
    expect(approveBy(blocked, 'anna', 'bert').attention).toBeNull();
    expect(operate(blocked, by('anna', 'reject')).attention).toBeNull();
    expect(applyClock(blocked, at(START_MS + 3 * DAY)).attention).toBeNull();
  });

  it('is judged again when keys have changed: who approved, and who asked for it, are no more approvers', () => {
    const one = approveBy(open(), 'anna');
    expect([['bert'], ['anna', 'rita'], []].map((persons) => lacksApprovers(one, persons))).toEqual([
      false,
      true,
      true,
    ]);
    const blocked = apply(one, { kind: 'approvers', isBlocked: true, atMs: START_MS + 1 });
    expect(blocked).toMatchObject({ state: 'awaiting_approval', attention: 'approval_blocked' });
    expect(blocked.evidence.at(-1)).toMatchObject({
      source: 'policy',
      what: 'approval_blocked',
      rule: GATE.approval?.rule,
    });
    expect(apply(blocked, { kind: 'approvers', isBlocked: true, atMs: START_MS + 2 })).toBe(blocked);
    const possible = apply(blocked, { kind: 'approvers', isBlocked: false, atMs: START_MS + 2 });
    expect([possible.attention, possible.gate?.isBlocked]).toEqual([null, undefined]);
    expect(possible.gate?.approvalUntilMs).toBe(one.gate?.approvalUntilMs);
    // One that asks its Receiver first will wait for approvals later; one that was approved, or needs none, will not.
    const asking = apply(open(GATE, COLLECTING), { kind: 'approvers', isBlocked: true, atMs: START_MS + 1 });
    expect([asking.state, asking.attention]).toEqual(['awaiting_details', null]);
    const details = { destination: REQUEST.destination, receiver: {} };
    expect(applyDetails(asking, details, at(START_MS + HOUR)).attention).toBe('approval_blocked');
    for (const payout of [approveBy(open(), 'anna', 'bert'), makePayout()])
      expect(apply(payout, { kind: 'approvers', isBlocked: true, atMs: START_MS + 1 })).toBe(payout);
    for (const message of [undefined, null, {}, { isBlocked: 'yes' }])
      expect(recordApprovers(one, message, at(START_MS))).toBe(one);
  });

  it('is sent by nothing else: no details, no clock, no callback, no other act', () => {
    const due = apply(open(), { kind: 'due', atMs: START_MS + DAY });
    const sent = apply(due, { kind: 'sending', atMs: START_MS + DAY });
    expect(sent).toMatchObject({ state: 'awaiting_approval', sendAttempts: 0 });
    const reported = apply(open(), { kind: 'report', report: makeReport(), atMs: START_MS + 1 });
    expect(reported).toMatchObject({ state: 'needs_review', attention: 'adopted_unseen' });
    const reset = apply(approveBy(open(), 'anna'), { kind: 'reset', atMs: START_MS + 1 });
    const review = apply(reset, { kind: 'given_up', what: 'backoff', atMs: START_MS + DAY });
    expect(operate(review, by('carl', 'resend'), START_MS + DAY).state).toBe('awaiting_approval');
  });
});

describe('a payout that may have been sent by a run that a reset made forgotten', () => {
  const review = apply(apply(open(), { kind: 'reset', atMs: START_MS }), {
    ...({ kind: 'given_up', what: 'backoff', atMs: START_MS + DAY } as const),
  });
  const again = operate(review, by('carl', 'resend'), START_MS + DAY);

  it('waits for its approvals again when a person has it sent', () => {
    expect(review).toMatchObject({ state: 'needs_review', attention: 'outcome_unknown' });
    expect(again).toMatchObject({ state: 'awaiting_approval', attention: null });
  });

  it('goes back to a person, and to no end, when it is refused or not approved in time', () => {
    const refused = operate(again, by('anna', 'reject'), START_MS + DAY);
    const late = apply(again, { kind: 'given_up', what: 'approval', atMs: START_MS + 9 * DAY });
    for (const payout of [refused, late])
      expect(payout).toMatchObject({ state: 'needs_review', attention: 'outcome_unknown', settledBy: null });
    expect(refuseOperator(again, by('carl', 'cancel'))).toBe('already_sent');
  });
});

describe('an act that needs approvals', () => {
  const guard = { rule: 'twice', needed: 1, expiresInMs: DAY, acts: ['resend', 'resolve'] } as const;
  const doubt = {
    ...({ state: 'needs_review', attention: 'outcome_unknown', orderId: null, unconfirmedSinceMs: START_MS } as const),
    gate: { requester: 'rita', guard },
  };
  const review = makeFollowed(doubt);
  const asked = operate(review, by('olaf', 'resend'));
  const resolveAs = (resolution: 'approved' | 'declined' | 'processing', id = 'resolve-1'): OperatorOrder => ({
    ...{ id, actor: 'olaf', reason: 'a letter', action: 'resolve', resolution },
  });

  it('is asked for, and waits', () => {
    expect(asked).toMatchObject({ state: 'needs_review', attention: 'outcome_unknown', sendAttempts: 1 });
    expect(asked.evidence.at(-1)).toMatchObject({ what: 'resend_asked', rule: 'twice', operator: { actor: 'olaf' } });
    expect(viewPayout(asked).approval).toMatchObject({ of: 'resend', rule: 'twice', requestedBy: 'olaf', needed: 1 });
    expect(listAllowedActions(asked)).toEqual(['check', 'approve', 'reject', 'note']);
    // What calls a person now is the act; what it is about stays what it was.
    expect([viewPayout(asked).attention, viewPayout(review).attention]).toEqual([
      'act_awaits_approval',
      'outcome_unknown',
    ]);
  });

  it('is done once it was approved by another person than who asked for it, or for the payout', () => {
    for (const person of ['olaf', 'rita']) expect(refuseOperator(asked, by(person, 'approve'))).toBe('own_request');
    const done = operate(asked, by('anna', 'approve'));
    expect(done).toMatchObject({ state: 'accepted', attention: null });
    expect(done.gate?.waitingAct).toBeUndefined();
    expect(done.evidence.slice(-2)).toMatchObject([{ what: 'approve', rule: 'twice' }, { what: 'resend' }]);
  });

  it('is not done when it is refused, or not approved in time, or what it was about has changed', () => {
    const refused = operate(asked, by('anna', 'reject'));
    expect(refused).toMatchObject({ state: 'needs_review', attention: 'outcome_unknown' });
    expect(viewPayout(refused).attention).toBe('outcome_unknown');
    const late = applyClock(asked, at(START_MS + HOUR + DAY));
    expect(late).toMatchObject({ state: 'needs_review', attention: 'outcome_unknown' });
    const answered = apply(asked, { kind: 'report', report: makeReport(), atMs: START_MS + 2 * HOUR });
    expect(answered.state).toBe('processing');
    for (const payout of [refused, late, answered]) {
      expect(payout.gate?.waitingAct).toBeUndefined();
      expect(refuseOperator(payout, by('anna', 'approve'))).toBe('not_awaiting_approval');
    }
  });

  it('waits alone', () => {
    expect(refuseOperator(asked, resolveAs('declined'))).toBe('act_waits');
  });

  it('is a resolve only against the last word of the gateway, or without one', () => {
    const said = apply(makeFollowed({ gate: doubt.gate }), {
      ...{ kind: 'report', report: makeReport({ status: 'declined', amount: '1.00' }), atMs: START_MS + 1 },
    });
    expect(said).toMatchObject({ state: 'needs_review', attention: 'amount_mismatch' });
    expect(operate(said, resolveAs('declined')).state).toBe('declined');
    expect(operate(said, resolveAs('processing')).state).toBe('processing');
    const against = operate(said, resolveAs('approved'));
    expect(against.state).toBe('needs_review');
    expect(operate(against, by('anna', 'approve'))).toMatchObject({ state: 'approved', settledBy: 'operator' });
    expect(operate(review, resolveAs('declined')).state).toBe('needs_review');
    // What was said of another order is no word about this one.
    const ofAnother = said.evidence.map((entry) => (entry.what === 'declined' ? { ...entry, orderId: '999' } : entry));
    const confused = { ...said, evidence: ofAnother } as Payout;
    expect(operate(confused, resolveAs('declined')).state).toBe('needs_review');
  });

  it('is approved no more once the gateway has said the opposite: it is rejected and asked for anew', () => {
    const unsaid = makeFollowed({ ...doubt, attention: 'amount_mismatch' });
    const waiting = operate(unsaid, { ...resolveAs('approved'), against: null } as OperatorOrder);
    expect(refuseOperator(waiting, by('anna', 'approve'))).toBeNull();
    const report = makeReport({ status: 'declined', amount: '1.00' });
    const said = apply(waiting, { kind: 'report', report, atMs: START_MS + 2 * HOUR });
    expect(said.gate?.waitingAct).toBeDefined();
    expect(refuseOperator(said, by('anna', 'approve'))).toBe('act_overtaken');
    expect(operate(said, by('anna', 'approve'))).toBe(said);
    const rejected = operate(said, by('anna', 'reject'));
    const anew = operate(rejected, { ...resolveAs('approved', 'resolve-2'), against: 'declined' } as OperatorOrder);
    expect(operate(anew, by('anna', 'approve'))).toMatchObject({ state: 'approved', settledBy: 'operator' });
  });

  it('is done at once where no rule asks for more', () => {
    expect(operate({ ...review, gate: { requester: 'rita' } }, by('olaf', 'resend')).state).toBe('accepted');
  });
});

it.each(['approve', 'reject', 'withdraw'])('%s by hand without a person is one by its actor', (action) => {
  const order = { id: 'x', actor: 'anna', reason: 'y', action };
  expect(isOperatorOrder(order)).toBe(true);
  expect(isOperatorOrder({ ...order, person: 7 })).toBe(false);
  expect(isOperatorOrder({ ...order, notBefore: { executeAtMs: 'x' } })).toBe(action !== 'approve');
});
