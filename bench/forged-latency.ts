import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { createRandom } from '../chaos/random';
import { drawSigned, toPairs } from '../fuzz/forgery';
import { readTarget } from '../fuzz/stack-target';
import type { Target } from '../fuzz/wire-run';
import { projectRoot } from '../scripts/project';
import { startStack } from '../test/e2e/stack';
import { median, quantile } from './median';

interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

export interface LatencyFigures {
  readonly quiet: Quantiles;
  readonly loud: Quantiles;
  readonly ratio: Quantiles;
  readonly forgedPerSecond: number;
  /** Genuine callbacks that were answered anything but 200, without and with forged ones. */
  readonly refused: { readonly quiet: number; readonly loud: number };
}

/** Genuine callbacks per second: enough for a p99 of a block, far below what the API can do. */
const GENUINE_PER_SECOND = 20;

/**
 * Latency of genuine callbacks at the real API before a real Temporal, with and without forged ones from another process, in
 * interleaved blocks. Every genuine callback is stored: it is about a payout that nobody knows, so that it starts a workflow.
 */
export async function measureLatency(options: {
  blocks: number;
  seconds: number;
  rate: number;
}): Promise<LatencyFigures> {
  const { blocks, seconds, rate } = options;
  const stack = await startStack({ temporal: 'shared', programs: ['simulator', 'api'] });
  try {
    const target = readTarget(stack, { apiKey: null });
    await genuineBlock(target, { seconds: Math.min(seconds, 3), seed: 0 });
    const quiet: number[][] = [];
    const loud: number[][] = [];
    const rates: number[] = [];
    for (let nth = 1; nth <= blocks; nth += 1) {
      quiet.push(await genuineBlock(target, { seconds, seed: 2 * nth }));
      const flood = startFlood(target.port, { seconds: seconds + 2, rate });
      await sleep(1_000);
      loud.push(await genuineBlock(target, { seconds, seed: 2 * nth + 1 }));
      rates.push(await flood);
    }
    const countRefused = (all: number[][]) => all.flat().filter((ms) => !Number.isFinite(ms)).length;
    const refused = { quiet: countRefused(quiet), loud: countRefused(loud) };
    const middle = (all: number[][], share: number) => median(all.map((one) => quantile(one, share)));
    const toQuantiles = (all: number[][]) => ({ p50: middle(all, 0.5), p99: middle(all, 0.99) });
    const [before, during] = [toQuantiles(quiet), toQuantiles(loud)];
    const ratio = { p50: during.p50 / before.p50, p99: during.p99 / before.p99 };
    return { quiet: before, loud: during, ratio, forgedPerSecond: median(rates), refused };
  } finally {
    await stack.stop();
  }
}

/** Genuine callbacks at a fixed rate, whatever the answers take; the latency of each in ms, infinite when it was not taken. */
async function genuineBlock(
  { port, controlKey }: Target,
  options: { seconds: number; seed: number },
): Promise<number[]> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 32, pipelining: 1 });
  const random = createRandom(options.seed);
  const beganAtMs = performance.now();
  const latencies: Promise<number>[] = [];
  for (let nth = 0; nth < options.seconds * GENUINE_PER_SECOND; nth += 1) {
    const dueAtMs = beganAtMs + (nth * 1_000) / GENUINE_PER_SECOND;
    await sleep(Math.max(0, dueAtMs - performance.now()));
    latencies.push(deliver(pool, toPairs(drawSigned(random, controlKey))));
  }
  const measured = await Promise.all(latencies);
  await pool.close();
  return measured;
}

async function deliver(pool: Pool, pairs: string): Promise<number> {
  const sentAtMs = performance.now();
  const { statusCode, body } = await pool.request({ method: 'GET', path: `/callbacks/default?${pairs}` });
  await body.dump();
  return statusCode === 200 ? performance.now() - sentAtMs : Number.POSITIVE_INFINITY;
}

/** Forged callbacks from a process of its own; resolves with how many a second were refused. */
async function startFlood(port: number, options: { seconds: number; rate: number }): Promise<number> {
  const args = [port, options.seconds, options.rate].map(String);
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(projectRoot, 'bench/flood.ts'), ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part: Buffer) => {
    text += part.toString();
  });
  await once(child, 'close');
  return Number(text);
}
