import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../scripts/project';
import type { Summary } from '../summary';
import { describeTable, show } from '../table';
import type { Waiting } from '../waiting';
import type { Mode } from './mode';

/** What the sizes are computed from. */
export interface Measured {
  readonly workerMs: number;
  readonly apiMs: number;
  readonly actions: number;
  readonly kbPerWaiting: number;
}

export interface Size {
  readonly perSecond: number;
  readonly workers: number;
  readonly apis: number;
  readonly inFlight: number;
  readonly memoryMb: number;
  readonly actionsPerSecond: number;
}

/** A process is planned to this part of one core: what comes in bursts needs room. */
const PLANNED_LOAD = 0.6;

/** Processes, memory of what waits, and Temporal actions at a rate; `seconds`: how long a payout is open on average. */
export function sizeFor(perSecond: number, seconds: number, measured: Measured): Size {
  const processes = (ms: number) => Math.max(1, Math.ceil((perSecond * ms) / 1_000 / PLANNED_LOAD));
  const inFlight = perSecond * seconds;
  return {
    ...{ perSecond, inFlight, workers: processes(measured.workerMs), apis: processes(measured.apiMs) },
    memoryMb: (inFlight * measured.kbPerWaiting) / 1_024,
    actionsPerSecond: perSecond * measured.actions,
  };
}

/** Sizes from the figures of a run of all contestants. */
export const SIZING: Mode = {
  what: 'processes and memory for so many payouts a second, from the figures of a run of `peers`; seconds: how long a payout is open',
  options: { from: 'bench/results/peers.json', polls: '10', payouts: '1,10,100,1000', seconds: '60' },
  async run(given) {
    const text = readFileSync(path.resolve(projectRoot, given.text('from')), 'utf8');
    const { summaries, waiting }: { summaries: Summary[]; waiting: Waiting[] } = JSON.parse(text);
    const [polls, seconds] = [given.number('polls', 0), given.number('seconds')];
    const cell = summaries.find((each) => each.contestant === 'ours' && each.polls === polls);
    const kb = waiting.find(({ contestant }) => contestant === 'ours')?.kb.worker;
    if (!cell || kb === undefined)
      throw new RangeError(`--from: expected a run with ours, ${polls} polls and waiting payouts`);
    const measured = {
      ...{ workerMs: cell.workerMs ?? Number.NaN, apiMs: cell.apiMs ?? Number.NaN },
      ...{ actions: cell.actions ?? Number.NaN, kbPerWaiting: kb },
    };
    const sizes = given.numbers('payouts').map((perSecond) => sizeFor(perSecond, seconds, measured));
    const head = ['payouts/s', 'workers', 'APIs', 'in flight', 'MB for them', 'actions/s'];
    const rows = sizes.map((each) =>
      [each.perSecond, each.workers, each.apis, each.inFlight, each.memoryMb, each.actionsPerSecond].map((value) =>
        show(value),
      ),
    );
    return { lines: describeTable(`Sizes at ${polls} polls`, head, rows), figures: { measured, sizes }, isSound: true };
  },
};
