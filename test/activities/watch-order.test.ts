import fc from 'fast-check';
import { afterAnswer, afterNoAnswer } from '../../src/activities/watch-order';

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it('after an answer pauses 3 to 5 s', () => {
  fc.assert(
    fc.property(unit, (part) => {
      const pauseMs = afterAnswer({ everyMs: 4_000, leftMs: 300_000, unit: part });
      expect(pauseMs).toBeGreaterThanOrEqual(3_000);
      expect(pauseMs).toBeLessThanOrEqual(5_000);
    }),
  );
});

it('after silences pauses twice as long each time, up to a minute', () => {
  const pauses = [1, 2, 3, 4, 20].map((noAnswers) =>
    afterNoAnswer({ everyMs: 4_000, leftMs: 300_000, unit: 0.5 }, noAnswers),
  );
  expect(pauses).toEqual([8_000, 16_000, 32_000, 60_000, 60_000]);
});

it.each([700, 1, 0, -5])('with %i ms left of the polling never pauses longer, and always a little', (leftMs) => {
  const expected = Math.max(1, leftMs);
  expect(afterAnswer({ everyMs: 4_000, leftMs, unit: 0.5 })).toBe(expected);
  expect(afterNoAnswer({ everyMs: 4_000, leftMs, unit: 0.5 }, 3)).toBe(expected);
});
