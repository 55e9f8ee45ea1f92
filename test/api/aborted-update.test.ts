import { repeatAborted } from '../../src/api/aborted-update';
import { TemporalUnavailable } from '../../src/api/temporal-unavailable';

const isAborted = (error: unknown) => error instanceof Error && error.message === 'aborted';

function failing(times: number, message = 'aborted') {
  let tries = 0;
  return jest.fn(async () => {
    tries += 1;
    if (tries <= times) throw new Error(message);
    return 'done';
  });
}

it.each([0, 1, 4])('aborted %i times it is done', async (times) => {
  const update = failing(times);
  expect(await repeatAborted(update, isAborted)).toBe('done');
  expect(update).toHaveBeenCalledTimes(times + 1);
});

it('aborted every time, nothing is promised', async () => {
  const update = failing(5);
  await expect(repeatAborted(update, isAborted)).rejects.toThrow(TemporalUnavailable);
  expect(update).toHaveBeenCalledTimes(5);
});

it('another failure is not repeated', async () => {
  const update = failing(1, 'refused');
  await expect(repeatAborted(update, isAborted)).rejects.toThrow('refused');
  expect(update).toHaveBeenCalledTimes(1);
});
