import fc from 'fast-check';
import {
  admit,
  type Breaker,
  CLOSED,
  FAILURES_TO_PAUSE,
  FIRST_PAUSE_MS,
  LONGEST_PAUSE_MS,
  recordCall,
} from '../../src/activities/breaker';
import { ENDPOINT_PAUSE_MS } from '../../src/domain/poll-plan';

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

  it('lets another trial through when the first was never heard of again', () => {
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
