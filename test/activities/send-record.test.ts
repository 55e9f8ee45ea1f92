import { recordInTime } from '../../src/activities/send-record';

it('what the server has recorded in time is on record', async () => {
  expect(await recordInTime(async () => {}, 10_000)).toBe(true);
});

it('an error is no record', async () => {
  expect(await recordInTime(async () => Promise.reject(new Error('unavailable')), 10_000)).toBe(false);
});

it.each([20, 0, -5])('an answer that does not come within %i ms is no record, though it may come later', async (ms) => {
  let answer = () => {};
  const late = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const isRecorded = recordInTime(() => late, ms);
  expect(await isRecorded).toBe(false);
  answer();
  expect(await isRecorded).toBe(false);
});
