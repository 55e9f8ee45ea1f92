import type { BenchResult } from './run';
import { type Goal, nameBlock, round, type Summary } from './summary';

type Row = readonly string[];

function align(rows: readonly Row[]): string[] {
  const widths = (rows[0] ?? []).map((_head, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row.map((text, column) => (column === 0 ? text.padEnd : text.padStart).call(text, widths[column] ?? 0)).join('  '),
  );
}

/** A table under its title, in plain text; nothing without a row. */
export function describeTable(title: string, head: Row, rows: readonly Row[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...align([head, ...rows])];
}

export function describeGoals(goals: readonly Goal[]): string[] {
  const rows = goals.map(({ goal, bound, value, isMet }) => [goal, bound, show(value), isMet ? 'met' : 'missed']);
  return describeTable('Goals', ['goal', 'bound', 'measured', ''], rows);
}

export const show = (value: number | null | undefined, per = 1) =>
  value === null || value === undefined || Number.isNaN(value) ? '-' : round(value / per);

const showSpread = (spread: Summary['postMs']) =>
  spread === null ? '-' : `${Math.round(spread.p50)}/${Math.round(spread.p99)}`;

const HEAD: Row = [
  ...['contestant', 'payouts/s', 'CPU ms', 'server', 'worker', 'API', 'net of idle', 'POST p50/p99', 'final p50/p99'],
  ...['disk KB', 'events', 'history KB', 'actions', 'status calls', 'payouts', 'orders', 'not final'],
];

function toRow(each: Summary): Row {
  return [
    ...[each.contestant, show(each.perSecond), show(each.cpuMs), show(each.serverMs), show(each.workerMs)],
    ...[show(each.apiMs), show(each.netCpuMs), showSpread(each.postMs), showSpread(each.finalMs)],
    ...[show(each.diskBytes, 1_024), show(each.events), show(each.historyBytes, 1_024), show(each.actions)],
    ...[show(each.statusCalls), String(each.payouts), String(each.orders), String(each.notFinal)],
  ];
}

/** Everything that was measured, as lines of text; figures are per payout, times in ms. */
export function describeResult(result: BenchResult, summaries: readonly Summary[], goals: readonly Goal[]): string[] {
  const { kills, waiting, notRun } = result;
  const polls = [...new Set(summaries.map((each) => each.polls))];
  const tables = polls.flatMap((count) => {
    const rows = summaries.filter((each) => each.polls === count).map(toRow);
    return describeTable(nameBlock(count), HEAD, rows);
  });
  const killed = kills.map((each) => [
    ...[
      each.contestant,
      each.kills,
      each.payouts,
      each.orders,
      each.paidTwice,
      each.neverSent,
      each.notFinal,
      each.forPerson,
    ].map(String),
  ]);
  const names = ['server', 'worker', 'api'];
  const waited = waiting.map(({ contestant, payouts, kb }) => [
    ...[contestant, String(payouts)],
    ...names.map((name) => show(kb[name])),
  ]);
  return [
    ...tables,
    ...describeTable(
      'The worker killed again and again, the ledger as judge',
      ['contestant', 'kills', 'payouts', 'orders', 'paid twice', 'never sent', 'not final', 'of it for a person'],
      killed,
    ),
    ...describeTable('Memory for one waiting payout, KB', ['contestant', 'waiting', ...names], waited),
    ...describeGoals(goals),
    ...Object.entries(notRun).map(([name, why]) => `\n${name} was not run: ${why}`),
  ];
}
