import { setTimeout as sleep } from 'node:timers/promises';
import { ENDPOINT_ID } from '../../scripts/stack-environment';
import { product, type Running } from '../contestants';
import { fill } from '../drive';
import type { House } from '../house';
import { readTreeCpuMs, readTreeKb } from '../process-cpu';
import { weigh } from '../summary';
import { describeGoals, describeTable, show } from '../table';
import { judge } from '../verdict';
import type { Mode } from './mode';

/** Each stage adds polls at this rate, with as long a pause as that takes: what differs is how many payouts wait. */
const POLLS_PER_SECOND = 5;
const SETTLE_MS = 10_000;

export interface Stage {
  readonly inFlight: number;
  readonly polls: number;
  /** CPU of a poll on the server and in the worker, without what they take when nothing is polled. */
  readonly serverMs: number;
  readonly workerMs: number;
  /** Memory of the worker for one waiting payout, over those that the stage added. */
  readonly kb: number;
}

/** How much dearer the last is than the first, as a part of the first. */
export function slope(stages: readonly Stage[], read: (stage: Stage) => number): number {
  const [first, last] = [stages[0], stages.at(-1)];
  return first && last ? read(last) / read(first) - 1 : Number.NaN;
}

/** An endpoint for each stage, with the poll plan of that stage. */
function nameEndpoints(house: House, totals: readonly number[]): Promise<NodeJS.ProcessEnv> {
  return house.nameEndpoints(
    totals.map((total, nth) => {
      const every = `${Math.round((total - (totals[nth - 1] ?? 0)) / POLLS_PER_SECOND)}s`;
      return { name: `stage-${total}`, endpointId: ENDPOINT_ID + nth, pollPlan: [{ every, until: '1d' }] };
    }),
  );
}

interface Usage {
  readonly serverMs: number;
  readonly workerMs: number;
  readonly polls: number;
}

async function watch({ house, pids }: Running, seconds: number): Promise<Usage> {
  const read = async () => {
    const { routes } = await house.control<{ routes: Record<string, { requests: number }> }>('/stats');
    const { server = 0, worker = 0 } = pids();
    return [readTreeCpuMs(server), readTreeCpuMs(worker), routes['v2/status']?.requests ?? 0] as const;
  };
  const before = await read();
  await sleep(seconds * 1_000);
  const after = await read();
  return { serverMs: after[0] - before[0], workerMs: after[1] - before[1], polls: after[2] - before[2] };
}

/** More and more payouts in flight, one worker process. */
export const GROWTH: Mode = {
  what: 'CPU of a poll and memory of a waiting payout, with more and more payouts in flight; seconds: of each measurement',
  options: { payouts: '100,1000,10000', seconds: '30' },
  async run(given, { say, keep }) {
    const [totals, seconds] = [given.numbers('payouts'), given.number('seconds')];
    const contestant = product({ name: 'ours', more: (house) => nameEndpoints(house, totals) });
    const running = await contestant.start({ everyMs: 1_000 });
    try {
      const workerKb = () => readTreeKb(running.pids().worker ?? 0);
      await fill(running, { prefix: 'WARM', payouts: 20, endpoint: `stage-${totals.at(-1)}` });
      await sleep(SETTLE_MS);
      const idle = await watch(running, seconds);
      let knownKb = workerKb();
      const stages: Stage[] = [];
      const ids: string[] = [];
      for (const [nth, total] of totals.entries()) {
        const payouts = total - (totals[nth - 1] ?? 0);
        const driven = await fill(running, { prefix: `S${nth}`, payouts, endpoint: `stage-${total}` });
        ids.push(...driven.ids);
        await sleep(SETTLE_MS);
        const used = await watch(running, seconds);
        const perPoll = (of: 'serverMs' | 'workerMs') => (used[of] - idle[of]) / Math.max(1, used.polls);
        const nowKb = workerKb();
        const kb = (nowKb - knownKb) / payouts;
        knownKb = nowKb;
        stages.push({
          inFlight: total,
          polls: used.polls,
          serverMs: perPoll('serverMs'),
          workerMs: perPoll('workerMs'),
          kb,
        });
        say(JSON.stringify(stages.at(-1)));
        keep({ stages });
      }
      const verdict = judge(ids, running.house.ledger(), new Map());
      const goals = [
        weigh(
          'CPU per poll, last ÷ first - 1',
          '<=',
          0.15,
          slope(stages, ({ serverMs, workerMs }) => serverMs + workerMs),
        ),
        weigh(
          'CPU per poll of the worker, last ÷ first - 1',
          '<=',
          0.15,
          slope(stages, ({ workerMs }) => workerMs),
        ),
        weigh(
          'memory per waiting payout, last ÷ first - 1',
          '<=',
          0.15,
          slope(stages, ({ kb }) => kb),
        ),
      ];
      const rows = stages.map((each) =>
        [each.inFlight, each.polls, each.serverMs, each.workerMs, each.kb].map((value) => show(value)),
      );
      const head = ['in flight', 'polls', 'server ms/poll', 'worker ms/poll', 'KB/payout'];
      return {
        lines: [...describeTable('One worker process', head, rows), ...describeGoals(goals)],
        figures: { stages, goals, idle, verdict },
        isSound: verdict.orders === ids.length && verdict.paidTwice === 0,
      };
    } finally {
      await running.stop();
    }
  },
};
