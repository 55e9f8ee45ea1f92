import { describeError } from '../scripts/project';
import { CONTESTANTS } from './all-contestants';
import { type Cell, measureCell, warmUp } from './cell';
import type { Contestant, Running } from './contestants';
import { type Kills, measureKills } from './kills';
import { nameBlock } from './summary';
import { measureWaiting, type Waiting } from './waiting';

export interface BenchOptions {
  readonly payouts: number;
  readonly polls: readonly number[];
  readonly rounds: number;
  readonly everyMs: number;
  readonly kills: number;
  readonly waiting: number;
  readonly contestants: readonly Contestant[];
}

export interface BenchResult {
  readonly cells: readonly Cell[];
  readonly kills: readonly Kills[];
  readonly waiting: readonly Waiting[];
  /** Contestants that could not be run here or broke off, and what was seen. */
  readonly notRun: Readonly<Record<string, string>>;
}

/** What takes no time to wait is measured on more payouts. */
const MORE_WITHOUT_POLLS = 4;
/** Memory is read while the payouts wait: their polls are to be rare. */
const WAITING_EVERY_MS = 60_000;

/** The named contestants; all of them for no name. @throws RangeError for a name that there is none of */
export function chooseContestants(only: string): readonly Contestant[] {
  if (only === '') return CONTESTANTS;
  return only.split(',').map((name) => {
    const found = CONTESTANTS.find((contestant) => contestant.name === name.trim());
    if (found === undefined)
      throw new RangeError(`--only: expected names of ${CONTESTANTS.map((each) => each.name).join(', ')}`);
    return found;
  });
}

/** The list begun at its nth item: who comes first differs from round to round. */
function rotate<T>(list: readonly T[], nth: number): readonly T[] {
  const at = nth % Math.max(1, list.length);
  return [...list.slice(at), ...list.slice(0, at)];
}

/** All contestants by turns, each round on fresh servers and databases, one at a time. `keep` gets what there is, again and again. */
export async function runBench(
  options: BenchOptions,
  say: (line: string) => void,
  keep: (result: BenchResult) => void = () => undefined,
): Promise<BenchResult> {
  const { payouts, polls, rounds, everyMs, kills, waiting, contestants } = options;
  const notRun: Record<string, string> = {};
  const result = { cells: [] as Cell[], kills: [] as Kills[], waiting: [] as Waiting[], notRun };

  async function withRunning(
    { name, start }: Contestant,
    everyMs: number,
    measure: (running: Running) => Promise<void>,
  ): Promise<void> {
    if (notRun[name] !== undefined) return;
    let running: Running | null = null;
    try {
      running = await start({ everyMs });
      await measure(running);
    } catch (error) {
      notRun[name] = describeError(error);
      say(`${name} failed, and is not run again: ${describeError(error)}`);
    } finally {
      await running?.stop();
      keep(result);
    }
  }

  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of rotate(contestants, round)) {
      await withRunning(contestant, everyMs, async (running) => {
        await warmUp(contestant, running);
        // The floor neither polls nor waits: it is measured where the others do neither.
        for (const count of contestant.pays ? polls : polls.filter((each) => each === 0)) {
          const many = count === 0 ? payouts * MORE_WITHOUT_POLLS : payouts;
          const options = { polls: count, payouts: many, everyMs, prefix: `P${count}` };
          const cell = await measureCell(contestant, running, options);
          result.cells.push(cell);
          const cpuMs = Object.values(cell.cpuMs).reduce((sum, ms) => sum + ms, 0);
          say(`round ${round + 1}, ${contestant.name}, ${nameBlock(count)}: ${cpuMs.toFixed(0)} ms of CPU per payout`);
        }
      });
    }
  }
  for (const contestant of contestants.filter(({ pays }) => pays)) {
    if (waiting > 0) {
      await withRunning(contestant, WAITING_EVERY_MS, async (running) => {
        await warmUp(contestant, running);
        result.waiting.push(await measureWaiting(contestant, running, waiting));
        say(`${contestant.name}: ${waiting} waited`);
      });
    }
    if (kills > 0) {
      await withRunning(contestant, everyMs, async (running) => {
        const killed = await measureKills(contestant, running, kills);
        result.kills.push(killed);
        say(`${contestant.name}: ${JSON.stringify(killed)}`);
      });
    }
  }
  return result;
}
