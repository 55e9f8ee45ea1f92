import type { Cell } from './cell';
import { median, quantile } from './median';

/** The rounds of one contestant at one number of polls, taken together: medians, and latencies over all payouts. */
export type Summary = ReturnType<typeof summarise>[number];

const keysOf = (cell: Cell) => `${cell.contestant} ${cell.polls}`;

/** All that the processes of a block took for a payout, in ms; `isNet`: without what they take when nothing is paid. */
export function cpuOf(cell: Cell, names: readonly string[] = ['server', 'worker', 'api'], isNet = false): number {
  const sum = names.reduce((total, name) => total + (cell.cpuMs[name] ?? 0), 0);
  return isNet ? sum - (cell.idleMsPerSecond * cell.seconds) / cell.payouts : sum;
}

export function summarise(cells: readonly Cell[]) {
  return [...new Set(cells.map(keysOf))].map((key) => {
    const rounds = cells.filter((cell) => keysOf(cell) === key);
    const { contestant = '', polls = 0 } = rounds[0] ?? {};
    const middle = (read: (cell: Cell) => number | null): number | null => {
      const values = rounds.map(read).filter((value) => value !== null);
      return values.length === 0 ? null : median(values);
    };
    const sum = (read: (cell: Cell) => number) => rounds.reduce((total, cell) => total + read(cell), 0);
    const spread = (read: (cell: Cell) => readonly number[]) => {
      const all = rounds.flatMap(read);
      return all.length === 0 ? null : { p50: quantile(all, 0.5), p99: quantile(all, 0.99) };
    };
    return {
      ...{ contestant, polls },
      perSecond: middle(({ perSecond }) => perSecond),
      cpuMs: middle((cell) => cpuOf(cell)),
      netCpuMs: middle((cell) => cpuOf(cell, undefined, true)),
      serverMs: middle((cell) => cpuOf(cell, ['server'])),
      workerMs: middle((cell) => cpuOf(cell, ['worker'])),
      apiMs: middle((cell) => cpuOf(cell, ['api'])),
      postMs: spread(({ postMs }) => postMs),
      finalMs: spread(({ finalMs }) => finalMs),
      diskBytes: middle(({ diskBytes }) => diskBytes),
      events: middle(({ events }) => events),
      historyBytes: middle(({ historyBytes }) => historyBytes),
      actions: middle(({ actions }) => actions),
      statusCalls: middle(({ statusCalls }) => statusCalls),
      payouts: sum(({ verdict }) => verdict.payouts),
      orders: sum(({ verdict }) => verdict.orders),
      notFinal: sum(({ verdict }) => verdict.notFinal),
    };
  });
}

export interface Goal {
  readonly goal: string;
  readonly bound: string;
  readonly value: number;
  readonly isMet: boolean;
}

type Sense = '<=' | '>=';

/** A measured figure beside its bound. */
export function weigh(goal: string, sense: Sense, bound: number, value: number): Goal {
  return { goal, bound: `${sense} ${round(bound)}`, value, isMet: sense === '<=' ? value <= bound : value >= bound };
}

/** The ratios that are goals, each the median of the rounds' own; one whose blocks were not run is left out. */
export function weighGoals(cells: readonly Cell[]): readonly Goal[] {
  const find = (contestant: string, polls: number) =>
    cells.filter((cell) => cell.contestant === contestant && cell.polls === polls);
  const ratio = (above: string, below: string, polls: number, read: (cell: Cell) => number): number | null => {
    const others = find(below, polls);
    const ratios = find(above, polls).flatMap((cell, round) => {
      const other = others[round];
      return other === undefined ? [] : [read(cell) / read(other)];
    });
    return ratios.length === 0 ? null : median(ratios);
  };
  const ours = (polls: number, read: (cell: Cell) => number | null) => {
    const values = find('ours', polls).map((cell) => read(cell) ?? Number.NaN);
    return values.length === 0 ? null : median(values);
  };
  const worker = (cell: Cell) => cpuOf(cell, ['worker', 'api']);
  const all = (cell: Cell) => cpuOf(cell);
  const goals: readonly [string, Sense, number, number | null][] = [
    ['CPU, ours ÷ minimum, 1 poll', '<=', 1.25, ratio('ours', 'temporal-minimum', 1, all)],
    ['CPU, loop ÷ ours, 10 polls', '>=', 2.5, ratio('temporal-loop', 'ours', 10, all)],
    ['CPU, loop ÷ ours, 75 polls', '>=', 8, ratio('temporal-loop', 'ours', 75, all)],
    ['CPU of worker and API, loop ÷ ours, 10 polls', '>=', 3, ratio('temporal-loop', 'ours', 10, worker)],
    ['history of ours, bytes', '<=', 5 * 1_024, ours(1, ({ historyBytes }) => historyBytes)],
    ...[1, 10, 75].map((polls): (typeof goals)[number] => [
      `actions of ours, ${nameBlock(polls)}`,
      '<=',
      5 + polls / 3,
      ours(polls, ({ actions }) => actions),
    ]),
  ];
  return goals.flatMap(([goal, sense, bound, value]) => (value === null ? [] : [weigh(goal, sense, bound, value)]));
}

/** To three figures. */
export function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** The polls of a block in words. */
export function nameBlock(polls: number): string {
  if (polls === 0) return 'callback at once';
  return polls === 1 ? '1 poll' : `${polls} polls`;
}
