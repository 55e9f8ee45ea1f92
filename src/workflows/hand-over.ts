import { getExternalWorkflowHandle, log, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { notifiedPayout } from '../domain/notification';
import type { Payout } from '../domain/payout';
import {
  LATE_EVENTS_WORKFLOW_TYPE,
  type LateEventsInput,
  lateClaimSignal,
  lateWorkflowId,
  PAYOUTS_TASK_QUEUE,
  type PayoutInput,
} from './messages';

/** An event after the payout that was claimed while it was open, and that no answer has settled, lives on beside the closed payout. */
export async function handOverEvent(current: Payout, { policy, notify }: PayoutInput): Promise<void> {
  if (current.eventClaim === undefined) return;
  const claim = { ...current.eventClaim, endpoint: current.endpoint };
  const payout = notifiedPayout(current);
  const workflowId = lateWorkflowId(current.clientOrderId);
  const input: LateEventsInput = { payout, policy, claim, ...(notify && { notify }) };
  const start = () =>
    startChild(LATE_EVENTS_WORKFLOW_TYPE, {
      ...{ workflowId, taskQueue: PAYOUTS_TASK_QUEUE, args: [input] },
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  const signal = () => getExternalWorkflowHandle(workflowId).signal(lateClaimSignal, claim);
  // One may be running already, of an earlier run of this payout, and may end before it is signalled. No failure of this may be the payout's.
  for (const give of [start, signal, start]) {
    const isGiven = await give().then(
      () => true,
      () => false,
    );
    if (isGiven) return;
  }
  log.error('a claimed event was not handed over');
}
