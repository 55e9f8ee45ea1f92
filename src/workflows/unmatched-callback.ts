import { getExternalWorkflowHandle, log, setHandler, sleep, upsertSearchAttributes } from '@temporalio/workflow';
import { isAcknowledgement } from '../domain/late-events';
import { type CallbackMessage, callbackKey, isCallbackMessage } from '../domain/order-report';
import {
  acknowledgeSignal,
  callbackSignal,
  MOST_UNMATCHED_KEPT,
  payoutWorkflowId,
  searchAttributes,
  UNMATCHED_CALLBACK,
  type UnmatchedCallbackInput,
} from './messages';

/** When it looks for its payout: soon, for one whose start is late; then seldom, to the end of the gateway's callback window. */
const LOOKS = [
  { every: '1m', times: 5 },
  { every: '5m', times: 11 },
  { every: '1h', times: 23 },
  { every: '6h', times: 52 },
] as const;

/**
 * The signed callbacks of one payout that Temporal does not know. They are handed to the payout when one with that id starts later; until
 * then they are listed for an operator.
 */
export async function unmatchedCallback({
  clientOrderId,
}: UnmatchedCallbackInput): Promise<{ matched: boolean; kept: readonly CallbackMessage[] }> {
  const kept: CallbackMessage[] = [];
  let isAcknowledged = false;
  const callFor = (attention: string | null) =>
    upsertSearchAttributes([{ key: searchAttributes.attention, value: attention }]);
  setHandler(callbackSignal, (message) => {
    if (!isCallbackMessage(message)) return log.error('a signal that is no callback was ignored');
    const isKnown = kept.some((known) => callbackKey(known) === callbackKey(message));
    if (isKnown || kept.length >= MOST_UNMATCHED_KEPT) return;
    kept.push(message);
    if (isAcknowledged) callFor(UNMATCHED_CALLBACK);
    isAcknowledged = false;
  });
  setHandler(acknowledgeSignal, (acknowledgement) => {
    if (!isAcknowledgement(acknowledgement)) return log.error('a signal that is no acknowledgement was ignored');
    if (kept.length > (acknowledgement.seen ?? kept.length)) return;
    if (!isAcknowledged) callFor(null);
    isAcknowledged = true;
  });
  for (const { every, times } of LOOKS) {
    for (let look = 0; look < times; look += 1) {
      await sleep(every, { summary: 'look for the payout of this callback' });
      if (await handOver()) {
        callFor(null);
        return { matched: true, kept };
      }
    }
  }
  return { matched: false, kept };

  async function handOver(): Promise<boolean> {
    const payout = getExternalWorkflowHandle(payoutWorkflowId(clientOrderId));
    try {
      for (let next = 0; next < kept.length; next += 1)
        await payout.signal(callbackSignal, kept[next] as CallbackMessage);
      return kept.length > 0;
    } catch {
      return false;
    }
  }
}
