import { TemporalUnavailable } from '../../src/store/errors';
import { repeatAborted } from '../../src/store/operator-acts';

function failing(times: number, failure: Error = new TemporalUnavailable('aborted')) {
  let tries = 0;
  return jest.fn(async () => {
    tries += 1;
    if (tries <= times) throw failure;
    return 'done';
  });
}

it.each([0, 1, 4])('aborted %i times it is done', async (times) => {
  const update = failing(times);
  expect(await repeatAborted(update)).toBe('done');
  expect(update).toHaveBeenCalledTimes(times + 1);
});

it('aborted every time, nothing is promised', async () => {
  const update = failing(5);
  await expect(repeatAborted(update)).rejects.toThrow(TemporalUnavailable);
  expect(update).toHaveBeenCalledTimes(5);
});

it.each([new Error('refused'), new TemporalUnavailable()])('another failure is not repeated: %s', async (failure) => {
  const update = failing(1, failure);
  await expect(repeatAborted(update)).rejects.toThrow(failure);
  expect(update).toHaveBeenCalledTimes(1);
});
