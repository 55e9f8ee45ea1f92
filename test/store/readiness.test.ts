import { createReadiness, type Lack } from '../../src/store/readiness';

function setUp(answers: readonly (readonly Lack[] | Error)[]) {
  let nowMs = 1_000;
  let asked = 0;
  const check = jest.fn(async () => {
    const answer = answers[asked++];
    if (answer === undefined || answer instanceof Error) throw answer;
    return answer;
  });
  return { readiness: createReadiness(check, () => nowMs), check, pass: (ms: number) => (nowMs += ms) };
}
const LACK = { field: 'namespace payouts', expected: 'one of this name; found none' };

it('asks once for all who ask within five seconds, and again after that', async () => {
  const { readiness, check, pass } = setUp([[LACK], []]);
  expect(await Promise.all([readiness(), readiness()])).toEqual([[LACK], [LACK]]);
  pass(4_999);
  expect(await readiness()).toEqual([LACK]);
  expect(check).toHaveBeenCalledTimes(1);
  pass(1);
  expect(await readiness()).toEqual([]);
  expect(check).toHaveBeenCalledTimes(2);
});

it('remembers a failure no longer', async () => {
  const { readiness, check, pass } = setUp([new Error('away'), []]);
  expect(await readiness()).toBeNull();
  expect(await readiness()).toBeNull();
  expect(check).toHaveBeenCalledTimes(1);
  pass(5_000);
  expect(await readiness()).toEqual([]);
});
