import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  defineSignal,
  proxyActivities,
  setHandler,
  sleep,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { Order } from './gateway';
import type { TemporalActivities } from './temporal-activities';

/** The callback's final status, and what a scheduled poll found. */
export const statusSignal = defineSignal<[string]>('status');

const plain = proxyActivities<TemporalActivities>({ startToCloseTimeout: '5s' });
const once = proxyActivities<TemporalActivities>({ startToCloseTimeout: '5s', retry: { maximumAttempts: 1 } });
const patient = proxyActivities<TemporalActivities>({
  startToCloseTimeout: '5s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

function hearStatus() {
  const heard: { status: string | null; first: Promise<string> } = { status: null, first: Promise.resolve('') };
  heard.first = new Promise((resolve) => {
    setHandler(statusSignal, (status) => {
      heard.status ??= status;
      resolve(status);
    });
  });
  return heard;
}

/** The floor: nothing but a workflow. */
export async function noop(_order: Order): Promise<string> {
  return 'approved';
}

/** As the samples do it: a timer and a status activity for each poll. */
export async function loop(order: Order): Promise<string> {
  const heard = hearStatus();
  const { clientOrderId } = order.request;
  const orderId = await plain.create(order);
  while (!(await condition(() => heard.status !== null, order.everyMs))) {
    const status = await plain.askFinal({ clientOrderId, orderId });
    if (status !== null) return status;
  }
  return heard.status ?? '';
}

/** The least there can be: the create activity, and one activity whose retries are the polls. */
export async function minimum(order: Order): Promise<string> {
  const heard = hearStatus();
  const { clientOrderId } = order.request;
  const orderId = await plain.create(order);
  return await Promise.race([heard.first, patient.poll({ clientOrderId, orderId }, order.everyMs)]);
}

/** The least with the product's guarantees for the send: probe, record, one attempt; a doubt is followed and not sent again. */
export async function guarded(order: Order): Promise<string> {
  const heard = hearStatus();
  const { clientOrderId } = order.request;
  for (;;) {
    try {
      const orderId = await once.createOnce(order);
      return await Promise.race([heard.first, patient.poll({ clientOrderId, orderId }, order.everyMs)]);
    } catch (error) {
      if (mayHaveSent(error)) {
        return await Promise.race([heard.first, patient.poll({ clientOrderId, orderId: null }, order.everyMs)]);
      }
      await sleep('1s');
    }
  }
}

/** What the server had no record of when it gave the attempt up was never sent; nor what the gateway's client says was not. */
function mayHaveSent(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  if (cause instanceof TimeoutFailure) return cause.lastHeartbeatDetails !== undefined;
  return !(cause instanceof ApplicationFailure && cause.type === 'not_sent');
}

/** As formance/payments does it: a Schedule for each payout starts a polling workflow, and ends with the payout. */
export async function scheduled(order: Order): Promise<string> {
  const heard = hearStatus();
  const { clientOrderId } = order.request;
  const orderId = await plain.create(order);
  const { workflowId } = workflowInfo();
  await plain.openSchedule({ workflowId, clientOrderId, orderId, everyMs: order.everyMs });
  const status = await heard.first;
  await plain.closeSchedule(workflowId);
  return status;
}

/** One tick of that Schedule. */
export async function scheduledPoll(tick: Parameters<TemporalActivities['pollOnce']>[0]): Promise<void> {
  await plain.pollOnce(tick);
}
