import {
  answerOfLost,
  applyAnswer,
  applyClock,
  applyDetails,
  applyEvidence,
  applySubmissionResult,
  applyWatchResult,
  PAYLOAD_REFUSED,
  recordCallback,
  submissionOfLost,
} from '../../src/domain/apply-evidence';
import { listAllowedActions } from '../../src/domain/operator';
import { openPayout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import * as refused from '../../src/temporal/failure-converter';
import { COLLECTING, makeCallback, makeFollowed, makePayout, makeReport, ORDER_ID, START_MS } from './samples';

const policy = DEFAULT_POLICY;
const DAY_MS = 86_400_000;
/** A call that ended without a result, nobody knows how. */
const LOST = { failureType: null, timeout: null, hadFailed: false, recorded: false } as const;
const reason = { code: '1', message: null };
const claim = { status: 'approved', reason: null, atMs: START_MS, asked: true, reached: false } as const;

describe('applyAnswer', () => {
  it.each([
    [policy.confirmWithinMs - 1, 'processing'],
    [policy.confirmWithinMs, 'approved'],
    [policy.confirmWithinMs + 1, 'approved'],
  ])('no answer %i ms after the claim: %s', (afterMs, state) => {
    const received = applyAnswer(makeFollowed({ claim }), 'silent', { policy, atMs: START_MS + afterMs });
    expect(received.state).toBe(state);
  });

  it('a question that was never asked lets no claim stand alone, however late', () => {
    const received = applyAnswer(makeFollowed({ claim }), 'not_asked', { policy, atMs: START_MS + DAY_MS });
    expect(received).toMatchObject({ state: 'processing', claim: { asked: true, reached: false } });
  });

  it.each([
    [{ failureType: 'NotAsked' }, 'not_asked'],
    [{ failureType: 'GatewayUnanswered' }, 'silent'],
    [{ failureType: 'GatewayUnreadable' }, 'unreadable'],
    [{ failureType: 'GatewayForbids' }, 'forbidden'],
    [{}, 'silent'],
    [{ timeout: 'SCHEDULE_TO_START' }, 'not_asked'],
    [{ timeout: 'SCHEDULE_TO_CLOSE' }, 'not_asked'],
    [{ timeout: 'SCHEDULE_TO_CLOSE', hadFailed: true }, 'silent'],
    [{ timeout: 'START_TO_CLOSE' }, 'silent'],
  ])('a question lost as %j: %s', (lost, answer) => {
    expect(answerOfLost({ ...LOST, ...lost })).toBe(answer);
  });

  it('no answer without a claim settles nothing, however late', () => {
    const received = applyAnswer(makeFollowed(), 'silent', { policy, atMs: START_MS + DAY_MS });
    expect(received).toMatchObject({ state: 'processing', attention: 'gateway_unreachable' });
  });

  it('tells "no such order" from no answer', () => {
    const received = applyAnswer(
      makeFollowed({ claim }),
      { found: false, reason },
      { policy, atMs: START_MS + DAY_MS },
    );
    expect(received).toMatchObject({ state: 'processing', attention: 'order_not_found', claim: { reached: true } });
  });

  it('takes a report over', () => {
    const answer = { found: true, report: makeReport({ status: 'declined', reason }) } as const;
    expect(applyAnswer(makeFollowed(), answer, { policy, atMs: START_MS })).toMatchObject({
      state: 'declined',
      reason,
    });
  });
});

describe('applySubmissionResult', () => {
  const sending = makePayout({ state: 'sending', sendAttempts: 1 });

  it('a lost call is a doubt, never a refusal', () => {
    const received = applySubmissionResult(sending, null, { policy, atMs: START_MS });
    expect(received).toMatchObject({ state: 'unconfirmed', orderId: null, unconfirmedSinceMs: START_MS });
    expect(received.evidence).toMatchObject([{ source: 'submission', what: 'unconfirmed_call_lost' }]);
  });

  it('a worker that could not decrypt what to send sent nothing', () => {
    const received = applySubmissionResult(sending, submissionOfLost({ ...LOST, failureType: PAYLOAD_REFUSED }), {
      policy,
      atMs: START_MS,
    });
    expect(received).toMatchObject({ state: 'sending', notSentAtMs: START_MS, attention: 'gateway_unreachable' });
    expect(received.evidence).toMatchObject([{ source: 'submission', what: 'not_sent_payload_refused' }]);
    expect(PAYLOAD_REFUSED).toBe(refused.PAYLOAD_REFUSED);
  });

  it.each([
    [{ failureType: 'EndpointUnknown' }, 'worker_unfit'],
    [{ failureType: 'NotFoundError' }, 'worker_unfit'],
    [{ failureType: PAYLOAD_REFUSED }, 'payload_refused'],
    [{ timeout: 'SCHEDULE_TO_START' }, 'not_taken'],
    [{ timeout: 'START_TO_CLOSE' }, 'lost_before_record'],
    [{ timeout: 'START_TO_CLOSE', hadFailed: true }, 'lost_before_record'],
  ])('a send lost as %j was not sent (%s), unless it was on record', (lost, cause) => {
    expect(submissionOfLost({ ...LOST, ...lost })).toEqual({ outcome: 'not_sent', cause });
    expect(submissionOfLost({ ...LOST, ...lost, recorded: true })).toBeNull();
  });

  it.each([
    ...['Error', 'TypeError', 'GatewayForbids', '', null].map((failureType) => ({ failureType })),
    // An operator had it tried again: an attempt before may have sent.
    { timeout: 'SCHEDULE_TO_START', hadFailed: true },
    { timeout: 'SCHEDULE_TO_CLOSE' },
    { timeout: 'HEARTBEAT' },
  ])('a send lost as %j is a doubt', (lost) => {
    expect(submissionOfLost({ ...LOST, ...lost })).toBeNull();
    expect(submissionOfLost({ ...LOST, ...lost, recorded: true })).toBeNull();
  });

  it('a call that no worker took calls a person, and may be cancelled between two tries', () => {
    const submission = submissionOfLost({ ...LOST, timeout: 'SCHEDULE_TO_START' });
    const received = applySubmissionResult(sending, submission, { policy, atMs: START_MS });
    expect(received).toMatchObject({ state: 'sending', notSentAtMs: START_MS, attention: 'endpoint_not_served' });
    expect(listAllowedActions(received)).toContain('cancel');
    expect(listAllowedActions(sending)).not.toContain('cancel');
  });

  it('a call lost before it was recorded needs no person and leaves no doubt', () => {
    const unsent = submissionOfLost({ ...LOST, timeout: 'START_TO_CLOSE' });
    const waiting = makePayout({ state: 'sending', sendAttempts: 1, attention: 'gateway_unreachable' });
    const received = applySubmissionResult(waiting, unsent, { policy, atMs: START_MS });
    expect(received).toMatchObject({
      state: 'sending',
      notSentAtMs: START_MS,
      attention: null,
      unconfirmedSinceMs: null,
    });
    expect(received.evidence).toMatchObject([{ source: 'submission', what: 'not_sent_lost_before_record' }]);
  });

  it('takes a result over', () => {
    const accepted = { outcome: 'accepted', orderId: ORDER_ID, serialNumber: null, endpointId: null } as const;
    expect(applySubmissionResult(sending, accepted, { policy, atMs: START_MS }).orderId).toBe(ORDER_ID);
  });
});

describe('applyWatchResult', () => {
  const at = { policy, atMs: START_MS + 1_000, pollingSinceMs: START_MS };

  it('a change counts as an answer', () => {
    const news = { ended: false, answer: { found: true, report: makeReport({ status: 'approved' }) } } as const;
    expect(applyWatchResult(makeFollowed(), news, at).state).toBe('approved');
  });

  it.each([
    [{ ended: true, answered: true } as const, null],
    [{ ended: true, answered: false } as const, 'gateway_unreachable'],
    [null, 'gateway_unreachable'],
  ])('the end of the watch, %j, is the end of its polling: attention %s', (result, attention) => {
    expect(applyWatchResult(makeFollowed(), result, at)).toMatchObject({
      state: 'processing',
      polling: 'slow',
      attention,
    });
  });

  it('the end of a watch of an earlier polling is none', () => {
    expect(applyWatchResult(makeFollowed(), null, { ...at, pollingSinceMs: START_MS - 1 })).toEqual(makeFollowed());
  });
});

describe('giving up', () => {
  const lastRungMs = 2_030_000 + 23 * 3_600_000;

  it.each([
    ['sending', makePayout({ state: 'sending', notSentAtMs: START_MS, sendAttempts: 3 }), DAY_MS, 'deadline_passed'],
    ['the horizon', makeFollowed({ polling: 'slow', lastAskedAtMs: START_MS }), 14 * DAY_MS, 'deadline_passed'],
  ] as const)('%s: at its end and not a moment before', (_name, payout, endMs, attention) => {
    const justBefore = applyClock(
      { ...payout, lastAskedAtMs: START_MS + endMs - 2, notSentAtMs: START_MS + endMs - 2 },
      { policy, atMs: START_MS + endMs - 1 },
    );
    expect(justBefore.state).toBe(payout.state);
    const late = { ...payout, lastAskedAtMs: START_MS + endMs - 2, notSentAtMs: START_MS + endMs - 2 };
    expect(applyClock(late, { policy, atMs: START_MS + endMs })).toMatchObject({ state: 'needs_review', attention });
  });

  it('the backoff: with the answer to its last rung', () => {
    const doubt = makePayout({ state: 'unconfirmed', unconfirmedSinceMs: START_MS, lastAskedAtMs: START_MS });
    const notFound = { found: false, reason } as const;
    const before = applyAnswer(doubt, notFound, { policy, atMs: START_MS + lastRungMs - 1 });
    expect(before.state).toBe('unconfirmed');
    const after = applyAnswer(before, notFound, { policy, atMs: START_MS + lastRungMs });
    expect(after).toMatchObject({ state: 'needs_review', attention: 'outcome_unknown', settledAtMs: null });
  });

  it('a callback that arrives at the very end is applied first', () => {
    const payout = makeFollowed({ polling: 'slow', lastAskedAtMs: START_MS + 14 * DAY_MS - 1 });
    const atMs = START_MS + 14 * DAY_MS;
    const report = makeCallback({ status: 'approved' });
    const received = applyEvidence(payout, { kind: 'report', report, atMs }, { policy, atMs });
    expect(received).toMatchObject({ state: 'processing', claim: { status: 'approved', asked: false } });
  });

  it('nothing is given up that is not due', () => {
    const payout = makeFollowed();
    expect(applyClock(payout, { policy, atMs: START_MS + DAY_MS })).toBe(payout);
  });
});

describe('a signal', () => {
  const context = { policy, atMs: START_MS };
  const report = makeCallback({ status: 'approved' });

  it('of a callback is a claim, one of another endpoint is only recorded, and any other changes nothing', () => {
    const payout = makeFollowed();
    expect(recordCallback(payout, { endpoint: 'default', report }, context).claim).toMatchObject({
      status: 'approved',
    });
    const other = recordCallback(payout, { endpoint: 'other', report }, context);
    expect([other.claim, other.evidence.map(({ what }) => what)]).toEqual([null, ['other_endpoint']]);
    expect(recordCallback(payout, { endpoint: 'default' }, context)).toBe(payout);
  });

  it('of details is the destination, masked, and any other changes nothing', () => {
    const asked = openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS });
    const destination = { type: 'bank_account', accountNumber: 'DE89370400440532013000' };
    const details = { destination, receiver: {}, enteredFrom: '203.0.113.7' };
    expect(applyDetails(asked, details, context)).toMatchObject({
      ...{ state: 'accepted', destination: '••••3000' },
      evidence: [{ what: 'details', enteredFrom: '203.0.113.7', atMs: START_MS }],
    });
    expect(applyDetails(asked, { destination }, context)).toBe(asked);
  });
});
