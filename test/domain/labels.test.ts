import { labelsOf } from '../../src/domain/labels';
import { openPayout } from '../../src/domain/payout';
import { viewPayout } from '../../src/domain/view';
import { LABELS, REQUEST, START_MS } from './samples';

it.each([
  [{}, {}],
  [{ tags: [], metadata: {} }, {}],
  [{ tags: ['week-48', 'refund', 'week-48'] }, { tags: ['refund', 'week-48'] }],
  [{ ...LABELS, other: 'x' }, LABELS],
])('of %j the labels %j are kept', (given, kept) => {
  expect(JSON.stringify(labelsOf(given))).toBe(JSON.stringify(kept));
});

it('a payout has its labels and shows them; without any it has not one field more', () => {
  const at = { endpoint: 'default', atMs: START_MS };
  const [labelled, plain] = [openPayout({ ...REQUEST, ...LABELS }, at), openPayout(REQUEST, at)];
  expect(viewPayout(labelled)).toMatchObject(LABELS);
  expect(labelled).toEqual({ ...plain, ...LABELS });
  for (const name of Object.keys(LABELS)) {
    expect(Object.hasOwn(plain, name)).toBe(false);
    expect(Object.hasOwn(viewPayout(plain), name)).toBe(false);
  }
});
