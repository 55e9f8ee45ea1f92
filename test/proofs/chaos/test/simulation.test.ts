import { SEED } from '../../../support/seed';
import { simulate } from '../simulation';

const PAYOUTS = 100_000;

test(`${PAYOUTS} generated payouts from seed ${SEED} on break no promise`, () => {
  const { payouts, limited, ends, violations } = simulate({ payouts: PAYOUTS, seed: SEED });
  expect(violations).toEqual([]);
  expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(payouts);
  expect(limited).toBeGreaterThan(PAYOUTS / 50);
  // A run in which nothing happens proves nothing: every kind of end must have been come to.
  const kinds = ['approved', 'cancelled', 'declined', 'error', 'expired', 'filtered', 'needs_review', 'rejected'];
  expect(Object.keys(ends).sort()).toEqual(kinds);
  for (const kind of ['approved', 'declined', 'error', 'expired', 'filtered', 'needs_review', 'rejected']) {
    expect(ends[kind]).toBeGreaterThan(PAYOUTS / 100);
  }
}, 300_000);

test('the same seed plays the same payouts', () => {
  expect(simulate({ payouts: 200, seed: 7 })).toEqual(simulate({ payouts: 200, seed: 7 }));
  expect(simulate({ payouts: 200, seed: 5_007 }).ends).not.toEqual(simulate({ payouts: 200, seed: 7 }).ends);
});
