import { Client, WithStartWorkflowOperation } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import type { LimitAnswer, LimitClaim, LimitOrder } from '../domain/limits';
import { storedTenant } from '../domain/tenants';
import {
  LIMIT_WORKFLOW_TYPE,
  type LimitInput,
  limitUpdate,
  limitWorkflowId,
  MOST_LIMIT_ORDERS,
} from '../workflows/limit-messages';
import { PAYOUTS_TASK_QUEUE, tenantAttribute } from '../workflows/messages';
import { createBatcher } from './batcher';

/** Shorter than an activity may take: who asked is answered, and asks again. */
const CALL_LIMIT_MS = 8_000;

/**
 * Gives orders to the workflow that keeps a limit, and starts it where there is none. While one update is under way to it, what comes
 * from this process waits and goes with the next: so a limit takes many payouts a second with few updates.
 */
export function createLimitLedger(
  connection: NativeConnection,
  { namespace, dataConverter }: { readonly namespace: string; readonly dataConverter: DataConverter },
) {
  const client = new Client({ connection, namespace, dataConverter });

  async function update(workflowId: string, orders: readonly LimitOrder[]): Promise<readonly LimitAnswer[]> {
    const input: LimitInput = {};
    const startWorkflowOperation = new WithStartWorkflowOperation(LIMIT_WORKFLOW_TYPE, {
      ...{ workflowId, taskQueue: PAYOUTS_TASK_QUEUE, args: [input] },
      ...{ workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE' },
      staticSummary: 'what is left of limits',
      // Whose it is decides who may read it in the Temporal UI.
      typedSearchAttributes: tenantAttribute(storedTenant(workflowId.split(':')[1])),
    });
    return await connection.withDeadline(Date.now() + CALL_LIMIT_MS, () =>
      client.workflow.executeUpdateWithStart(limitUpdate, { args: [orders], startWorkflowOperation }),
    );
  }

  const batch = createBatcher({ run: update, most: MOST_LIMIT_ORDERS });
  return {
    apply: (claim: LimitClaim, order: LimitOrder): Promise<LimitAnswer> => batch(limitWorkflowId(claim), order),
  };
}
