import { setTimeout as sleep } from 'node:timers/promises';
import type { Contestant, Running } from './contestants';
import { fill } from './drive';
import { readTreeKb } from './process-cpu';

export interface Waiting {
  readonly contestant: string;
  readonly payouts: number;
  /** Memory of each process for one payout that waits, in KB. */
  readonly kb: Readonly<Record<string, number>>;
}

const SETTLE_MS = 5_000;

/** Memory of payouts that are sent and wait. */
export async function measureWaiting({ name }: Contestant, running: Running, payouts: number): Promise<Waiting> {
  const read = () => Object.entries(running.pids()).map(([of, pid]) => [of, readTreeKb(pid)] as const);
  const before = read();
  await fill(running, { prefix: 'WAIT', payouts });
  await sleep(SETTLE_MS);
  const after = new Map(read());
  const kb = before.map(([of, was]) => [of, ((after.get(of) ?? Number.NaN) - was) / payouts] as const);
  return { contestant: name, payouts, kb: Object.fromEntries(kb) };
}
