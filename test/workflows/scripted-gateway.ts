import { Context } from '@temporalio/activity';
import type { ActivityDeps } from '../../src/activities/activities';
import { type OrderId, toOrderId } from '../../src/domain/ids';
import type { OrderReport, StatusAnswer, Submission } from '../../src/domain/order-report';
import type { Destination } from '../../src/domain/payout-request';

type GatewayPort = ReturnType<ActivityDeps['gatewayOf']>;
type SubmitOutcome = Awaited<ReturnType<GatewayPort['submitPayout']>>;

/** Who put a question: the probe before a send, fast polling, a question of the slow polling or backoff, a confirmation. */
export type Asker = 'probe' | 'watch' | 'ask' | 'confirm';

/** One call that reached the gateway. */
export interface GatewayCall {
  readonly what: 'submit' | Asker;
  readonly orderId: OrderId | null;
  /** Time of the Temporal server, epoch milliseconds. */
  readonly atMs: number;
}

/** What a path makes the gateway say. `nth` counts the questions after the probe, from 1. */
export interface GatewayScript {
  submit?: (nth: number) => SubmitOutcome | Promise<SubmitOutcome>;
  probe?: (nth: number) => StatusAnswer | Promise<StatusAnswer>;
  status?: (nth: number, asker: Asker) => StatusAnswer | Promise<StatusAnswer>;
}

export interface ScriptedGateway {
  readonly port: GatewayPort;
  readonly calls: readonly GatewayCall[];
  /** Where each create call said the money goes. */
  readonly destinations: readonly Destination[];
  count(...whats: readonly GatewayCall['what'][]): number;
  /** Create calls whose bytes reached the gateway and were not refused: each may be an order. */
  created(): number;
}

export const ORDER_ID = toOrderId('6768788');

export const ACCEPTED: Submission & { outcome: 'accepted' } = {
  outcome: 'accepted',
  orderId: ORDER_ID,
  serialNumber: '00000000-0000-0000-0000-000002d9b22a',
  endpointId: '1144',
};

export const NOT_FOUND: StatusAnswer = { found: false, reason: { code: '1', message: 'Order not found' } };

const POLLED: OrderReport = {
  source: 'poll',
  status: 'processing',
  statusText: 'processing',
  subject: 'payout',
  transactionType: 'payout',
  orderId: ORDER_ID,
  amount: '10.50',
  currency: 'EUR',
  stage: null,
  serialNumber: '00000000-0000-0000-0000-000002d9b240',
  redirectTo: null,
  reason: null,
  processorTxId: null,
};

/** An answer to a status request about the order. */
export function found(status: OrderReport['status'], over: Partial<OrderReport> = {}): StatusAnswer {
  return { found: true, report: { ...POLLED, status, statusText: status, ...over } };
}

/** What a verified callback says. */
export function calledBack(status: OrderReport['status'], over: Partial<OrderReport> = {}): OrderReport {
  return { ...POLLED, source: 'callback', status, statusText: status, serialNumber: null, ...over };
}

function askerOf({ activityType, taskQueue }: { activityType: string; taskQueue: string }): Asker {
  if (activityType === 'submitPayout') return 'probe';
  if (activityType === 'watchOrder') return 'watch';
  return activityType === 'confirmSoon' || taskQueue.endsWith('.confirm') ? 'confirm' : 'ask';
}

/** A gateway that says what its script says and remembers every call. Unscripted: no such order before, accepted, processing. */
export function createScriptedGateway(script: GatewayScript, now: () => number): ScriptedGateway {
  const calls: GatewayCall[] = [];
  const destinations: Destination[] = [];
  let harmless = 0;
  const count: ScriptedGateway['count'] = (...whats) => calls.filter(({ what }) => whats.includes(what)).length;
  return {
    calls,
    destinations,
    count,
    created: () => count('submit') - harmless,
    port: {
      async submitPayout(request, { recordSend }) {
        if (!(await recordSend())) return { outcome: 'not_sent', cause: 'not_recorded' };
        destinations.push(request.destination);
        calls.push({ what: 'submit', orderId: null, atMs: now() });
        const outcome = await (script.submit?.(count('submit')) ?? ACCEPTED);
        if (outcome.outcome === 'not_sent' || outcome.outcome === 'refused') harmless += 1;
        return outcome;
      },
      async fetchOrderStatus({ orderId }) {
        const asker = askerOf(Context.current().info);
        calls.push({ what: asker, orderId, atMs: now() });
        if (asker === 'probe') return await (script.probe?.(count('probe')) ?? NOT_FOUND);
        const nth = count('watch', 'ask', 'confirm');
        return await (script.status?.(nth, asker) ?? found('processing'));
      },
    },
  };
}
