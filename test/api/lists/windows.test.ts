import { started } from '../../../src/api/lists/clause';
import { PAYOUT_RUNS } from '../../../src/api/lists/list-filter';
import type { VisibleRun } from '../../../src/api/lists/visibility';
import { FIRST_SPAN_US, walkWindows } from '../../../src/api/lists/windows';
import { createFakeVisibility, makeRun, START_US } from './fake-visibility';

async function walk(runs: VisibleRun[], options: { pageSize?: number; fromUs?: number } = {}) {
  const visibility = createFakeVisibility(runs, options);
  const at = { belowUs: null, fromUs: options.fromUs ?? null, spanUs: FIRST_SPAN_US };
  const windows: (readonly VisibleRun[])[] = [];
  const nowUs = () => START_US + 1_000_000;
  for await (const window of walkWindows(visibility, { clause: PAYOUT_RUNS, at, nowUs })) windows.push(window.runs);
  return { windows, ids: windows.flat().map(({ runId }) => runId), calls: visibility.calls };
}

const spread = (count: number, gapUs: number) =>
  Array.from({ length: count }, (_, at) => makeRun(`P${at}`, { runId: `r${at}`, startUs: START_US - at * gapUs }));
const newestFirst = (count: number) => Array.from({ length: count }, (_, at) => `r${at}`);

it('nothing is one question', async () => {
  expect(await walk([])).toMatchObject({ windows: [], calls: { count: 1, list: 0 } });
});

it('a short list is one window: a count and a list', async () => {
  const { ids, calls } = await walk(spread(500, 3_600_000_000));
  expect(ids).toEqual(newestFirst(500));
  expect(calls).toMatchObject({ count: 1, list: 1 });
});

it.each([
  ['a microsecond apart', 1],
  ['a second apart', 1_000_000],
  ['a day apart', 86_400_000_000],
])('3,000 runs %s are each in one window of at most 500, newest first', async (_name, gapUs) => {
  const { windows, ids } = await walk(spread(3_000, gapUs));
  expect(ids).toEqual(newestFirst(3_000));
  expect(Math.max(...windows.map(({ length }) => length))).toBeLessThanOrEqual(500);
  expect(windows.length).toBeLessThanOrEqual(60);
});

it('a burst after a year of nothing, and one before it, are found', async () => {
  const year = 365 * 86_400_000_000;
  const runs = spread(1_200, 1_000).map((run, at) => (at < 600 ? run : { ...run, startUs: run.startUs - year }));
  expect((await walk(runs)).ids).toEqual(newestFirst(1_200));
});

it('more in one microsecond than one answer holds are read on', async () => {
  const runs = [...spread(10, 5), ...spread(1_500, 0).map((run, at) => ({ ...run, runId: `s${at}` }))];
  const { ids } = await walk(runs);
  expect(new Set(ids).size).toBe(1_510);
  expect(ids).toHaveLength(1_510);
});

it('an answer that is not whole is asked for in smaller windows', async () => {
  const { ids } = await walk(spread(400, 1_000), { pageSize: 60 });
  expect(ids).toEqual(newestFirst(400));
});

it('ends at the earliest time that was asked for', async () => {
  const runs = spread(2_000, 1_000);
  const fromUs = START_US - 700_000;
  const visible = createFakeVisibility(runs);
  expect((await walk(runs, { fromUs })).ids).toHaveLength(await visible.count(started(fromUs, null)));
});
