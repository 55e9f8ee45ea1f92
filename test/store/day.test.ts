import { createDay, type Day } from '../../src/store/day';
import { TemporalUnavailable } from '../../src/store/errors';
import { createFakeVisibility, makeRun } from './fake-visibility';

const HOUR_MS = 3_600_000;
/** Ten minutes into an hour. */
const NOON_MS = Date.UTC(2026, 0, 5, 12, 10);

function startDay(onCall = () => {}) {
  let nowMs = NOON_MS;
  const three = [makeRun('P1'), makeRun('P2'), makeRun('P3')];
  const visibility = createFakeVisibility(
    [
      [/PayoutState IN/, [makeRun('P4')]],
      [/PayoutOutcome IN \('approved'\) AND CloseTime/, three.slice(1)],
      [/ExecutionDuration <= 60000000000$/, three.slice(2)],
      [/StartTime|CloseTime/, three],
    ],
    onCall,
  );
  const day = createDay({ visibility, now: () => nowMs, pauseMs: 0 });
  const readWhole = async (): Promise<Day> => {
    for (;;) {
      const read = day.read('*');
      if (read.closed !== null && read.hours.every(({ paid }) => paid !== null)) return read;
      await new Promise(setImmediate);
    }
  };
  return { day, readWhole, visibility, pass: (ms: number) => (nowMs += ms) };
}

it('the first answer has the hours and no number, and a later one has them all', async () => {
  const { day, readWhole, visibility } = startDay();
  const first = day.read('*');
  expect(first.hours).toHaveLength(24);
  expect([first.hours[0], first.hours.at(-1), first.inDoubt]).toEqual([
    { start: '2026-01-04T13:00:00.000Z', made: null, paid: null },
    { start: '2026-01-05T12:00:00.000Z', made: null, paid: null },
    null,
  ]);
  const whole = await readWhole();
  expect(whole.hours.every(({ made, paid }) => made === 3 && paid === 2)).toBe(true);
  expect([whole.inDoubt, whole.closed, whole.closedWithin]).toEqual([1, 3, [1, 3, 3]]);
  expect(visibility.queries).toHaveLength(24 * 2 + 5);
});

it('an hour that is over is counted once, and the one that goes on again', async () => {
  const { readWhole, day, visibility, pass } = startDay();
  await readWhole();
  day.read('*');
  expect(visibility.queries).toHaveLength(53);
  pass(30_000);
  day.read('*');
  // Two of the hour, and five of the day.
  while (visibility.queries.length < 60) await new Promise(setImmediate);
  const again = visibility.queries.slice(53).filter((query) => query.includes('StartTime'));
  expect(again).toEqual([expect.stringContaining("StartTime >= '2026-01-05T12:00:00.000Z'")]);
  pass(HOUR_MS);
  expect(day.read('*').hours.at(-1)).toEqual({ start: '2026-01-05T13:00:00.000Z', made: null, paid: null });
});

it('what ends the counting is said once, and the next call begins again', async () => {
  let isAway = true;
  const { day, readWhole } = startDay(() => {
    if (isAway) throw new TemporalUnavailable();
  });
  day.read('*');
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(() => day.read('*')).toThrow(TemporalUnavailable);
  isAway = false;
  expect((await readWhole()).inDoubt).toBe(1);
});

it('the days of several tenants are counted apart, and together no faster than one', async () => {
  const { day, visibility } = startDay();
  day.read(['default']);
  day.read(['shops']);
  await new Promise(setImmediate);
  expect(visibility.queries).toHaveLength(1);
  while (visibility.queries.length < 4) await new Promise(setImmediate);
  expect(visibility.queries.map((query) => /PayoutTenant [^)]*/.exec(query)?.[0])).toEqual([
    'PayoutTenant IS NULL',
    "PayoutTenant IN ('shops'",
    'PayoutTenant IS NULL',
    "PayoutTenant IN ('shops'",
  ]);
});
