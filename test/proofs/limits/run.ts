import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../../../scripts/ports';
import { formatDecimal, parseDecimal } from '../../../src/domain/money';
import { createProgram } from '../../support/program';
import { QUICK, withProduct } from '../../support/quick';
import { type Stack, startStack } from '../../support/stack';
import { countBy } from '../counts';
import { type MoneyLine, sumLedger } from './ledger-sum';
import { zoneAtMidday } from './zone';

const AMOUNT = '10.50';
const CURRENCY = 'EUR';
const { minor: AMOUNT_MINOR } = parseDecimal(AMOUNT, CURRENCY);
/** Approved, declined, refused, in work to the end, in doubt: by the last digits of the account. */
const SCENARIOS = ['000', '000', '116', '000', '400', '611', '000', '505'] as const;
const RULE = 'daily';

interface Read {
  readonly state: string;
  readonly outcome: string | null;
  readonly reason: { readonly code: string | null } | null;
}

export interface LimitsOptions {
  readonly payouts: number;
  /** So many of them have room. */
  readonly room: number;
  readonly kills: number;
}

export type LimitsResult = Awaited<ReturnType<typeof runLimits>>;

/**
 * Payouts all at once at the edge of a day's limit, with workers that are killed. The gateway's ledger is the judge: after each of its
 * lines, what it took on and did not refuse is at most the limit.
 * @param inspect looks at the running system before it is stopped
 */
export async function runLimits(
  { payouts, room, kills }: LimitsOptions,
  say: (line: string) => void = () => {},
  inspect: (stack: Stack) => Promise<void> = async () => {},
) {
  const beganMs = performance.now();
  const cap = formatDecimal({ minor: AMOUNT_MINOR * BigInt(room), currency: parseDecimal(AMOUNT, CURRENCY).currency });
  const stack = await startStack({
    ...withProduct(QUICK, { POLL_PLAN: JSON.stringify([{ every: '1s', until: '20m' }]) }),
    programs: ['simulator'],
  });
  const policies = path.join(stack.dir, 'policies.json');
  const limit = { amount: cap, per: 'day', zone: zoneAtMidday(Date.now()), over: 'refuse' };
  await writeFile(policies, JSON.stringify({ rules: [{ name: RULE, match: { currency: CURRENCY }, limit }] }));
  stack.environment.api.POLICIES_FILE = policies;
  const taken = new Set<number>();
  const workers = [];
  for (const name of ['worker-a', 'worker-b']) {
    const port = await findFreePort([], taken);
    taken.add(port);
    workers.push(createProgram(stack, { name, program: 'worker', port, env: {} }));
  }
  try {
    await stack.start('api');
    await Promise.all(workers.map((worker) => worker.start()));
    const ids = Array.from({ length: payouts }, (_, nth) => `LIMIT-${nth}`);
    const pay = async (clientOrderId: string, nth: number) => {
      const digits = SCENARIOS[nth % SCENARIOS.length] ?? '000';
      await stack.waitFor(`${clientOrderId} to be accepted`, async () => {
        const { status } = await stack.createPayout({ clientOrderId, amount: AMOUNT, digits });
        return status < 300;
      });
    };
    const killing = (async () => {
      for (let nth = 0; nth < kills; nth += 1) {
        await sleep(700 + 300 * (nth % 4));
        const worker = workers[nth % workers.length];
        worker?.child()?.kill('SIGKILL');
        await worker?.child()?.exited;
        await worker?.start();
        say(`killed ${nth + 1} of ${kills}`);
      }
    })();
    await Promise.all(ids.map(pay));
    say(`${payouts} payouts are accepted, ${room} have room`);
    await killing;
    const isAtRest = ({ outcome, state }: Read) => outcome !== null || ['processing', 'needs_review'].includes(state);
    const product: Read[] = [];
    for (const id of ids) {
      const ask = async () => {
        const { body } = await stack.request<Read>(`/payouts/${id}`);
        return isAtRest(body) ? body : null;
      };
      product.push(await stack.waitFor(`${id} to come to rest`, ask, 120_000));
    }
    const lines = readFileSync(path.join(stack.dir, 'simulator-ledger.jsonl'), 'utf8').trim().split('\n');
    const sum = sumLedger(
      lines.filter(Boolean).map((line) => JSON.parse(line) as MoneyLine),
      CURRENCY,
    );
    const isRefused = ({ reason }: Read) => reason?.code === 'limit_reached';
    await inspect(stack);
    return {
      ...{ payouts, room, kills, paidTwice: sum.paidTwice, orders: sum.orders },
      capMinor: AMOUNT_MINOR * BigInt(room),
      ...{ mostMinor: sum.mostMinor, lastMinor: sum.lastMinor },
      refused: product.filter(isRefused).length,
      ends: Object.fromEntries(countBy(product, ({ outcome, state }) => outcome ?? state)),
      seconds: Math.round((performance.now() - beganMs) / 1_000),
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await stack.stop();
  }
}
