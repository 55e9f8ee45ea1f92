import { submissionOfLost } from '../../../src/domain/apply-evidence';
import { type OrderId, toOrderId } from '../../../src/domain/ids';
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

export type SimulatedGateway = ReturnType<typeof createSimulatedGateway>;
type Answer = { readonly submission: Submission | null; readonly tookMs: number };

/** What one gateway does about one payout, fixed by its seed. It takes every create call for a new order: the dangerous case. */
export function createSimulatedGateway(random: Random, about: { amount: string; startMs: number }) {
  const chance = (part: number) => random() < part;
  const pick = <T>(values: readonly [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0];
  const truth = pick<FinalStatus>(['approved', 'approved', 'approved', 'declined', 'filtered', 'error']);
  const hasOutage = chance(0.2);
  const outage = { fromMs: about.startMs + (random() * 2 - 1) * HOUR, forMs: hasOutage ? random() * 5 * HOUR : 0 };
  /** A callback that says something else than the truth may come. */
  const lies = !hasOutage && chance(0.05);
  const amount = !hasOutage && chance(0.04) ? '999.99' : about.amount;
  const isSlow = chance(0.1);
  const orders: SimulatedOrder[] = [];
  const words = ['processing', 'processing', 'processing', 'unknown', 'unlisted'] as const satisfies OrderStatus[];
  const isOut = (atMs: number) => atMs >= outage.fromMs && atMs < outage.fromMs + outage.forMs;

  type Said = { source: 'poll' | 'callback'; status: OrderStatus; type?: string };
  function report({ orderId }: SimulatedOrder, { source, status, type }: Said): OrderReport {
    const hasForm = status === 'processing' && source === 'poll' && chance(0.05);
    return {
      ...{ source, status, statusText: status === 'unlisted' ? 'on_hold' : status, orderId },
      ...{ subject: type === undefined ? 'payout' : 'post_payout_event', transactionType: type ?? 'payout' },
      ...{ amount: chance(0.9) ? amount : null, currency: 'EUR', stage: null, serialNumber: null, processorTxId: null },
      redirectTo: hasForm ? 'https://gate.example.com/form/1' : null,
      reason: status === 'declined' ? { code: '116', message: null } : null,
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
    ...{ truth, amount, orders },
    create(atMs: number): Answer {
      const tookMs = 1 + random() * 30 * SECOND;
      const notSent = (cause: 'unreachable' | 'forbidden' | 'past_deadline'): Answer => ({
        submission: { outcome: 'not_sent', cause },
        tookMs,
      });
      const unconfirmed = (cause: string): Answer => ({
        ...{ submission: { outcome: 'unconfirmed', cause, orderId: null }, tookMs },
      });
      const lost = (submission: Submission | null): Answer => ({ submission, tookMs: 45 * SECOND });
      if (isOut(atMs)) return notSent('unreachable');
      const fate = random();
      if (fate < 0.06) return notSent(pick(['unreachable', 'forbidden', 'past_deadline']));
      if (fate < 0.12)
        return { submission: { outcome: 'refused', reason: { code: '1', message: null }, serialNumber: null }, tookMs };
      if (fate < 0.16) return unconfirmed('timeout');
      if (fate < 0.2) {
        place(atMs, random() * 30 * MINUTE);
        return unconfirmed('connection_lost');
      }
      const timedOut = { failureType: null, timeout: 'START_TO_CLOSE', hadFailed: false, recorded: false } as const;
      if (fate < 0.22) return lost(submissionOfLost(timedOut));
      if (fate < 0.23) return lost(null);
      const { orderId } = place(atMs);
      if (fate < 0.26) return unconfirmed('server_error');
      if (fate < 0.3) return lost(null);
      return { submission: { outcome: 'accepted', orderId, serialNumber: null, endpointId: null }, tookMs };
    },
    /** Null: no answer. */
    ask(orderId: OrderId | null, atMs: number): StatusAnswer | null {
      if (isOut(atMs) || (!lies && chance(0.03))) return null;
      const order = orders.findLast(
        (known) => known.visibleAtMs <= atMs && (orderId === null || known.orderId === orderId),
      );
      if (order === undefined) return { found: false, reason: { code: '1', message: null } };
      const status = atMs >= order.finalAtMs ? truth : pick(words);
      return { found: true, report: report(order, { source: 'poll', status }) };
    },
    /** The callbacks of an order that was just created, with their times. */
    callbacksOf(order: SimulatedOrder): readonly { readonly atMs: number; readonly report: OrderReport }[] {
      const { visibleAtMs, finalAtMs } = order;
      const sent: { atMs: number; report: OrderReport }[] = [];
      const send = (atMs: number, status: OrderStatus, type?: string) =>
        void sent.push({ atMs, report: report(order, { source: 'callback', status, ...(type && { type }) }) });
      const copies = pick([0, 1, 1, 1, 2, 5]);
      for (let copy = 0; copy < copies; copy += 1)
        send(finalAtMs + random() * pick([SECOND, MINUTE, HOUR, 20 * HOUR]), truth);
      if (chance(0.1)) send(visibleAtMs + random() * MINUTE, 'unknown');
      if (chance(0.05)) send(finalAtMs + random() * 48 * HOUR, 'approved', 'reversal');
      if (lies) send(visibleAtMs + random() * HOUR, truth === 'approved' ? 'declined' : 'approved');
      return sent;
    },
  };
}
