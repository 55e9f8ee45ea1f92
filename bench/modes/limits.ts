import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createLimitActivities } from '../../src/activities/limit-activities';
import { toClientOrderId } from '../../src/domain/ids';
import type { LimitClaim } from '../../src/domain/limits';
import { createDataConverter } from '../../src/temporal/data-converter';
import { createLimitLedger } from '../../src/temporal/limit-ledger';
import { limitWorkflowId } from '../../src/workflows/limit-messages';
import { product, type Running } from '../contestants';
import { callAtRate } from '../drive';
import { quantile } from '../median';
import { readCpuMs } from '../process-cpu';
import { weigh } from '../summary';
import { describeGoals, describeTable, show } from '../table';
import type { Mode } from './mode';

const NAMESPACE = 'default';
/** How long a payout of the bench holds. */
const OPEN_MS = 1_000;
const AMOUNT = 1_000;

interface Held {
  readonly outcome: 'held' | 'over' | 'lost';
  readonly holdMs: number;
  readonly settleMs: number;
}

async function time<T>(call: () => Promise<T>) {
  const beganAt = performance.now();
  const result = await call().catch(() => null);
  return { result, ms: performance.now() - beganAt };
}

/** So many payouts a second take from one limit, as the activities of a worker do, and settle a second later. */
async function measure(running: Running, { perSecond, seconds }: { perSecond: number; seconds: number }) {
  const { temporal } = running.house;
  if (temporal === null) throw new Error('expected a house with Temporal');
  const connection = await NativeConnection.connect({ address: temporal.address });
  const at = { namespace: NAMESPACE, dataConverter: createDataConverter(null) };
  const limits = createLimitActivities({ ledger: createLimitLedger(connection, at), now: Date.now });
  const payouts = perSecond * seconds;
  const claim: LimitClaim = {
    ...{ tenant: 'bench', key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', over: 'wait' },
    // The last tenth finds no room.
    ...{ capMinor: Math.floor(payouts * 0.9) * AMOUNT, amountMinor: AMOUNT, currency: 'EUR' as LimitClaim['currency'] },
  };
  const cpuOf = () => Object.entries(running.pids()).map(([name, pid]) => [name, readCpuMs(pid)] as const);
  try {
    const before = new Map(cpuOf());
    const beganAt = performance.now();
    const held = await callAtRate(perSecond, seconds, async (nth): Promise<Held> => {
      const order = { clientOrderId: toClientOrderId(`L-${nth}`), claims: [claim] };
      const { result, ms } = await time(() => limits.holdLimit(order));
      if (result?.outcome !== 'held') return { outcome: result?.outcome ?? 'lost', holdMs: ms, settleMs: 0 };
      await sleep(OPEN_MS);
      const settled = await time(() => limits.settleLimit({ ...order, how: 'commit' }));
      return { outcome: 'held', holdMs: ms, settleMs: settled.ms };
    });
    const tookSeconds = (performance.now() - beganAt) / 1_000;
    const cpuMs = Object.fromEntries(cpuOf().map(([name, ms]) => [name, (ms - (before.get(name) ?? 0)) / payouts]));
    const client = new Client({ connection, namespace: NAMESPACE });
    let [events, runs] = [0, 0];
    // The last run is open: its length is not listed.
    for await (const run of client.workflow.list({ query: `WorkflowId = '${limitWorkflowId(claim)}'` })) {
      events += (await client.workflow.getHandle(run.workflowId, run.runId).describe()).historyLength;
      runs += 1;
    }
    return { held, payouts, tookSeconds, cpuMs, events, runs };
  } finally {
    await connection.close();
  }
}

/** One limit that every payout takes from. */
export const LIMITS: Mode = {
  what: 'one limit, so many payouts a second: each holds and settles',
  options: { rate: '100', seconds: '30' },
  async run(given, { say }) {
    const [perSecond, seconds] = [given.number('rate'), given.number('seconds')];
    const running = await product({ name: 'ours', isSealed: false }).start({ everyMs: 1_000 });
    try {
      say(`${perSecond} payouts a second for ${seconds} s`);
      const measured = await measure(running, { perSecond, seconds });
      const { held, payouts, tookSeconds, cpuMs, events, runs } = measured;
      const count = (outcome: Held['outcome']) => held.filter((each) => each.outcome === outcome).length;
      const [holds, settles] = [held.map(({ holdMs }) => holdMs), held.flatMap(({ settleMs }) => settleMs || [])];
      const rest = Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
      const goals = [
        weigh('held beyond the cap', '<=', 0, count('held') - Math.floor(payouts * 0.9)),
        weigh('lost', '<=', 0, count('lost')),
        weigh('payouts/s', '>=', perSecond * 0.9, payouts / tookSeconds),
      ];
      const rows = [
        ['hold', show(quantile(holds, 0.5)), show(quantile(holds, 0.99))],
        ['settle', show(quantile(settles, 0.5)), show(quantile(settles, 0.99))],
      ];
      const costs = [
        [show(rest), ...['server', 'worker'].map((name) => show(cpuMs[name])), show(events / payouts), `${runs}`],
      ];
      return {
        lines: [
          ...describeTable(`${payouts} payouts on one limit`, ['', 'p50 ms', 'p99 ms'], rows),
          ...describeTable('For each payout', ['CPU ms', 'server', 'worker', 'events of the limit', 'runs'], costs),
          ...describeGoals(goals),
        ],
        figures: { goals, cpuMs, events, runs, outcomes: { held: count('held'), over: count('over') } },
        isSound: goals.slice(0, 2).every(({ isMet }) => isMet),
      };
    } finally {
      await running.stop();
    }
  },
};
