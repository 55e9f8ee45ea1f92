import type { Cell } from '../../bench/cell';
import { drawChart } from '../../bench/chart';
import { summarise, weighGoals } from '../../bench/summary';

const cell = (contestant: string, polls: number, worker: number, more: Partial<Cell> = {}): Cell => ({
  ...{ contestant, polls, payouts: 10, perSecond: 1, idleMsPerSecond: 10, seconds: 20, postMs: [1], finalMs: [2] },
  ...{ cpuMs: { server: 50, worker, api: 10 }, diskBytes: 1, events: 18, historyBytes: 4_000, actions: 5 },
  ...{ statusCalls: 1, verdict: { payouts: 10, orders: 10, paidTwice: 0, neverSent: 0, notFinal: 0 }, ...more },
});

test('rounds are taken together by their medians, and idle time can be left out', () => {
  const [summary, ...others] = summarise([40, 90, 60].map((worker) => cell('ours', 1, worker)));
  expect(others).toEqual([]);
  // 10 ms a second for 20 s, shared by 10 payouts.
  expect(summary).toMatchObject({ cpuMs: 120, netCpuMs: 100, workerMs: 60, payouts: 30, orders: 30 });
});

test('two rounds are taken together by their mean', () => {
  const [summary] = summarise([40, 90].map((worker) => cell('ours', 1, worker)));
  expect(summary).toMatchObject({ cpuMs: 125, workerMs: 65 });
});

test('a goal is weighed by the median of the ratios of the rounds, and left out where nothing was measured', () => {
  const cells = [cell('ours', 1, 40), cell('temporal-minimum', 1, 20), cell('ours', 10, 40)];
  const goals = weighGoals([...cells, cell('temporal-loop', 10, 340)]);
  expect(goals.map(({ goal, value, isMet }) => [goal, value, isMet])).toEqual([
    ['CPU, ours ÷ minimum, 1 poll', 1.25, true],
    ['CPU, loop ÷ ours, 10 polls', 4, true],
    ['CPU of worker and API, loop ÷ ours, 10 polls', 7, true],
    ['history of ours, bytes', 4_000, true],
    ['actions of ours, 1 poll', 5, true],
    ['actions of ours, 10 polls', 5, true],
  ]);
  expect(weighGoals([cell('ours', 1, 400), cell('temporal-minimum', 1, 20)])[0]).toMatchObject({ isMet: false });
});

test('the chart has a bar for each process, as long as its part of the longest', () => {
  const svg = drawChart(summarise([cell('ours', 1, 40), cell('a<b', 1, 140)]), 'CPU');
  const widths = [...svg.matchAll(/<rect x="[\d.]+" y="\d+" width="([\d.]+)" height="16"/g)].map(([, width]) => width);
  expect(widths).toEqual(['120.0', '96.0', '24.0', '120.0', '336.0', '24.0']);
  expect(svg).toContain('a&lt;b');
});
