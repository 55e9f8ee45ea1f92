import { callResultOfError, callResultOfSubmission, createSendingGate } from '../../src/activities/sending-gate';
import { toOrderId } from '../../src/domain/ids';
import type { NotSentCause } from '../../src/domain/order-report';
import { GatewayError, type GatewayErrorKind } from '../../src/gateway/errors';

const KINDS: readonly GatewayErrorKind[] = [
  'unreachable',
  'no_answer',
  'forbidden',
  'unreadable',
  'wrong_ids',
  'redirected',
];

describe('what a call tells about its endpoint', () => {
  it('every question without an answer is a failure, but for an answer about another order', () => {
    expect(KINDS.filter((kind) => callResultOfError(new GatewayError(kind)) === 'failed')).toEqual(
      KINDS.filter((kind) => kind !== 'wrong_ids'),
    );
    expect(callResultOfError(new Error('a defect'))).toBeNull();
  });

  it.each<[NotSentCause, 'failed' | null]>([
    ['unreachable', 'failed'],
    ['probe_unanswered', 'failed'],
    ['forbidden', 'failed'],
    ['past_deadline', null],
    ['endpoint_paused', null],
    ['not_recorded', null],
  ])('not sent, %s: %s', (cause, result) => {
    expect(callResultOfSubmission({ outcome: 'not_sent', cause })).toBe(result);
  });

  it.each([
    ['server_error', 'failed'],
    ['timeout', 'failed'],
    ['connection_lost', 'failed'],
    ['wrong_ids', null],
    ['refused_with_order_id', null],
  ])('unconfirmed, %s: %s', (cause, result) => {
    expect(callResultOfSubmission({ outcome: 'unconfirmed', cause, orderId: null })).toBe(result);
  });

  it('a refusal and an acceptance are answers', () => {
    const accepted = { orderId: toOrderId('1'), serialNumber: null, endpointId: null };
    expect(callResultOfSubmission({ outcome: 'accepted', ...accepted })).toBe('answered');
    expect(
      callResultOfSubmission({ outcome: 'refused', reason: { code: '1', message: null }, serialNumber: null }),
    ).toBe('answered');
  });
});

describe('the gate', () => {
  const setUp = () => {
    const clock = { nowMs: 0 };
    const turns: string[] = [];
    const gate = createSendingGate({
      now: () => clock.nowMs,
      onTurn: (endpoint, turn) => turns.push(`${endpoint} ${turn}`),
    });
    return { clock, turns, gate };
  };

  it('keeps sends from the endpoint that fails and from no other', () => {
    const { gate } = setUp();
    for (let n = 0; n < 5; n += 1) gate.record('dead', 'failed');
    expect([gate.admits('dead'), gate.isPaused('dead')]).toEqual([false, true]);
    expect([gate.admits('alive'), gate.isPaused('alive')]).toEqual([true, false]);
  });

  it('takes what says nothing for nothing', () => {
    const { gate } = setUp();
    for (let n = 0; n < 5; n += 1) {
      gate.record('one', n === 2 ? null : 'failed');
    }
    expect(gate.isPaused('one')).toBe(false);
    gate.record('one', 'failed');
    expect(gate.isPaused('one')).toBe(true);
  });

  it('stays paused while its trial is under way, and tells each turn once', () => {
    const { gate, clock, turns } = setUp();
    for (let n = 0; n < 9; n += 1) gate.record('one', 'failed');
    clock.nowMs = 5_000;
    expect([gate.admits('one'), gate.admits('one'), gate.isPaused('one')]).toEqual([true, false, true]);
    gate.record('one', 'failed');
    gate.record('one', 'answered');
    gate.record('one', 'answered');
    expect([gate.admits('one'), gate.isPaused('one')]).toEqual([true, false]);
    expect(turns).toEqual(['one paused', 'one resumed']);
  });
});
