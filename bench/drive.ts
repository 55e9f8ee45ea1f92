import { setTimeout as sleep } from 'node:timers/promises';
import { describePayout } from '../scripts/payout-api';
import { waitUntil } from '../scripts/wait-until';
import type { Running } from './contestants';

export interface Load {
  readonly prefix: string;
  readonly payouts: number;
  readonly inFlight: number;
  /** Last digits of the account number: the simulator's scenario; default one that approves. */
  readonly digitsOf?: (nth: number) => string;
  /** By its name; default the only one. */
  readonly endpoint?: string;
  /** False where the gateway is not called: a payout is then over for the driver when it is accepted. */
  readonly pays: boolean;
  readonly patienceMs: number;
}

export interface Driven {
  readonly ids: readonly string[];
  readonly postMs: readonly number[];
}

const LOOK_MS = 15;
/** The scenario of an order that stays in work, without a callback. */
const STAYS_OPEN = '611';

/** Posts a payout until it is accepted, as a careful caller does: the same id again changes nothing. Returns how long the accepted POST took. */
async function post(url: string, payout: ReturnType<typeof describePayout>, patienceMs: number): Promise<number> {
  const body = JSON.stringify(payout);
  const headers = { 'content-type': 'application/json' };
  return await waitUntil({
    what: `${payout.clientOrderId} to be accepted`,
    ...{ timeoutMs: patienceMs, intervalMs: 200 },
    ask: async () => {
      const postedAt = performance.now();
      const response = await fetch(`${url}/payouts`, { method: 'POST', headers, body });
      await response.arrayBuffer();
      if (response.status >= 300) throw new Error(`POST answered ${response.status}`);
      return performance.now() - postedAt;
    },
  });
}

/** Pays, so many at a time: the next begins when the callback of one was answered. The ledger tells, so that nobody measured is asked. */
export async function drive({ house }: Running, load: Load): Promise<Driven> {
  const { prefix, payouts, inFlight, digitsOf = () => '000', endpoint, pays, patienceMs } = load;
  const ids = Array.from({ length: payouts }, (_nothing, nth) => `${prefix}-${nth}`);
  const postMs: number[] = [];
  let next = 0;
  let answered: ReturnType<typeof house.ledger> = new Map();
  let isOver = false;
  const looking = (async () => {
    for (; !isOver; await sleep(LOOK_MS)) answered = house.ledger();
  })();
  const lane = async (): Promise<void> => {
    for (let nth = next++; nth < ids.length; nth = next++) {
      const id = ids[nth] ?? '';
      const payout = { ...describePayout(id, { digits: digitsOf(nth) }), ...(endpoint && { endpoint }) };
      postMs.push(await post(house.front, payout, patienceMs));
      const deadline = performance.now() + patienceMs;
      // What is not called back in time is left to the judge.
      while (pays && !answered.get(id)?.answeredAtMs && performance.now() < deadline) await sleep(LOOK_MS);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(inFlight, payouts) }, lane));
  } finally {
    // The house and its ledger go when a payout fails, too.
    isOver = true;
    await looking;
  }
  return { ids, postMs };
}

/** Payouts that are sent and wait: accepted is all that the driver waits for, and the ledger says when all are sent. */
export async function fill(running: Running, load: Pick<Load, 'prefix' | 'payouts' | 'endpoint'>): Promise<Driven> {
  const driven = await drive(running, {
    ...load,
    digitsOf: () => STAYS_OPEN,
    inFlight: 20,
    pays: false,
    patienceMs: 600_000,
  });
  const ask = () => driven.ids.every((id) => running.house.ledger().has(id));
  await waitUntil({ what: 'all to be sent', timeoutMs: 600_000, intervalMs: 200, ask });
  return driven;
}

/** So many calls a second, whatever their answers take; the results in the order of the calls. */
export async function callAtRate<T>(
  perSecond: number,
  seconds: number,
  call: (nth: number) => Promise<T>,
): Promise<T[]> {
  const beganAt = performance.now();
  const calls: Promise<T>[] = [];
  for (let nth = 0; nth < perSecond * seconds; nth += 1) {
    await sleep(Math.max(0, beganAt + (nth * 1_000) / perSecond - performance.now()));
    calls.push(call(nth));
  }
  return await Promise.all(calls);
}

/** Waits until so many payouts in all are final or a person's; false when time is up. */
export async function waitForEnds(running: Running, expected: number, patienceMs: number): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  for (; performance.now() < deadline; await sleep(200)) {
    const finals = await running.countFinals();
    if (finals >= expected) return true;
    if (running.countForPerson && finals + (await running.countForPerson()) >= expected) return true;
  }
  return false;
}
