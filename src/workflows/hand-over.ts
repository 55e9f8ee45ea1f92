import { getExternalWorkflowHandle, log, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { notifiedPayout } from '../domain/notification';
import { canStillBeSent, type Payout } from '../domain/payout';
import { forgetPersonal, type ReceiverDetails } from '../domain/payout-request';
import {
  LATE_EVENTS_WORKFLOW_TYPE,
  type LateEventsInput,
  lateClaimSignal,
  lateWorkflowId,
  PAYOUTS_TASK_QUEUE,
  type PayoutInput,
  tenantAttribute,
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
      ...(payout.tenant !== undefined && { typedSearchAttributes: tenantAttribute(payout) }),
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

/**
 * The input of the run that goes on from here. Of a payout that can never be sent (again) the account and the Receiver are left behind:
 * they stay in the run that ends here, whose retention begins now, and in no later one.
 */
export function carryOn(
  input: PayoutInput,
  { current, details }: { readonly current: Payout; readonly details: ReceiverDetails | null },
): PayoutInput {
  const { details: _entered, ...asked } = input;
  if (canStillBeSent(current)) return { ...asked, carried: current, ...(details === null ? {} : { details }) };
  return { ...asked, request: forgetPersonal(input.request), isAccountForgotten: true, carried: current };
}
