import { submissionOfLost } from '../../../src/domain/apply-evidence';
import { type ClientOrderId, type OrderId, toOrderId } from '../../../src/domain/ids';
import type { FinalStatus, OrderReport, OrderStatus, StatusAnswer, Submission } from '../../../src/domain/order-report';
import type { Random } from '../../support/random';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export interface SimulatedOrder {
  readonly orderId: OrderId;
  readonly visibleAtMs: number;
  readonly finalAtMs: number;
}

/** What one gateway does about one payout, fixed by its seed. It takes every create call for a new order: the dangerous case. */
export interface SimulatedGateway {
  readonly truth: FinalStatus;
  readonly amount: string;
  /** A callback that says something else than the truth may come. */
  readonly lies: boolean;
  readonly orders: readonly SimulatedOrder[];
  create(atMs: number): { readonly submission: Submission | null; readonly tookMs: number };
  /** Null: no answer. */
  ask(orderId: OrderId | null, atMs: number): StatusAnswer | null;
  /** The callbacks of an order that was just created, with their times. */
  callbacksOf(order: SimulatedOrder): readonly { readonly atMs: number; readonly report: OrderReport }[];
}

export function createSimulatedGateway(
  random: Random,
  about: { clientOrderId: ClientOrderId; amount: string; startMs: number },
): SimulatedGateway {
  const chance = (part: number) => random() < part;
  const pick = <T>(values: readonly [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0];
  const truth = pick<FinalStatus>(['approved', 'approved', 'approved', 'declined', 'filtered', 'error']);
  const hasOutage = chance(0.2);
  const outage = { fromMs: about.startMs + (random() * 2 - 1) * HOUR, forMs: hasOutage ? random() * 5 * HOUR : 0 };
  const lies = !hasOutage && chance(0.05);
  const amount = !hasOutage && chance(0.04) ? '999.99' : about.amount;
  const isSlow = chance(0.1);
  const orders: SimulatedOrder[] = [];
  const words: readonly [OrderStatus, ...OrderStatus[]] = [
    'processing',
    'processing',
    'processing',
    'unknown',
    'unlisted',
  ];
  const isOut = (atMs: number) => atMs >= outage.fromMs && atMs < outage.fromMs + outage.forMs;

  function report(
    order: SimulatedOrder,
    said: { source: 'poll' | 'callback'; status: OrderStatus; type?: string },
  ): OrderReport {
    const isLater = said.type !== undefined;
    const hasForm = said.status === 'processing' && said.source === 'poll' && chance(0.05);
    return {
      source: said.source,
      status: said.status,
      statusText: said.status === 'unlisted' ? 'on_hold' : said.status,
      subject: isLater ? 'post_payout_event' : 'payout',
      transactionType: said.type ?? 'payout',
      orderId: order.orderId,
      amount: chance(0.9) ? amount : null,
      currency: 'EUR',
      stage: null,
      serialNumber: null,
      redirectTo: hasForm ? 'https://gate.example.com/form/1' : null,
      reason: said.status === 'declined' ? { code: '116', message: null } : null,
      processorTxId: null,
    };
  }

  function place(atMs: number, visibleAfterMs = 0): SimulatedOrder {
    const takesMs = isSlow ? random() * 8 * HOUR : random() * 10 * MINUTE;
    const order = {
      orderId: toOrderId(String(6_000_000 + orders.length)),
      visibleAtMs: atMs + visibleAfterMs,
      finalAtMs: atMs + visibleAfterMs + takesMs,
    };
    orders.push(order);
    return order;
  }

  return {
    truth,
    amount,
    lies,
    orders,
    create(atMs) {
      const tookMs = 1 + random() * 30 * SECOND;
      if (isOut(atMs)) return { submission: { outcome: 'not_sent', cause: 'unreachable' }, tookMs };
      const fate = random();
      if (fate < 0.06)
        return {
          submission: { outcome: 'not_sent', cause: pick(['unreachable', 'forbidden', 'past_deadline']) },
          tookMs,
        };
      if (fate < 0.12)
        return { submission: { outcome: 'refused', reason: { code: '1', message: null }, serialNumber: null }, tookMs };
      if (fate < 0.16) return { submission: { outcome: 'unconfirmed', cause: 'timeout', orderId: null }, tookMs };
      if (fate < 0.2) {
        place(atMs, random() * 30 * MINUTE);
        return { submission: { outcome: 'unconfirmed', cause: 'connection_lost', orderId: null }, tookMs };
      }
      if (fate < 0.22)
        return {
          submission: submissionOfLost({
            failureType: null,
            timeout: 'START_TO_CLOSE',
            hadFailed: false,
            recorded: false,
          }),
          tookMs: 45 * SECOND,
        };
      if (fate < 0.23) return { submission: null, tookMs: 45 * SECOND };
      const order = place(atMs);
      if (fate < 0.26) return { submission: { outcome: 'unconfirmed', cause: 'server_error', orderId: null }, tookMs };
      if (fate < 0.3) return { submission: null, tookMs: 45 * SECOND };
      return {
        submission: { outcome: 'accepted', orderId: order.orderId, serialNumber: null, endpointId: null },
        tookMs,
      };
    },
    ask(orderId, atMs) {
      if (isOut(atMs) || (!lies && chance(0.03))) return null;
      const order = orders.findLast(
        (known) => known.visibleAtMs <= atMs && (orderId === null || known.orderId === orderId),
      );
      if (order === undefined) return { found: false, reason: { code: '1', message: null } };
      const status = atMs >= order.finalAtMs ? truth : pick(words);
      return { found: true, report: report(order, { source: 'poll', status }) };
    },
    callbacksOf(order) {
      const sent: { atMs: number; report: OrderReport }[] = [];
      const copies = pick([0, 1, 1, 1, 2, 5]);
      for (let copy = 0; copy < copies; copy += 1) {
        const atMs = order.finalAtMs + random() * pick([SECOND, MINUTE, HOUR, 20 * HOUR]);
        sent.push({ atMs, report: report(order, { source: 'callback', status: truth }) });
      }
      if (chance(0.1))
        sent.push({
          atMs: order.visibleAtMs + random() * MINUTE,
          report: report(order, { source: 'callback', status: 'unknown' }),
        });
      if (chance(0.05))
        sent.push({
          atMs: order.finalAtMs + random() * 48 * HOUR,
          report: report(order, { source: 'callback', status: 'approved', type: 'reversal' }),
        });
      if (lies)
        sent.push({
          atMs: order.visibleAtMs + random() * HOUR,
          report: report(order, { source: 'callback', status: truth === 'approved' ? 'declined' : 'approved' }),
        });
      return sent;
    },
  };
}
