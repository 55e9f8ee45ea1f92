import fc from 'fast-check';
import {
  type Backoff,
  DEFAULT_POLICY,
  horizonOf,
  intervalAt,
  jitter,
  nextBackoff,
  parseDuration,
  sendPause,
} from '../../src/domain/poll-plan';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['1s', SECOND],
    ['4s', 4 * SECOND],
    ['5m', 5 * MINUTE],
    ['6h', 6 * HOUR],
    ['14d', 14 * DAY],
    ['999999999ms', 999_999_999],
  ])('%s is %i ms', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
  });

  it.each([
    '',
    '5',
    's',
    '0s',
    '05s',
    '-5s',
    '+5s',
    '1.5s',
    '5 s',
    ' 5s',
    '5s ',
    '5S',
    '5min',
    '5w',
    '1e3s',
    '1m30s',
    '1000000000s',
    'NaNs',
    '５s',
    '5s\n',
  ])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(new RangeError('expected a duration such as "4s", "5m", "6h" or "14d"'));
  });
});

describe('the default plan', () => {
  const { pollPlan } = DEFAULT_POLICY;

  it('ends with the callback window of the gateway', () => {
    expect(horizonOf(pollPlan)).toBe(14 * DAY);
  });

  it.each([
    [0, 4 * SECOND],
    [5 * MINUTE - 1, 4 * SECOND],
    [5 * MINUTE, 5 * MINUTE],
    [HOUR - 1, 5 * MINUTE],
    [HOUR, HOUR],
    [DAY - 1, HOUR],
    [DAY, 6 * HOUR],
    [14 * DAY - 1, 6 * HOUR],
    [14 * DAY, 6 * HOUR],
    [100 * DAY, 6 * HOUR],
  ])('%i ms after the start it asks every %i ms', (elapsedMs, everyMs) => {
    expect(intervalAt(pollPlan, elapsedMs)).toBe(everyMs);
  });
});

describe('jitter', () => {
  it('spreads 4 s over 3 to 5 s, both ends reachable', () => {
    expect(jitter(4 * SECOND, 0)).toBe(3 * SECOND);
    expect(jitter(4 * SECOND, 0.5)).toBe(4 * SECOND);
    expect(jitter(4 * SECOND, 1 - Number.EPSILON)).toBe(5 * SECOND);
  });

  it('never leaves that range and grows with its unit', () => {
    const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(unit, unit, (a, b) => {
        const [low, high] = [jitter(4 * SECOND, Math.min(a, b)), jitter(4 * SECOND, Math.max(a, b))];
        expect(low).toBeGreaterThanOrEqual(3 * SECOND);
        expect(high).toBeLessThanOrEqual(5 * SECOND);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });
});

/** The moments of a doubt at which the backoff asks, each question answered at once. */
function rungsOf(backoff: Backoff): number[] {
  const rungs: number[] = [];
  for (let atMs: number | null = 0; atMs !== null && rungs.length < 100; ) {
    atMs = nextBackoff(backoff, atMs);
    if (atMs !== null) rungs.push(atMs);
  }
  return rungs;
}

describe('nextBackoff', () => {
  it('asks 5 s, 20 s, 50 s and so on after the doubt began, then hourly to the end of the day', () => {
    const first = [5, 20, 50, 110, 230, 530, 1_130, 2_030].map((seconds) => seconds * SECOND);
    const hourly = Array.from({ length: 23 }, (_, index) => 2_030 * SECOND + (index + 1) * HOUR);
    expect(rungsOf(DEFAULT_POLICY.backoff)).toEqual([...first, ...hourly]);
  });

  it('skips the rungs that a slow answer took the time of', () => {
    expect(nextBackoff(DEFAULT_POLICY.backoff, 21 * SECOND)).toBe(50 * SECOND);
    expect(nextBackoff(DEFAULT_POLICY.backoff, 2_030 * SECOND + 90 * MINUTE)).toBe(2_030 * SECOND + 2 * HOUR);
  });

  it('ends exactly with its time', () => {
    const backoff = { gapsMs: [10], thenEveryMs: 10, untilMs: 30 };
    expect(rungsOf(backoff)).toEqual([10, 20, 30]);
    expect(rungsOf({ ...backoff, untilMs: 29 })).toEqual([10, 20]);
    expect(rungsOf({ ...backoff, untilMs: 9 })).toEqual([]);
    expect(rungsOf({ gapsMs: [10, 20], thenEveryMs: 10, untilMs: 29 })).toEqual([10]);
  });

  it('always lies in the future and within the backoff', () => {
    const backoffs = fc.record({
      gapsMs: fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 5 }),
      thenEveryMs: fc.integer({ min: 1, max: 1_000 }),
      untilMs: fc.integer({ min: 1, max: 5_000 }),
    });
    fc.assert(
      fc.property(backoffs, fc.integer({ min: 0, max: 6_000 }), (backoff, elapsedMs) => {
        const rungMs = nextBackoff(backoff, elapsedMs);
        if (rungMs === null) return;
        expect(rungMs).toBeGreaterThan(elapsedMs);
        expect(rungMs).toBeLessThanOrEqual(backoff.untilMs);
      }),
    );
  });
});

describe('sendPause', () => {
  it('doubles from one second to five minutes and stays there', () => {
    const pauses = [0, 1, 2, 3, 8, 9, 10, 100, 10_000].map((attempts) => sendPause(DEFAULT_POLICY.sendAgain, attempts));
    expect(pauses.map((pauseMs) => pauseMs / SECOND)).toEqual([1, 1, 2, 4, 128, 256, 300, 300, 300]);
  });
});
