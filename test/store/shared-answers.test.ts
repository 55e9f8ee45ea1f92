import { shareAnswers } from '../../src/store/shared-answers';

it('one answer for all who ask at once, kept for its time', async () => {
  let nowMs = 0;
  let asked = 0;
  const share = shareAnswers<number>({ keepMs: 10, now: () => nowMs });
  const ask = async () => {
    asked += 1;
    return asked;
  };
  expect(await Promise.all([share('a', ask), share('a', ask), share('b', ask)])).toEqual([1, 1, 2]);
  nowMs = 9;
  expect(await share('a', ask)).toBe(1);
  nowMs = 10;
  expect(await share('a', ask)).toBe(3);
});

it('a failure is kept for no one', async () => {
  const share = shareAnswers<number>({ keepMs: 10 });
  const fails = share('a', () => Promise.reject(new Error('away')));
  await expect(fails).rejects.toThrow('away');
  expect(await share('a', async () => 7)).toBe(7);
});

it('however many questions: the answers kept are bounded, the latest stay', async () => {
  const share = shareAnswers<number>({ keepMs: 10, now: () => 0, size: 2 });
  for (const question of ['a', 'b', 'c']) await share(question, async () => 1);
  expect(await share('c', async () => 2)).toBe(1);
  expect(await share('a', async () => 2)).toBe(2);
});
