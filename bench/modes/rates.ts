import { readFileSync } from 'node:fs';
import { sendCallback } from '../../test/support/signed-callbacks';
import { product, type Running } from '../contestants';
import { callAtRate, drive, waitForEnds } from '../drive';
import { quantile } from '../median';
import { weigh } from '../summary';
import { describeGoals, describeTable, show } from '../table';
import { judge } from '../verdict';
import type { Mode } from './mode';

export interface Answer {
  readonly status: number;
  readonly ms: number;
}

/** How often each status was answered, and in what time. */
export function describeAnswers(what: string, answers: readonly Answer[]) {
  const times = answers.map(({ ms }) => ms);
  const statuses: Record<string, number> = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  const unavailable = answers.filter(({ status }) => status === 503).length;
  return {
    what,
    requests: answers.length,
    statuses,
    unavailable,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}

async function time(call: () => Promise<number>): Promise<Answer> {
  const beganAt = performance.now();
  // Without an answer it is not ours.
  const status = await call().catch(() => 0);
  return { status, ms: performance.now() - beganAt };
}

/** A word that is no final status, another one each time: a callback with it is no repeat of one before, and is looked up like the first. */
const wordOf = (nth: number) => `pending_${[...String(nth)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;

async function measure(
  running: Running,
  ids: readonly string[],
  { perSecond, seconds }: { perSecond: number; seconds: number },
) {
  const { house } = running;
  const orders = house.ledger();
  const controlKey = readFileSync(house.keys.controlKeyFile, 'utf8').trim();
  const idOf = (nth: number) => ids[nth % ids.length] ?? '';
  const read = async (id: string) => {
    const response = await fetch(`${house.front}/payouts/${id}`);
    await response.arrayBuffer();
    return response.status;
  };
  const callBack = (clientOrderId: string, status: string) =>
    sendCallback(
      house.front,
      { status, clientOrderId, orderId: orders.get(clientOrderId)?.orderId ?? '' },
      { controlKey },
    );
  let words = 0;
  const readAll = () => callAtRate(perSecond, seconds, (nth) => time(() => read(idOf(nth))));
  const callBackAll = () =>
    callAtRate(perSecond, seconds, (nth) => time(() => callBack(idOf(nth), wordOf(Math.floor(words++ / ids.length)))));
  const reads = describeAnswers('reads', await readAll());
  const callbacks = describeAnswers('callbacks', await callBackAll());
  const [readsBeside, callbacksBeside] = await Promise.all([readAll(), callBackAll()]);
  return [
    reads,
    callbacks,
    describeAnswers('reads beside callbacks', readsBeside),
    describeAnswers('callbacks beside reads', callbacksBeside),
  ];
}

/** Reads and callbacks of closed payouts at a rate, on a server with its own limits. */
export const RATES: Mode = {
  what: 'reads and callbacks of closed payouts, rate: so many of each a second',
  options: { payouts: '200', seconds: '20', rate: '100' },
  async run(given, { say }) {
    const [payouts, seconds, perSecond] = [given.number('payouts'), given.number('seconds'), given.number('rate')];
    const running = await product({ name: 'ours' }).start({ everyMs: 1_000 });
    try {
      await running.house.control('/settings', { processingMs: 0, callbackDelayMs: 0 });
      const load = { prefix: 'RATE', payouts, inFlight: 20, pays: true, patienceMs: 120_000 };
      const { ids } = await drive(running, load);
      await waitForEnds(running, payouts, 120_000);
      say(`${payouts} payouts are closed`);
      const measured = await measure(running, ids, { perSecond, seconds });
      const verdict = judge(ids, running.house.ledger(), await running.finals());
      const goals = measured
        .slice(0, 2)
        .map(({ what, unavailable }) => weigh(`${what} answered 503`, '<=', 0, unavailable));
      const rows = measured.map((each) => [
        ...[each.what, String(each.requests), JSON.stringify(each.statuses), show(each.p50), show(each.p99)],
      ]);
      return {
        lines: [
          ...describeTable('Of closed payouts', ['', 'requests', 'statuses', 'p50 ms', 'p99 ms'], rows),
          ...describeGoals(goals),
        ],
        figures: { measured, goals, verdict },
        isSound: verdict.orders === payouts && verdict.notFinal === 0 && goals.every(({ isMet }) => isMet),
      };
    } finally {
      await running.stop();
    }
  },
};
