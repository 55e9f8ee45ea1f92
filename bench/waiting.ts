import { setTimeout as sleep } from 'node:timers/promises';
import type { Contestant, Running } from './contestants';
import { drive } from './drive';
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
  await running.house.control('/settings', { processingMs: 3_600_000 });
  const read = () => Object.entries(running.pids()).map(([of, pid]) => [of, readTreeKb(pid)] as const);
  const before = read();
  // Accepted is all that the driver waits for; the ledger says when all are sent.
  const { ids } = await drive(running, { prefix: 'WAIT', payouts, inFlight: 10, pays: false, patienceMs: 60_000 });
  while (ids.some((id) => !running.house.ledger().has(id))) await sleep(200);
  await sleep(SETTLE_MS);
  const after = new Map(read());
  const kb = before.map(([of, was]) => [of, ((after.get(of) ?? Number.NaN) - was) / payouts] as const);
  return { contestant: name, payouts, kb: Object.fromEntries(kb) };
}
