import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { decodeTypedSearchAttributes } from '@temporalio/common/lib/converter/payload-search-attributes';
import type { NativeConnection } from '@temporalio/worker';
import type { ClientOrderId } from '../domain/ids';
import { payoutWorkflowId, searchAttributes, tenantAttribute } from '../workflows/messages';
import {
  NOTIFICATION_PENDING,
  NOTIFICATION_WORKFLOW_TYPE,
  NOTIFICATIONS_TASK_QUEUE,
  type NotificationEvent,
  type NotificationInput,
  noticeSignal,
  notificationWorkflowId,
} from '../workflows/notification-messages';
import { classifyFailure } from './call-failure';

/** Where the worker stores events to deliver, and checks whether they may be delivered: Temporal itself. */
export interface Outbox {
  /** Hands an event to the workflow that delivers this payout's events to this subscriber, and starts it if there is none. At least once. */
  store(notified: {
    subscriber: string;
    clientOrderId: ClientOrderId;
    endpoint: string;
    tenant?: string;
    event: NotificationEvent;
  }): Promise<void>;
  /** The state the payout has recorded in its search attributes, which are as durable as its history; null without a payout. */
  findState(clientOrderId: ClientOrderId): Promise<string | null>;
}

/** With the worker's own data converter: the workflow that delivers an event must be able to read it. */
export function createOutbox(
  connection: NativeConnection,
  { namespace, dataConverter }: { readonly namespace: string; readonly dataConverter: DataConverter },
): Outbox {
  const client = new Client({ connection, namespace, dataConverter });
  return {
    async store({ subscriber, clientOrderId, endpoint, event, ...owner }) {
      const input: NotificationInput = { subscriber, clientOrderId };
      await client.workflow.signalWithStart(NOTIFICATION_WORKFLOW_TYPE, {
        workflowId: notificationWorkflowId(subscriber, clientOrderId),
        taskQueue: NOTIFICATIONS_TASK_QUEUE,
        args: [input],
        signal: noticeSignal,
        signalArgs: [event],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: `delivers to ${subscriber}`,
        typedSearchAttributes: [
          { key: searchAttributes.state, value: NOTIFICATION_PENDING },
          { key: searchAttributes.endpoint, value: endpoint },
          ...tenantAttribute(owner),
        ],
      });
    },
    async findState(clientOrderId) {
      try {
        // Not by a handle: over this connection its errors lose what the server said was not found.
        const execution = { workflowId: payoutWorkflowId(clientOrderId) };
        const { workflowExecutionInfo } = await client.workflowService.describeWorkflowExecution({
          namespace,
          execution,
        });
        const attributes = decodeTypedSearchAttributes(workflowExecutionInfo?.searchAttributes?.indexedFields);
        return attributes.get(searchAttributes.state) ?? 'none';
      } catch (error) {
        if (classifyFailure(error) === 'no_workflow') return null;
        throw error;
      }
    },
  };
}
