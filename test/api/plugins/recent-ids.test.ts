import { createRecentIds } from '../../../src/api/plugins/recent-ids';

it('remembers the ids that were seen last, and as many as it may', () => {
  const ids = createRecentIds({ size: 2 });
  for (const id of ['a', 'b', 'a', 'c']) ids.add(id);
  expect(['a', 'b', 'c'].map((id) => ids.has(id))).toEqual([true, false, true]);
});
