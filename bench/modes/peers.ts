import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../scripts/project';
import { drawChart } from '../chart';
import { type BenchResult, chooseContestants, runBench } from '../run';
import { summarise, weighGoals } from '../summary';
import { describeResult } from '../table';
import type { Mode } from './mode';

/** The main job beside its peers. */
export const PEERS: Mode = {
  what: 'all contestants by turns; every: ms between two polls; 0 polls: the callback comes at once',
  options: {
    ...{ payouts: '40', polls: '0,1,10,75', rounds: '3', every: '1000', kills: '50', waiting: '200' },
    ...{ only: '', chart: 'docs/performance.svg' },
  },
  async run(given, { say, keep }) {
    const options = {
      payouts: given.number('payouts'),
      polls: given.numbers('polls', 0),
      // Without a round there are kills and waiting payouts alone.
      rounds: given.number('rounds', 0),
      everyMs: given.number('every', 1_000),
      kills: given.number('kills', 0),
      waiting: given.number('waiting', 0),
    };
    const contestants = chooseContestants(given.text('only'));
    const chart = path.resolve(projectRoot, given.text('chart'));
    const figuresOf = (result: BenchResult) => {
      const [summaries, goals] = [summarise(result.cells), weighGoals(result.cells)];
      // The summaries have what matters of the single latencies.
      const cells = result.cells.map(({ postMs: _posts, finalMs: _finals, ...cell }) => cell);
      return { summaries, goals, ...result, cells };
    };
    const result = await runBench({ ...options, contestants }, say, (part) => keep(figuresOf(part)));
    const figures = figuresOf(result);
    if (result.cells.length > 0) {
      mkdirSync(path.dirname(chart), { recursive: true });
      writeFileSync(chart, drawChart(figures.summaries, 'CPU per payout, all processes but the gateway’s'));
    }
    const judged = [
      ...result.cells.map(({ contestant, verdict }) => ({ contestant, forPerson: 0, ...verdict })),
      ...result.kills,
    ];
    const wrong = judged
      .filter(({ contestant }) => contestant === 'ours')
      .filter(({ paidTwice, notFinal, forPerson }) => paidTwice > 0 || notFinal > forPerson);
    const lines = describeResult(result, figures.summaries, figures.goals);
    return { lines, figures, isSound: wrong.length === 0 && result.notRun.ours === undefined };
  },
};
