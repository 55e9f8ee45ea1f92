import type { DataConverter } from '@temporalio/client';
import type { SignalDefinition } from '@temporalio/common';
import {
  type Acknowledgement,
  acknowledgedAt,
  describeLateEvent,
  isSameAcknowledgement,
  type LateClaim,
  type LateRecord,
  lateKindOf,
  MOST_ACKNOWLEDGEMENTS,
  NO_LATE_EVENTS,
  refuseLateClaim,
} from '../domain/late-events';
import { type LateNotice, notifiedPayout } from '../domain/notification';
import type { CallbackMessage } from '../domain/order-report';
import type { Payout } from '../domain/payout';
import { createDecoder } from '../temporal/data-converter';
import {
  acknowledgeSignal,
  LATE_EVENTS_WORKFLOW_TYPE,
  type LateEventsInput,
  lateClaimSignal,
  lateWorkflowId,
  MEMO_LATE_RECORD,
  PAYOUTS_TASK_QUEUE,
  type PayoutInput,
  searchAttributes,
  tenantAttribute,
} from '../workflows/messages';
import { findFirst } from './acknowledgements';
import { PayoutUnreadable } from './errors';
import { type Call, hasRoom, type RunReader } from './runs';

/** A closed payout, as it was read. */
interface Closed {
  readonly payout: Payout;
  readonly input: PayoutInput;
}

/** `full`: nothing more is taken for this payout; what it knows already stays. */
export type Kept = 'kept' | 'repeated' | 'agrees' | 'full';

/** Where callbacks go that no running payout takes. Each payout has one workflow of each kind, under a known id. */
export interface ClosedPayouts {
  /** What happened after a payout, claimed or confirmed; read from the memo, with no worker. */
  readLateEvents(payout: Payout): Promise<readonly LateNotice[]>;
  /** Records what a callback says after its payout closed; the workflow asks the gateway about it. */
  keepLate(closed: Closed, message: CallbackMessage): Promise<Kept>;
  /** Records that a person has seen why a closed payout needs attention; durable with no worker. `id_used`: another has its id. */
  acknowledge(closed: Closed, acknowledgement: Acknowledgement): Promise<LateNotice | 'full' | 'id_used'>;
}

export function createClosedPayouts(options: {
  readonly call: Call;
  readonly runs: RunReader;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
  readonly now?: () => number;
}): ClosedPayouts {
  const { call, runs, namespace, dataConverter, now = Date.now } = options;

  async function readRecord({ clientOrderId, tenant }: Payout) {
    const workflowId = lateWorkflowId(clientOrderId);
    const run = await runs.describe(workflowId);
    const payload = run?.memo?.[MEMO_LATE_RECORD];
    if (!payload) return { run, record: NO_LATE_EVENTS };
    try {
      const [record] = await createDecoder(dataConverter, { namespace, workflowId })([payload]);
      return { run, record: (record as LateRecord | undefined) ?? NO_LATE_EVENTS };
    } catch (error) {
      throw new PayoutUnreadable('what is stored of the events after a payout cannot be read', {
        tenant,
        cause: error,
      });
    }
  }

  /** One workflow for each closed payout: what is signalled is stored, whether it runs or not. */
  async function signalLate<T>(
    { payout, input }: Closed,
    record: LateRecord,
    [signal, value]: [SignalDefinition<[T]>, T],
  ) {
    const { policy, notify } = input;
    const lateInput: LateEventsInput = {
      ...{ payout: notifiedPayout(payout), policy, known: record },
      ...(notify && { notify }),
    };
    const seenAtMs = acknowledgedAt(record);
    const { signaledRunId } = await call((client) =>
      client.workflow.signalWithStart(LATE_EVENTS_WORKFLOW_TYPE, {
        workflowId: lateWorkflowId(payout.clientOrderId),
        ...{ taskQueue: PAYOUTS_TASK_QUEUE, workflowIdReusePolicy: 'ALLOW_DUPLICATE' },
        ...{ args: [lateInput], signal, signalArgs: [value] as never },
        memo: { [MEMO_LATE_RECORD]: record },
        staticSummary: 'events after the payout',
        typedSearchAttributes: [
          { key: searchAttributes.state, value: 'late_event' },
          { key: searchAttributes.endpoint, value: payout.endpoint },
          ...tenantAttribute(payout),
          ...(payout.orderId === null ? [] : [{ key: searchAttributes.orderId, value: payout.orderId }]),
          ...(seenAtMs === null ? [] : [{ key: searchAttributes.acknowledgedAt, value: new Date(seenAtMs) }]),
        ],
      }),
    );
    return signaledRunId;
  }

  return {
    async readLateEvents(payout) {
      const workflowId = lateWorkflowId(payout.clientOrderId);
      const { record } = await readRecord(payout);
      const events = record.events.map((event) => ({
        workflowId,
        what: describeLateEvent(event),
        isConfirmed: event.confirmed,
        attention: event.confirmed && !event.acknowledged ? event.kind : null,
        ...(event.acknowledged && { acknowledged: event.kind }),
        ...(event.returned && { settlement: event.returned.settlement }),
        atMs: event.atMs,
      }));
      const acknowledgements = (record.acknowledgements ?? []).map((made) => showAcknowledgement(workflowId, made));
      return [...events, ...acknowledgements].sort((left, right) => left.atMs - right.atMs);
    },

    async keepLate(closed, { endpoint, report }) {
      const { payout } = closed;
      const { status, subject, orderId } = report;
      const claim: LateClaim = { endpoint, status, subject, orderId };
      if (lateKindOf(claim, payout) === null) return 'agrees';
      const { run, record } = await readRecord(payout);
      const refused = refuseLateClaim(record, { claim, payout, atMs: now() });
      if (refused !== null) return refused;
      if (run?.isOpen && !hasRoom(run)) return 'full';
      await signalLate(closed, record, [lateClaimSignal, claim]);
      return 'kept';
    },

    async acknowledge(closed, acknowledgement) {
      const workflowId = lateWorkflowId(closed.payout.clientOrderId);
      const { run, record } = await readRecord(closed.payout);
      const isFull = (record.acknowledgements ?? []).length >= MOST_ACKNOWLEDGEMENTS;
      if (isFull || (run?.isOpen && !hasRoom(run))) return 'full';
      const runId = await signalLate(closed, record, [acknowledgeSignal, acknowledgement]);
      const sent = await findFirst(acknowledgement.id, { call, dataConverter, run: { namespace, workflowId, runId } });
      const first = record.acknowledgements?.find(({ id }) => id === acknowledgement.id) ?? sent;
      if (first !== undefined && !isSameAcknowledgement(first, acknowledgement)) return 'id_used';
      return showAcknowledgement(workflowId, { ...acknowledgement, atMs: now() });
    },
  };
}

/** An acknowledgement as what came after a payout. */
function showAcknowledgement(
  workflowId: string,
  { id, actor, reason, attention, atMs }: Acknowledgement & { readonly atMs: number },
): LateNotice {
  const acknowledgedBy = { id, actor, reason, attention };
  return { workflowId, what: `acknowledged: ${attention}`, isConfirmed: true, attention: null, atMs, acknowledgedBy };
}
