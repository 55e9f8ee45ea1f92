import { setTimeout as sleep } from 'node:timers/promises';
import type { Harness } from './harness';

/** Kills the worker and the API in turn while payouts run, and starts each again. */
export async function killInTurn({ stack }: Harness, times: number): Promise<number> {
  for (let nth = 0; nth < times; nth += 1) {
    for (const name of ['worker', 'api'] as const) {
      await sleep(700 + 600 * (nth % 3));
      await stack.kill(name, 'SIGKILL');
      await stack.start(name);
    }
  }
  return times * 2;
}
