import { Context } from '@temporalio/activity';
import { type Client, ScheduleOverlapPolicy } from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import { createRecordSend } from '../../src/temporal/send-attempt';
import { type Ids, isFinal, type Order, openGateway } from './gateway';

interface Tick extends Ids {
  readonly workflowId: string;
}

/** The names that worker, front and workflows agree on. */
export const PEER_QUEUE = 'peer';

export type TemporalActivities = ReturnType<typeof createTemporalActivities>;

/** The activities of all Temporal peers, hand-written as a team would that has not thought of more. */
export function createTemporalActivities(connection: NativeConnection, client: Client, namespace: string) {
  const gateway = openGateway();
  const recordSend = createRecordSend(connection, { namespace, dataConverter: {} });

  async function askFinal(ids: Ids): Promise<string | null> {
    const status = (await gateway.ask(ids))?.status ?? null;
    return status !== null && isFinal(status) ? status : null;
  }

  return {
    askFinal,
    create: (order: Order) => gateway.create(order),

    async createOnce(order: Order) {
      const { clientOrderId } = order.request;
      const existing = await gateway.ask({ clientOrderId, orderId: null });
      if (existing !== null) return existing.orderId;
      const { info } = Context.current();
      const isRecorded = () =>
        recordSend(info).then(
          () => true,
          () => false,
        );
      return await gateway.create(order, isRecorded);
    },

    /** Each attempt is a poll, but for the first, which sets the pace. */
    async poll(ids: Ids, everyMs: number): Promise<string> {
      const status = Context.current().info.attempt === 1 ? null : await askFinal(ids);
      if (status !== null) return status;
      const category = ApplicationFailureCategory.BENIGN;
      throw ApplicationFailure.create({ message: 'not final yet', nextRetryDelay: everyMs, category });
    },

    async openSchedule({ workflowId, everyMs, ...ids }: Tick & { everyMs: number }): Promise<void> {
      await client.schedule.create({
        scheduleId: workflowId,
        spec: { intervals: [{ every: everyMs }] },
        policies: { overlap: ScheduleOverlapPolicy.SKIP },
        action: {
          type: 'startWorkflow',
          workflowType: 'scheduledPoll',
          workflowId: `poll-${workflowId}`,
          taskQueue: PEER_QUEUE,
          args: [{ workflowId, ...ids }],
        },
      });
    },

    async pollOnce({ workflowId, ...ids }: Tick): Promise<void> {
      const status = await askFinal(ids);
      if (status !== null) await client.workflow.getHandle(workflowId).signal('status', status);
    },

    closeSchedule: (workflowId: string) => client.schedule.getHandle(workflowId).delete(),
  };
}
