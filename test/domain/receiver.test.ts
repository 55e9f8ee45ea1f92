import { FINAL_STATES, OPEN_STATES, type Payout } from '../../src/domain/payout';
import { isReturnWorthAsking } from '../../src/domain/receiver';
import { apply } from '../../src/domain/transitions';
import { makeFollowed, makePayout, START_MS } from '../domain/samples';

const returned = (payout: Payout, atMs: number) => apply(payout, { kind: 'returned', atMs });
const timesOf = ({ evidence }: Payout) =>
  evidence.filter(({ what }) => what === 'returned').reduce((sum, { times }) => sum + times, 0);

it('a return is worth a question while an order is followed, and in no other state', () => {
  const states = [...OPEN_STATES, ...FINAL_STATES].filter((state) =>
    isReturnWorthAsking(makePayout({ state }), START_MS),
  );
  expect(states).toEqual(['processing', 'awaiting_receiver']);
});

it('it is noted, and says nothing about the payout', () => {
  const before = makeFollowed({ state: 'awaiting_receiver', redirectTo: 'https://gate.example.com/form/1' });
  const after = returned(before, START_MS + 5);
  expect(after.evidence).toEqual([
    expect.objectContaining({ source: 'receiver', what: 'returned', contradicts: false, atMs: START_MS + 5, times: 1 }),
  ]);
  expect({ ...after, evidence: [], updatedAtMs: 0 }).toEqual({ ...before, evidence: [], updatedAtMs: 0 });
});

it('another one within a quarter of a minute is not heard', () => {
  const once = returned(makeFollowed(), START_MS);
  expect(returned(once, START_MS + 14_999)).toBe(once);
  expect(timesOf(returned(once, START_MS + 15_000))).toBe(2);
});

it('twenty are heard of one payout, however often it is returned to', () => {
  let payout = makeFollowed();
  for (let nth = 0; nth < 200; nth += 1) payout = returned(payout, START_MS + nth * 60_000);
  expect(timesOf(payout)).toBe(20);
});
