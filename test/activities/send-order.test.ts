import type { Info } from '@temporalio/activity';
import { recordInTime, sendDeadline } from '../../src/activities/send-order';
import { START_MS } from '../domain/samples';

const info = { currentAttemptScheduledTimestampMs: START_MS, startToCloseTimeoutMs: 40_000 } as Info;

async function deadline(nowMs: number, startedMs: number | null = null) {
  const findStart = jest.fn(async () => startedMs);
  const deadlineMs = await sendDeadline(info, { findStart, now: () => nowMs });
  return { deadlineMs, asked: findStart.mock.calls.length };
}

it.each([0, 2_999, -2_999])(
  'a start %i ms after its schedule is its own proof: 95 %% of the time from there',
  async (ms) => {
    expect(await deadline(START_MS + ms)).toEqual({ deadlineMs: START_MS + 38_000, asked: 0 });
  },
);

it.each([3_000, -3_000, 3_600_000])('a start %i ms off is the server’s to tell', async (ms) => {
  const startedMs = START_MS + ms - 5;
  expect(await deadline(START_MS + ms, startedMs)).toEqual({ deadlineMs: startedMs + 38_000, asked: 1 });
});

it('an attempt the server no longer waits for sends nothing', async () => {
  expect(await deadline(START_MS + 3_000, null)).toEqual({ deadlineMs: null, asked: 1 });
});

it('an attempt whose time is over sends nothing', async () => {
  expect((await deadline(START_MS + 38_001, START_MS)).deadlineMs).toBeNull();
  expect((await deadline(START_MS + 38_000, START_MS)).deadlineMs).toBeNull();
  expect((await deadline(START_MS + 37_999, START_MS)).deadlineMs).toBe(START_MS + 38_000);
});

it('a worker frozen while it asked sends nothing', async () => {
  let nowMs = START_MS + 5_000;
  const findStart = async () => {
    nowMs += 60_000;
    return START_MS + 4_990;
  };
  expect(await sendDeadline(info, { findStart, now: () => nowMs })).toBeNull();
});

it('a server that cannot be asked is a failure, not a permission', async () => {
  const findStart = async () => {
    throw new Error('unavailable');
  };
  await expect(sendDeadline(info, { findStart, now: () => START_MS + 5_000 })).rejects.toThrow('unavailable');
});

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
