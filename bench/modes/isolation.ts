import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describePayout } from '../../scripts/payout-api';
import { LOOPBACK } from '../../scripts/ports';
import { ENDPOINT_ID } from '../../scripts/stack-environment';
import { forward, openHttpProxy } from '../../test/support/http-proxy';
import { sendCallback } from '../../test/support/signed-callbacks';
import { product, type Running } from '../contestants';
import { callAtRate, fill } from '../drive';
import type { House } from '../house';
import { quantile } from '../median';
import { weigh } from '../summary';
import { describeGoals, describeTable, show } from '../table';
import { judge } from '../verdict';
import type { Mode } from './mode';

const LATE_ID = ENDPOINT_ID + 1;
type EndpointName = 'quick' | 'late';

/** Between product and gateway: while `on`, the late endpoint answers questions about known orders late. Sends pass. */
async function openLateGateway(lateMs: number) {
  const state = { on: false, port: 0 };
  const proxy = await openHttpProxy(async (request) => {
    const isQuestion = request.target.endsWith(`/status/${LATE_ID}`);
    if (state.on && isQuestion && new URLSearchParams(request.body.toString()).has('orderid')) await sleep(lateMs);
    return await forward(request, state.port);
  });
  return { state, proxy };
}

async function nameEndpoints(house: House): Promise<NodeJS.ProcessEnv> {
  const named = await house.nameEndpoints([
    { name: 'quick', endpointId: ENDPOINT_ID, pollPlan: [{ every: '10m', until: '20m' }] },
    { name: 'late', endpointId: LATE_ID, pollPlan: [{ every: '4s', until: '20m' }] },
  ]);
  // An answer after 20 s is one.
  return { ...named, GATEWAY_TIMEOUT: '60s' };
}

/** Payouts one after another; how long each took from the request until its order was known, ms. */
async function pay({ house }: Running, endpoint: EndpointName, prefix: string, seconds: number) {
  const [ids, ms]: [string[], number[]] = [[], []];
  for (const endsAt = performance.now() + seconds * 1_000; performance.now() < endsAt; ) {
    const clientOrderId = `${prefix}-${endpoint}-${ids.length}`;
    ids.push(clientOrderId);
    const beganAt = performance.now();
    const response = await fetch(`${house.front}/payouts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', prefer: 'wait=60' },
      // It stays open.
      body: JSON.stringify({ ...describePayout(clientOrderId, { digits: '611' }), endpoint }),
    });
    const { orderId } = (await response.json()) as { orderId?: string | null };
    if (orderId) ms.push(performance.now() - beganAt);
  }
  return { ids, ms };
}

/** Callbacks of payouts that wait, again and again; how many were not answered 200. */
async function callBack(
  { house }: Running,
  ids: readonly string[],
  perSecond: number,
  seconds: number,
): Promise<number> {
  const controlKey = readFileSync(house.keys.controlKeyFile, 'utf8').trim();
  const orders = house.ledger();
  const answers = await callAtRate(perSecond, seconds, async (nth) => {
    const clientOrderId = ids[nth % ids.length] ?? '';
    const orderId = orders.get(clientOrderId)?.orderId ?? '';
    const parts = { status: 'approved', orderId, clientOrderId };
    return await sendCallback(house.front, parts, { controlKey, endpoint: 'late' }).catch(() => 0);
  });
  return answers.filter((status) => status !== 200).length;
}

/** Whether one endpoint's trouble stays its own. */
export const ISOLATION: Mode = {
  what: 'POST to order known while an endpoint answers late, ms, and callbacks come for its payouts, rate: so many a second',
  options: { payouts: '100', seconds: '20', rate: '100', late: '20000' },
  async run(given, { say }) {
    const [payouts, seconds, perSecond] = [given.number('payouts'), given.number('seconds'), given.number('rate')];
    const gateway = await openLateGateway(given.number('late'));
    const openProxy = async (port: number) => {
      gateway.state.port = port;
      return `http://${LOOPBACK}:${gateway.proxy.port}/paynet`;
    };
    const running = await product({ name: 'ours', more: nameEndpoints, openProxy }).start({ everyMs: 1_000 });
    try {
      await pay(running, 'quick', 'WARM', 5);
      const alone = await pay(running, 'quick', 'ALONE', seconds);
      const idle = await pay(running, 'late', 'IDLE', seconds);
      const { ids } = await fill(running, { prefix: 'WAIT', payouts, endpoint: 'late' });
      gateway.state.on = true;
      say(`${payouts} payouts of the late endpoint wait; callbacks begin`);
      const [refused, beside, late] = await Promise.all([
        callBack(running, ids, perSecond, seconds),
        pay(running, 'quick', 'BESIDE', seconds),
        pay(running, 'late', 'LATE', seconds),
      ]);
      const p50 = ({ ms }: { ms: readonly number[] }) => quantile(ms.length > 0 ? ms : [Number.NaN], 0.5);
      const goals = [
        weigh('quick endpoint, beside the late one ÷ alone', '<=', 1.2, p50(beside) / p50(alone)),
        weigh('late endpoint, late ÷ idle', '<=', 2, p50(late) / p50(idle)),
        weigh('callbacks not answered 200', '<=', 0, refused),
      ];
      const blocks = { 'quick, alone': alone, 'late, idle': idle, 'quick, beside the late one': beside, late };
      const measured = Object.entries(blocks).map(([name, block]) => {
        const [half, most] = [0.5, 0.9].map((share) => (block.ms.length > 0 ? quantile(block.ms, share) : null));
        return { name, payouts: block.ids.length, known: block.ms.length, p50: half ?? null, p90: most ?? null };
      });
      const sent = [...ids, ...Object.values(blocks).flatMap((block) => block.ids)];
      const verdict = judge(sent, running.house.ledger(), new Map());
      const rows = measured.map((each) => [
        ...[each.name, String(each.payouts), String(each.known), show(each.p50), show(each.p90)],
      ]);
      const head = ['from POST to order known', 'payouts', 'known', 'p50 ms', 'p90 ms'];
      return {
        lines: [...describeTable(`${perSecond} callbacks a second`, head, rows), ...describeGoals(goals)],
        figures: { measured, goals, verdict },
        isSound: verdict.orders === sent.length && verdict.paidTwice === 0,
      };
    } finally {
      await running.stop();
      await gateway.proxy.close();
    }
  },
};
