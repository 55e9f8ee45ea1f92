import { ABLATION, CONTESTANTS } from './all-contestants';
import { type Cell, measureCell, warmUp } from './cell';
import type { Contestant } from './contestants';
import { type Kills, measureKills } from './kills';
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
  /** Contestants that could not be run here, and what was seen. */
  readonly notRun: Readonly<Record<string, string>>;
}

/** Memory is read while the payouts wait: their polls are to be rare. */
const WAITING_EVERY_MS = 60_000;

/** The named contestants, all by default. @throws RangeError for a name that there is none of */
export function chooseContestants(only: string | undefined, ablation: boolean): readonly Contestant[] {
  const all = [...CONTESTANTS, ...(ablation ? ABLATION : [])];
  if (only === undefined) return all;
  return only.split(',').map((name) => {
    const found = [...CONTESTANTS, ...ABLATION].find((contestant) => contestant.name === name.trim());
    if (found === undefined)
      throw new RangeError(`--only: expected names of ${all.map((each) => each.name).join(', ')}`);
    return found;
  });
}

/** The list begun at its nth item: who comes first differs from round to round. */
function rotate<T>(list: readonly T[], nth: number): readonly T[] {
  const at = nth % Math.max(1, list.length);
  return [...list.slice(at), ...list.slice(0, at)];
}

/** All contestants by turns, each round on fresh servers and databases, one at a time. */
export async function runBench(options: BenchOptions, say: (line: string) => void): Promise<BenchResult> {
  const { payouts, polls, rounds, everyMs, kills, waiting, contestants } = options;
  const result = { cells: [] as Cell[], kills: [] as Kills[], waiting: [] as Waiting[] };
  const notRun: Record<string, string> = {};

  async function withRunning(
    contestant: Contestant,
    everyMs: number,
    measure: (running: Awaited<ReturnType<Contestant['start']>>) => Promise<void>,
  ): Promise<void> {
    if (notRun[contestant.name] !== undefined) return;
    const running = await contestant.start({ everyMs }).catch((error: unknown) => {
      notRun[contestant.name] = String(error);
      say(`${contestant.name} cannot be run here: ${String(error)}`);
      return null;
    });
    if (running === null) return;
    try {
      await measure(running);
    } finally {
      await running.stop();
    }
  }

  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of rotate(contestants, round)) {
      await withRunning(contestant, everyMs, async (running) => {
        await warmUp(contestant, running);
        for (const count of contestant.pays ? polls : polls.slice(0, 1)) {
          const cell = await measureCell(contestant, running, { polls: count, payouts, everyMs, prefix: `P${count}` });
          result.cells.push(cell);
          const cpuMs = Object.values(cell.cpuMs).reduce((sum, ms) => sum + ms, 0);
          say(`round ${round + 1}, ${contestant.name}, ${count} polls: ${cpuMs.toFixed(0)} ms of CPU per payout`);
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
  return { ...result, notRun };
}
