import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { describeError, projectRoot } from '../scripts/project';
import { drawChart } from './chart';
import { type BenchResult, chooseContestants, runBench } from './run';
import { summarise, weighGoals } from './summary';
import { describeResult } from './table';

const USAGE = `npm run bench -- [--payouts 40] [--polls 0,1,10,75] [--rounds 3] [--every 1000] [--kills 50] [--waiting 200]
  [--only ours,temporal-loop,...] [--ablation] [--out bench/results/latest.json] [--chart docs/performance.svg]

All contestants by turns; every: ms between two polls; 0 polls: the callback comes at once. Exit code 1 when the product lost a payout or paid one twice.`;

/** A whole number above the least. @throws RangeError naming the option */
function readNumber(name: string, text: string, least = 1): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) < least) throw new RangeError(`--${name}: expected a whole number`);
  return Number(text);
}

function describeMachine() {
  const [first] = cpus();
  return { cpu: first?.model, cores: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30), node: process.version };
}

async function main(): Promise<void> {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    options: {
      ...{ payouts: text('40'), polls: text('0,1,10,75'), rounds: text('3'), every: text('1000') },
      ...{ kills: text('50'), waiting: text('200'), only: { type: 'string' } },
      ...{ out: text('bench/results/latest.json'), chart: text('docs/performance.svg') },
      ...{ ablation: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    },
  });
  if (values.help) return console.log(USAGE);
  const options = {
    payouts: readNumber('payouts', values.payouts),
    polls: values.polls.split(',').map((count) => readNumber('polls', count, 0)),
    rounds: readNumber('rounds', values.rounds),
    everyMs: readNumber('every', values.every, 1_000),
    kills: readNumber('kills', values.kills, 0),
    waiting: readNumber('waiting', values.waiting, 0),
  };
  const contestants = chooseContestants(values.only, values.ablation);
  const beganAt = new Date();
  const [out, chart] = [path.resolve(projectRoot, values.out), path.resolve(projectRoot, values.chart)];
  for (const file of [out, chart]) mkdirSync(path.dirname(file), { recursive: true });
  const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const keep = (result: BenchResult): void => {
    const [summaries, goals] = [summarise(result.cells), weighGoals(result.cells)];
    const run = { at: beganAt.toISOString(), minutes: Math.round((Date.now() - beganAt.getTime()) / 60_000) };
    // The summaries have what matters of the single latencies.
    const cells = result.cells.map(({ postMs: _posts, finalMs: _finals, ...cell }) => cell);
    const kept = { ...run, machine: describeMachine(), options, summaries, goals, ...result, cells };
    writeFileSync(out, `${JSON.stringify(kept, null, 1)}\n`);
    writeFileSync(chart, drawChart(summaries, 'CPU per payout, all processes but the gateway’s'));
  };
  const result = await runBench({ ...options, contestants }, say, keep);
  console.log(describeResult(result, summarise(result.cells), weighGoals(result.cells)).join('\n'));
  console.log(`\nwritten: ${values.out}, ${values.chart}`);
  const judged = [
    ...result.cells.map(({ contestant, verdict }) => ({ contestant, forPerson: 0, ...verdict })),
    ...result.kills,
  ];
  const wrong = judged
    .filter(({ contestant }) => contestant.startsWith('ours'))
    .filter(({ paidTwice, notFinal, forPerson }) => paidTwice > 0 || notFinal > forPerson);
  if (wrong.length > 0 || result.notRun.ours !== undefined) process.exitCode = 1;
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(describeError(error));
    process.exit(1);
  },
);
