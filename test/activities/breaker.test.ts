import fc from 'fast-check';
import {
  admit,
  type Breaker,
  CLOSED,
  callResultOfError,
  callResultOfSubmission,
  createSendingGate,
  FAILURES_TO_PAUSE,
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
  recordCall,
} from '../../src/activities/breaker';
import { toOrderId } from '../../src/domain/ids';
import type { NotSentCause } from '../../src/domain/order-report';
import { ENDPOINT_PAUSE_MS } from '../../src/domain/poll-plan';
import { GatewayError, type GatewayErrorKind } from '../../src/gateway/errors';

const fail = (breaker: Breaker, nowMs: number, times = 1): Breaker =>
  times === 0 ? breaker : fail(recordCall(breaker, 'failed', nowMs), nowMs, times - 1);
const OPEN = fail(CLOSED, 0, FAILURES_TO_PAUSE);

describe('the breaker', () => {
  it('opens at the fifth failure in a row, not before', () => {
    expect(fail(CLOSED, 0, 4)).toEqual({ position: 'closed', failuresInRow: 4 });
    expect(fail(CLOSED, 7, 5)).toEqual({ position: 'open', untilMs: 7 + 5_000, pauseMs: 5_000 });
  });

  it('counts from the last answer', () => {
    const answered = recordCall(fail(CLOSED, 0, 4), 'answered', 0);
    expect(fail(answered, 0, 4).position).toBe('closed');
  });

  it('lets one trial through at the end of the pause, and no other beside it', () => {
    expect(admit(OPEN, FIRST_PAUSE_MS - 1)).toEqual({ admitted: false, breaker: OPEN });
    const trial = admit(OPEN, FIRST_PAUSE_MS);
    expect(trial.admitted).toBe(true);
    expect(admit(trial.breaker, FIRST_PAUSE_MS).admitted).toBe(false);
  });

  it('lets another trial through if the first never reports', () => {
    const { breaker } = admit(OPEN, FIRST_PAUSE_MS);
    expect(admit(breaker, 2 * FIRST_PAUSE_MS - 1).admitted).toBe(false);
    expect(admit(breaker, 2 * FIRST_PAUSE_MS).admitted).toBe(true);
  });

  it('pauses twice as long after each failed trial, up to half a minute', () => {
    const pauses: number[] = [];
    let breaker: Breaker = OPEN;
    for (let trial = 0; trial < 6; trial += 1) {
      if (breaker.position !== 'open') throw new Error('expected an open breaker');
      pauses.push(breaker.pauseMs);
      breaker = fail(admit(breaker, breaker.untilMs).breaker, breaker.untilMs);
    }
    expect(pauses).toEqual([5_000, 10_000, 20_000, 30_000, 30_000, 30_000]);
  });

  it('is not held open by questions that fail', () => {
    expect(fail(OPEN, FIRST_PAUSE_MS - 1, 50)).toBe(OPEN);
  });

  it('a trial that is answered closes it', () => {
    expect(recordCall(admit(OPEN, FIRST_PAUSE_MS).breaker, 'answered', FIRST_PAUSE_MS)).toEqual(CLOSED);
  });
});

describe('whatever happens and when', () => {
  const anyStep = fc.record({
    what: fc.constantFrom('answered' as const, 'failed' as const, 'admit' as const),
    afterMs: fc.integer({ min: 0, max: 40_000 }),
  });
  const play = (steps: readonly { what: 'answered' | 'failed' | 'admit'; afterMs: number }[]) => {
    let breaker: Breaker = CLOSED;
    let nowMs = 0;
    return steps.map(({ what, afterMs }) => {
      nowMs += afterMs;
      const before = breaker;
      const outcome =
        what === 'admit' ? admit(before, nowMs) : { admitted: null, breaker: recordCall(before, what, nowMs) };
      breaker = outcome.breaker;
      return { before, what, admitted: outcome.admitted, after: breaker, nowMs };
    });
  };

  it('an answer closes it and a closed one admits every send', () => {
    fc.assert(
      fc.property(fc.array(anyStep), (steps) => {
        for (const { before, what, admitted, after } of play(steps)) {
          if (what === 'answered') expect(after).toEqual(CLOSED);
          if (what === 'admit' && before.position === 'closed') expect(admitted).toBe(true);
        }
      }),
    );
  });

  it('it closes by an answer alone, and opens only by the fifth failure in a row or a failed trial', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        let failuresInRow = 0;
        for (const { before, what, after } of play(steps)) {
          failuresInRow = what === 'failed' ? failuresInRow + 1 : what === 'answered' ? 0 : failuresInRow;
          if (before.position !== 'closed' && after.position === 'closed') expect(what).toBe('answered');
          if (before.position === 'closed') expect(after.position === 'open').toBe(failuresInRow === FAILURES_TO_PAUSE);
        }
      }),
    );
  });

  it('while it is not closed, two admitted sends are at least a first pause apart', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        let lastTrialMs: number | null = null;
        for (const { before, what, admitted, nowMs } of play(steps)) {
          if (what === 'answered') lastTrialMs = null;
          if (admitted !== true || before.position === 'closed') continue;
          if (lastTrialMs !== null) expect(nowMs - lastTrialMs).toBeGreaterThanOrEqual(FIRST_PAUSE_MS);
          lastTrialMs = nowMs;
        }
      }),
    );
  });

  it('a send is admitted within the longest pause of any moment, and with a payout’s own pause within a minute', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const last = play(steps).at(-1);
        if (last === undefined) return;
        expect(admit(last.after, last.nowMs + LONGEST_PAUSE_MS).admitted).toBe(true);
      }),
    );
    expect(LONGEST_PAUSE_MS + ENDPOINT_PAUSE_MS).toBeLessThanOrEqual(60_000);
  });
});

const KINDS: readonly GatewayErrorKind[] = [
  'unreachable',
  'no_answer',
  'forbidden',
  'unreadable',
  'wrong_ids',
  'redirected',
];

describe('what a call says about its endpoint', () => {
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
