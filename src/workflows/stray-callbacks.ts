import { getExternalWorkflowHandle, sleep, upsertSearchAttributes } from '@temporalio/workflow';
import { storeSoon } from './announcer';
import { callbackSignal, payoutWorkflowId, type StrayCallbackInput, searchAttributes } from './messages';

/**
 * A callback that came after its payout was final and says something else. It completes at once: that Temporal has stored it is
 * what lets the gateway have its 200, and its search attributes are what raises the alert. The payout is not touched.
 */
export async function lateCallback(input: StrayCallbackInput): Promise<StrayCallbackInput> {
  if (input.announcement !== undefined) await storeSoon(input.announcement);
  return input;
}

/** When an orphan looks for its payout: soon, for one whose start is late; then seldom, to the end of the gateway's callback window. */
const LOOKS = [
  { every: '1m', times: 5 },
  { every: '5m', times: 11 },
  { every: '1h', times: 23 },
  { every: '6h', times: 52 },
] as const;

/**
 * A signed callback for a payout that Temporal does not know. It is handed to the payout when one with that id starts later, which
 * then hears it like any other; until then it stands in the list for an operator.
 */
export async function orphanCallback(input: StrayCallbackInput): Promise<StrayCallbackInput & { matched: boolean }> {
  for (const { every, times } of LOOKS) {
    for (let look = 0; look < times; look += 1) {
      await sleep(every, { summary: 'look for the payout of this callback' });
      if (await handOver(input)) {
        upsertSearchAttributes([{ key: searchAttributes.attention, value: null }]);
        return { ...input, matched: true };
      }
    }
  }
  return { ...input, matched: false };
}

async function handOver({ clientOrderId, endpoint, report }: StrayCallbackInput): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(payoutWorkflowId(clientOrderId)).signal(callbackSignal, { endpoint, report });
    return true;
  } catch {
    return false;
  }
}
