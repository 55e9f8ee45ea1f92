import { ApplicationFailure, type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import type { ClientOrderId } from '../domain/ids';
import { isIdUsed, type OperatorOrder } from '../domain/operator';
import type { Payout } from '../domain/payout';
import { saysNotRunning } from '../temporal/call-failure';
import { OPERATOR_REFUSED, operateUpdate, payoutWorkflowId } from '../workflows/messages';
import { TemporalUnavailable } from './errors';
import type { Call, RunReader } from './runs';

/**
 * Performs an operator's act on a running payout, once per id of the act.
 * @returns the payout after it, or why it is not allowed; null when no running payout has this id
 */
export type Operate = (
  clientOrderId: ClientOrderId,
  order: OperatorOrder,
) => Promise<Payout | { readonly refusal: string } | null>;

export function createOperate({ call, client, runs }: { call: Call; client: Client; runs: RunReader }): Operate {
  return async (clientOrderId, order) => {
    const workflowId = payoutWorkflowId(clientOrderId);
    const handle = client.workflow.getHandle(workflowId);
    try {
      const update = () => handle.executeUpdate(operateUpdate, { args: [order], updateId: order.id });
      const payout = await repeatAborted(() => call(update));
      // A second update under one id is answered with the outcome of the first, whatever it asks for.
      return isIdUsed(payout, order) ? { refusal: 'id_used' } : payout;
    } catch (error) {
      if (saysNotRunning(error)) return null;
      // Never performed: either the payout has closed, or the caller tries again later.
      const isAborted = error instanceof TemporalUnavailable && error.trouble === 'aborted';
      if (isAborted && !(await runs.describe(workflowId))?.isOpen) return null;
      const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
      if (cause instanceof ApplicationFailure && cause.type === OPERATOR_REFUSED) return { refusal: cause.message };
      throw error;
    }
  };
}

const TRIES = 5;

/**
 * An update is aborted when its workflow task is done again, as when a signal comes while the payout ends. Its id makes it one act
 * however often it is sent.
 * @throws TemporalUnavailable when it is aborted every time
 */
export async function repeatAborted<T>(update: () => Promise<T>): Promise<T> {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    try {
      return await update();
    } catch (error) {
      if (!(error instanceof TemporalUnavailable) || error.trouble !== 'aborted') throw error;
    }
  }
  throw new TemporalUnavailable('aborted');
}
