import { Client, WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { openClientConnection, readTemporalAddress } from '../../src/temporal/connection';
import { serveFront } from './front';
import { PEER_QUEUE } from './temporal-activities';

const address = readTemporalAddress();
const client = new Client({ connection: openClientConnection(address), namespace: address.namespace });
const workflowType = process.env.PEER_WORKFLOW ?? '';

/** True for an error of the class, for `catch` clauses that pass one kind over. */
const unless = (Kind: new (...args: never[]) => Error) => (error: unknown) => {
  if (!(error instanceof Kind)) throw error;
};

serveFront({
  async start(order) {
    await client.workflow
      .start(workflowType, {
        workflowId: order.request.clientOrderId,
        taskQueue: PEER_QUEUE,
        args: [order],
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      })
      .catch(unless(WorkflowExecutionAlreadyStartedError));
  },
  async report(clientOrderId, status) {
    await client.workflow.getHandle(clientOrderId).signal('status', status).catch(unless(WorkflowNotFoundError));
  },
});
