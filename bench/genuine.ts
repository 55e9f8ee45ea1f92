import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { drawSigned, toPairs } from '../test/proofs/fuzz/forgery';
import type { Target } from '../test/proofs/fuzz/wire-run';
import { createRandom } from '../test/support/random';

/** Enough for a p99 of a block, far below what the API can do. */
const PER_SECOND = 20;

/** Genuine callbacks at a fixed rate, whatever the answers take; the latency of each in ms, infinite when it was not taken. */
export async function sendGenuine(
  { port, controlKey }: Target,
  options: { seconds: number; seed: number },
): Promise<number[]> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 32, pipelining: 1 });
  const random = createRandom(options.seed);
  const beganAtMs = performance.now();
  const latencies: Promise<number>[] = [];
  for (let nth = 0; nth < options.seconds * PER_SECOND; nth += 1) {
    const dueAtMs = beganAtMs + (nth * 1_000) / PER_SECOND;
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
