import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../test/proofs/fuzz/wire-run';
import { readTarget } from '../test/proofs/fuzz/wire-run';
import { startStack } from '../test/support/stack';
import { sendGenuine } from './genuine';
import { median, quantile } from './median';
import { API_CORE, OTHER_CORE, pinTo } from './pinning';
import { type Busy, measureBusy } from './process-cpu';
import { startFlood } from './start-flood';

/** One side of the comparison: genuine callbacks alone (quiet), or with forged ones beside them (loud). */
export interface SideFigures {
  readonly p50: number;
  readonly p99: number;
  /** Genuine callbacks that were answered anything but 200. */
  readonly notTaken: number;
  /** Shares of a core, medians over the blocks; the core that is none of ours to measure is NaN. */
  readonly processes: Readonly<Record<string, number>>;
  readonly cores: readonly number[];
}

export interface LatencyFigures {
  readonly quiet: SideFigures;
  readonly loud: SideFigures;
  readonly ratio: { readonly p50: number; readonly p99: number };
  readonly forgedPerSecond: number;
  /** What the API took for one forged callback: all it takes more with them than without. */
  readonly apiMsPerForged: number;
}

interface Block {
  readonly latenciesMs: readonly number[];
  readonly busy: Busy;
}

/** How long forged callbacks pour in before and after what is measured. */
const MARGIN_SECONDS = 2;

/**
 * Latency of genuine callbacks at the real API before a real Temporal, with and without forged ones from another process, in
 * interleaved blocks. Every genuine callback is stored: it is about a payout that nobody knows, so that it starts a workflow.
 * @param options `isPinned`: the API has a core of its own, in both kinds of block, and all else shares another
 */
export async function measureLatency(options: {
  blocks: number;
  seconds: number;
  rate: number;
  isBursty: boolean;
  isPinned: boolean;
}): Promise<LatencyFigures> {
  const { blocks, seconds, rate, isBursty, isPinned } = options;
  const stack = await startStack({ temporal: 'shared', programs: ['simulator', 'api'] });
  try {
    const target = readTarget(stack, { apiKey: null });
    const pids = { api: stack.pidOf('api'), temporal: stack.pidOf('temporal'), bench: process.pid };
    if (isPinned) {
      pinTo(API_CORE, pids.api);
      for (const pid of [pids.temporal, stack.pidOf('simulator'), process.pid]) pinTo(OTHER_CORE, pid);
    }
    await sendGenuine(target, { seconds: Math.min(seconds, 3), seed: 0 });
    const quiet: Block[] = [];
    const loud: Block[] = [];
    const rates: number[] = [];
    for (let nth = 1; nth <= blocks; nth += 1) {
      quiet.push(await measureBlock(target, { seconds, seed: 2 * nth, pids }));
      const flood = await startFlood(target.port, { seconds: seconds + 2 * MARGIN_SECONDS, rate, isBursty });
      await sleep(MARGIN_SECONDS * 1_000);
      loud.push(await measureBlock(target, { seconds, seed: 2 * nth + 1, pids: { ...pids, flood: flood.pid } }));
      rates.push(await flood.refusedPerSecond);
    }
    const [before, during] = [describeSide(quiet), describeSide(loud)];
    const forgedPerSecond = median(rates);
    const moreShare = (during.processes.api ?? Number.NaN) - (before.processes.api ?? Number.NaN);
    return {
      ...{ quiet: before, loud: during, forgedPerSecond },
      ratio: { p50: during.p50 / before.p50, p99: during.p99 / before.p99 },
      apiMsPerForged: (1_000 * moreShare) / forgedPerSecond,
    };
  } finally {
    await stack.stop();
  }
}

async function measureBlock(
  target: Target,
  options: { seconds: number; seed: number; pids: Readonly<Record<string, number | null>> },
): Promise<Block> {
  const endMeasuring = measureBusy(options.pids);
  const latenciesMs = await sendGenuine(target, options);
  return { latenciesMs, busy: endMeasuring() };
}

function describeSide(blocks: readonly Block[]): SideFigures {
  const middle = (read: (block: Block) => number) => median(blocks.map(read));
  const names = Object.keys(blocks[0]?.busy.processes ?? {});
  return {
    p50: middle(({ latenciesMs }) => quantile(latenciesMs, 0.5)),
    p99: middle(({ latenciesMs }) => quantile(latenciesMs, 0.99)),
    notTaken: blocks.flatMap(({ latenciesMs }) => latenciesMs).filter((ms) => !Number.isFinite(ms)).length,
    processes: Object.fromEntries(
      names.map((name) => [name, middle(({ busy }) => busy.processes[name] ?? Number.NaN)]),
    ),
    cores: (blocks[0]?.busy.cores ?? []).map((_share, core) => middle(({ busy }) => busy.cores[core] ?? Number.NaN)),
  };
}
