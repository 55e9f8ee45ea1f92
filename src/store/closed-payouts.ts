import type { DataConverter } from '@temporalio/client';
import type { ClientOrderId } from '../domain/ids';
import {
  describeLateEvent,
  type LateClaim,
  type LateRecord,
  lateKindOf,
  NO_LATE_EVENTS,
  refuseLateClaim,
} from '../domain/late-events';
import { type LateNotice, notifiedPayout } from '../domain/notification';
import type { CallbackMessage } from '../domain/order-report';
import type { Payout } from '../domain/payout';
import { createDecoder } from '../temporal/data-converter';
import {
  callbackSignal,
  LATE_EVENTS_WORKFLOW_TYPE,
  type LateEventsInput,
  lateClaimSignal,
  lateWorkflowId,
  MEMO_LATE_RECORD,
  PAYOUTS_TASK_QUEUE,
  type PayoutInput,
  searchAttributes,
  UNMATCHED_CALLBACK_WORKFLOW_TYPE,
  unmatchedWorkflowId,
} from '../workflows/messages';
import { PayoutUnreadable } from './errors';
import { type Call, hasRoom, type RunReader } from './runs';

/** `full`: nothing more is taken for this payout; what it knows already stays. */
export type Kept = 'kept' | 'repeated' | 'agrees' | 'full';

/** Where callbacks go that no running payout takes. Each payout has one workflow of each kind, under a known id. */
export interface ClosedPayouts {
  /** What happened after a payout, claimed or confirmed; read from the memo, with no worker. */
  readLateEvents(clientOrderId: ClientOrderId): Promise<readonly LateNotice[]>;
  /** Records what a callback says after its payout closed; the workflow asks the gateway about it. */
  keepLate(closed: { readonly payout: Payout; readonly input: PayoutInput }, message: CallbackMessage): Promise<Kept>;
  /** Keeps a callback of a payout that Temporal does not know. */
  keepUnmatched(clientOrderId: ClientOrderId, message: CallbackMessage): Promise<Kept>;
}

export function createClosedPayouts(options: {
  readonly call: Call;
  readonly runs: RunReader;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
  readonly now?: () => number;
}): ClosedPayouts {
  const { call, runs, namespace, dataConverter, now = Date.now } = options;

  async function readRecord(workflowId: string) {
    const run = await runs.describe(workflowId);
    const payload = run?.memo?.[MEMO_LATE_RECORD];
    if (!payload) return { run, record: NO_LATE_EVENTS };
    try {
      const [record] = await createDecoder(dataConverter, { namespace, workflowId })([payload]);
      return { run, record: (record as LateRecord | undefined) ?? NO_LATE_EVENTS };
    } catch (error) {
      throw new PayoutUnreadable('what is stored of the events after a payout cannot be read', { cause: error });
    }
  }

  return {
    async readLateEvents(clientOrderId) {
      const workflowId = lateWorkflowId(clientOrderId);
      const { record } = await readRecord(workflowId);
      return record.events.map((event) => ({
        workflowId,
        what: describeLateEvent(event),
        isConfirmed: event.confirmed,
        attention: event.confirmed ? event.kind : null,
        atMs: event.atMs,
      }));
    },

    async keepLate({ payout, input: { policy, notify } }, { endpoint, report }) {
      const { status, subject, orderId } = report;
      const claim: LateClaim = { endpoint, status, subject, orderId };
      if (lateKindOf(claim, payout) === null) return 'agrees';
      const workflowId = lateWorkflowId(payout.clientOrderId);
      const { run, record } = await readRecord(workflowId);
      const refused = refuseLateClaim(record, { claim, payout, atMs: now() });
      if (refused !== null) return refused;
      if (run?.isOpen && !hasRoom(run)) return 'full';
      const input: LateEventsInput = {
        ...{ payout: notifiedPayout(payout), policy, known: record },
        ...(notify && { notify }),
      };
      await call((client) =>
        client.workflow.signalWithStart(LATE_EVENTS_WORKFLOW_TYPE, {
          ...{ workflowId, taskQueue: PAYOUTS_TASK_QUEUE, workflowIdReusePolicy: 'ALLOW_DUPLICATE' },
          ...{ args: [input], signal: lateClaimSignal, signalArgs: [claim] },
          memo: { [MEMO_LATE_RECORD]: record },
          staticSummary: 'events after the payout',
          typedSearchAttributes: [
            { key: searchAttributes.state, value: 'late_event' },
            { key: searchAttributes.endpoint, value: payout.endpoint },
            ...(payout.orderId === null ? [] : [{ key: searchAttributes.orderId, value: payout.orderId }]),
          ],
        }),
      );
      return 'kept';
    },

    async keepUnmatched(clientOrderId, message) {
      const workflowId = unmatchedWorkflowId(clientOrderId);
      const run = await runs.describe(workflowId);
      if (run?.isOpen && !hasRoom(run)) return 'full';
      const { orderId } = message.report;
      await call((client) =>
        client.workflow.signalWithStart(UNMATCHED_CALLBACK_WORKFLOW_TYPE, {
          ...{ workflowId, taskQueue: PAYOUTS_TASK_QUEUE, workflowIdReusePolicy: 'ALLOW_DUPLICATE' },
          ...{ args: [{ clientOrderId }], signal: callbackSignal, signalArgs: [message] },
          staticSummary: 'callbacks of a payout that is not known',
          typedSearchAttributes: [
            { key: searchAttributes.state, value: 'unmatched_callback' },
            { key: searchAttributes.endpoint, value: message.endpoint },
            { key: searchAttributes.attention, value: 'unmatched_callback' },
            ...(orderId === null ? [] : [{ key: searchAttributes.orderId, value: orderId }]),
          ],
        }),
      );
      return 'kept';
    },
  };
}
