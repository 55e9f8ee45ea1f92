import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestVerdict } from '../../simulator/request-log';
import { type Contestant, product, temporalPeer } from '../contestants';
import { fill } from '../drive';
import { followLines } from '../ledger';
import { quantile } from '../median';
import { weigh } from '../summary';
import { describeGoals, describeTable, show } from '../table';
import { judge } from '../verdict';
import type { Mode } from './mode';

type Line = Pick<RequestVerdict, 'time' | 'route' | 'clientOrderId'>;

/** How long after a moment each payout was asked about for the first time, ms; requests without one of our ids do not count. */
export function followedAfter(
  lines: readonly Line[],
  ids: readonly string[],
  sinceMs: number,
): ReadonlyMap<string, number> {
  const known = new Set(ids);
  const followed = new Map<string, number>();
  for (const { time, route, clientOrderId } of lines) {
    const afterMs = Date.parse(time) - sinceMs;
    if (clientOrderId === null || !known.has(clientOrderId) || !route.endsWith('/status') || afterMs < 0) continue;
    if (!followed.has(clientOrderId)) followed.set(clientOrderId, afterMs);
  }
  return followed;
}

/** Time for every payout to have been asked about twice when all goes well. */
const PATIENCE_MS = 180_000;

async function measure(contestant: Contestant, payouts: number, everyMs: number) {
  const running = await contestant.start({ everyMs });
  try {
    const { ids } = await fill(running, { prefix: 'WAIT', payouts });
    // All are polled by now: a pause is at most a quarter longer than the plan says.
    await sleep(1.3 * everyMs);
    const readNew = followLines<Line>(running.house.requestLog);
    readNew();
    const killedAtMs = Date.now();
    await running.killWorker();
    const readyMs = Date.now() - killedAtMs;
    const lines: Line[] = [];
    let followed: ReadonlyMap<string, number> = new Map();
    while (followed.size < payouts && Date.now() - killedAtMs < PATIENCE_MS) {
      await sleep(250);
      lines.push(...readNew());
      followed = followedAfter(lines, ids, killedAtMs);
    }
    const times = [...followed.values()];
    const verdict = judge(ids, running.house.ledger(), new Map());
    const lost = payouts - followed.size;
    const [halfMs, allMs] = [quantile(times, 0.5), Math.max(...times)];
    return { contestant: contestant.name, readyMs, halfMs, allMs, lost, verdict };
  } finally {
    await running.stop();
  }
}

/** The worker killed while payouts wait. */
export const RECOVERY: Mode = {
  what: '`kill -9` of the worker while payouts wait: until all are asked about again; every: ms between two polls',
  options: { payouts: '1000', every: '20000' },
  async run(given, { say, keep }) {
    const [payouts, everyMs] = [given.number('payouts'), given.number('every', 1_000)];
    const measured: Awaited<ReturnType<typeof measure>>[] = [];
    for (const contestant of [product({ name: 'ours' }), temporalPeer('temporal-minimum', 'minimum')]) {
      measured.push(await measure(contestant, payouts, everyMs));
      say(JSON.stringify(measured.at(-1)));
      keep({ measured });
    }
    const [ours, minimum] = measured;
    const ratio = (ours?.allMs ?? Number.NaN) / (minimum?.allMs ?? Number.NaN);
    const goals = [weigh('until all are followed, ours ÷ minimum', '<=', 1.3, ratio)];
    const rows = measured.map(({ contestant, readyMs, halfMs, allMs, lost, verdict }) => [
      ...[contestant, show(readyMs, 1_000), show(halfMs, 1_000), show(allMs, 1_000), String(lost)],
      ...[String(verdict.orders), String(verdict.paidTwice)],
    ]);
    const head = ['contestant', 'worker ready', 'half', 'all', 'not followed', 'orders', 'paid twice'];
    return {
      lines: [...describeTable(`Seconds after the kill, ${payouts} in flight`, head, rows), ...describeGoals(goals)],
      figures: { measured, goals },
      isSound: ours?.lost === 0 && ours.verdict.orders === payouts && ours.verdict.paidTwice === 0,
    };
  },
};
