import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../test/support/random';
import type { Contestant, Running } from './contestants';
import { drive, waitForEnds } from './drive';
import { judge, type Verdict } from './verdict';

/** Its callback comes before the reply to create: the create call takes as long as the order is processed. */
const SLOW_CREATE = '703';
const IN_FLIGHT = 10;
const AT_ONCE = { processingMs: 700, callbackDelayMs: 0, callbackFirstGapMs: 500 };
/** Payouts between two kills, and how long after a start the next one comes at the latest. */
const PAYOUTS_PER_KILL = 5;
const LONGEST_GAP_MS = 1_000;
const PATIENCE_MS = 90_000;

export interface Kills extends Verdict {
  readonly contestant: string;
  readonly kills: number;
  /** Of those that are not final: open, and shown to a person who decides. */
  readonly forPerson: number;
}

/** Pays while the worker is killed again and again; for every second payout the gateway takes its time to answer the create call. */
export async function measureKills({ name }: Contestant, running: Running, kills: number): Promise<Kills> {
  await running.house.control('/settings', AT_ONCE);
  const before = await running.countFinals();
  const random = createRandom(1);
  const pay = (nth: number) =>
    drive(running, {
      ...{ prefix: `KILL-${nth}`, payouts: PAYOUTS_PER_KILL, inFlight: IN_FLIGHT, pays: true, patienceMs: PATIENCE_MS },
      digitsOf: (at) => (at % 2 === 0 ? SLOW_CREATE : '000'),
    });
  const paying: ReturnType<typeof pay>[] = [];
  for (let nth = 0; nth < kills; nth += 1) {
    const block = pay(nth);
    // It is waited for below; until then a failure is no reason to end.
    block.catch(() => undefined);
    paying.push(block);
    await sleep(random() * LONGEST_GAP_MS);
    await running.killWorker();
  }
  const ids = (await Promise.all(paying)).flatMap((block) => block.ids);
  await waitForEnds(running, before + ids.length, PATIENCE_MS);
  const forPerson = (await running.countForPerson?.()) ?? 0;
  return { contestant: name, kills, forPerson, ...judge(ids, running.house.ledger(), await running.finals()) };
}
