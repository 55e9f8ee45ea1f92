import { createSkewWatch } from '../../src/activities/clock-skew';

it('tells each crossing once, for each endpoint, in whole seconds', () => {
  const notified: [string, number][] = [];
  const { observe } = createSkewWatch((endpoint, skewSeconds) => notified.push([endpoint, skewSeconds]));
  for (const skewMs of [null, 0, 60_000, -60_000]) observe('a', skewMs);
  expect(notified).toEqual([]);
  for (const skewMs of [60_001, 90_000, null, -70_400]) observe('a', skewMs);
  observe('b', -61_600);
  expect(notified).toEqual([
    ['a', 60],
    ['b', -62],
  ]);
  observe('a', 59_999);
  observe('a', -120_000);
  expect(notified.slice(2)).toEqual([['a', -120]]);
});
