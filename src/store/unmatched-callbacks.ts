import type { DataConverter } from '@temporalio/common';
import type { ClientOrderId } from '../domain/ids';
import { type Acknowledgement, isSameAcknowledgement } from '../domain/late-events';
import { type CallbackMessage, callbackKey, isCallbackMessage } from '../domain/order-report';
import { classifyFailure, saysNotRunning } from '../temporal/call-failure';
import { createDecoder, type DecodePayloads } from '../temporal/data-converter';
import {
  acknowledgeSignal,
  callbackSignal,
  MOST_UNMATCHED_KEPT,
  PAYOUTS_TASK_QUEUE,
  searchAttributes,
  UNMATCHED_CALLBACK,
  UNMATCHED_CALLBACK_WORKFLOW_TYPE,
  unmatchedWorkflowId,
} from '../workflows/messages';
import { findFirst, readAcknowledgements } from './acknowledgements';
import { PayoutUnreadable } from './errors';
import { fetchHistory } from './history-pages';
import { type HistoryEvent, readFirstBy, toMs } from './recorded';
import { type Call, hasRoom, type RunReader } from './runs';

/** The callbacks of a payout that is not known, as they are kept. */
export interface UnmatchedReading {
  readonly clientOrderId: ClientOrderId;
  /** Each once, oldest first. */
  readonly callbacks: readonly (CallbackMessage & { readonly atMs: number })[];
  readonly acknowledgements: readonly Acknowledgement[];
}

export interface UnmatchedCallbacks {
  /** Stores a callback of a payout that Temporal does not know. */
  keepUnmatched(clientOrderId: ClientOrderId, message: CallbackMessage): Promise<'kept' | 'full'>;
  /** What is kept, from the history alone; null when nothing is. */
  readUnmatched(clientOrderId: ClientOrderId): Promise<UnmatchedReading | null>;
  /** Records that a person has seen them. `id_used`: another acknowledgement has this id. */
  acknowledgeUnmatched(clientOrderId: ClientOrderId, made: Acknowledgement): Promise<'done' | 'not_found' | 'id_used'>;
}

/** As the workflow keeps them: each signed callback once, and no more than so many. */
async function readCallbacks(history: readonly HistoryEvent[], decode: DecodePayloads) {
  const first = readFirstBy(decode);
  const kept: UnmatchedReading['callbacks'][number][] = [];
  for (const { workflowExecutionSignaledEventAttributes: signal, eventTime } of history) {
    if (signal?.signalName !== callbackSignal.name || kept.length >= MOST_UNMATCHED_KEPT) continue;
    const message = await first<unknown>(signal.input);
    if (!isCallbackMessage(message)) continue;
    const isKnown = kept.some((known) => callbackKey(known) === callbackKey(message));
    if (!isKnown) kept.push({ ...message, atMs: toMs(eventTime) });
  }
  return kept;
}

export function createUnmatchedCallbacks(options: {
  readonly call: Call;
  readonly runs: RunReader;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
}): UnmatchedCallbacks {
  const { call, runs, namespace, dataConverter } = options;
  const runOf = (clientOrderId: ClientOrderId) => ({ namespace, workflowId: unmatchedWorkflowId(clientOrderId) });

  return {
    async keepUnmatched(clientOrderId, message) {
      const { workflowId } = runOf(clientOrderId);
      const run = await runs.describe(workflowId);
      if (run?.isOpen && !hasRoom(run)) return 'full';
      const { orderId } = message.report;
      await call((client) =>
        client.workflow.signalWithStart(UNMATCHED_CALLBACK_WORKFLOW_TYPE, {
          ...{ workflowId, taskQueue: PAYOUTS_TASK_QUEUE, workflowIdReusePolicy: 'ALLOW_DUPLICATE' },
          ...{ args: [{ clientOrderId }], signal: callbackSignal, signalArgs: [message] },
          staticSummary: 'callbacks of a payout that is not known',
          typedSearchAttributes: [
            { key: searchAttributes.state, value: UNMATCHED_CALLBACK },
            { key: searchAttributes.endpoint, value: message.endpoint },
            { key: searchAttributes.attention, value: UNMATCHED_CALLBACK },
            ...(orderId === null ? [] : [{ key: searchAttributes.orderId, value: orderId }]),
          ],
        }),
      );
      return 'kept';
    },

    async readUnmatched(clientOrderId) {
      const run = runOf(clientOrderId);
      const history = await fetchHistory(call, run).catch((error: unknown) => {
        if (classifyFailure(error) === 'no_workflow') return null;
        throw error;
      });
      if (history === null) return null;
      const decode = createDecoder(dataConverter, run);
      try {
        const acknowledgements = await readAcknowledgements(history, decode);
        return { clientOrderId, callbacks: await readCallbacks(history, decode), acknowledgements };
      } catch (error) {
        throw new PayoutUnreadable('what is stored of the callbacks of an unknown payout cannot be read', {
          cause: error,
        });
      }
    },

    async acknowledgeUnmatched(clientOrderId, made) {
      const run = runOf(clientOrderId);
      const described = await runs.describe(run.workflowId);
      if (!described?.isOpen || !hasRoom(described)) return 'not_found';
      try {
        await call((client) => client.workflow.getHandle(run.workflowId).signal(acknowledgeSignal, made));
      } catch (error) {
        if (saysNotRunning(error)) return 'not_found';
        throw error;
      }
      const first = await findFirst(made.id, { call, dataConverter, run });
      return first === undefined || isSameAcknowledgement(first, made) ? 'done' : 'id_used';
    },
  };
}
