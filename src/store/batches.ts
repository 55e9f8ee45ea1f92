import { randomUUID } from 'node:crypto';
import {
  ApplicationFailure,
  type Client,
  type DataConverter,
  WorkflowExecutionAlreadyStartedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import {
  BATCH_TIME_MS,
  type BatchOrder,
  type BatchRecord,
  type BatchState,
  batchUntil,
  isBatchOver,
  MOST_BATCH_AHEAD_MS,
  openBatch,
} from '../domain/batch';
import { type BatchRefusal, isBatchRefusal, takeBatchOrder } from '../domain/batch-orders';
import { type BatchProgress, isBatchProgress } from '../domain/batch-progress';
import type { Tenants } from '../domain/tenants';
import { saysNotRunning } from '../temporal/call-failure';
import { createDecoder } from '../temporal/data-converter';
import {
  BATCH_ORDER_REFUSED,
  BATCH_PART_WORKFLOW_TYPE,
  BATCH_WORKFLOW_TYPE,
  type BatchHead,
  type BatchInput,
  type BatchPartInput,
  type BatchRow,
  batchIdOf,
  batchOrderSignal,
  batchState,
  batchUpdate,
  batchWorkflowId,
  MEMO_BATCH,
  MEMO_BATCH_RECORD,
} from '../workflows/batch-messages';
import { PAYOUTS_TASK_QUEUE, searchAttributes, tenantAttribute } from '../workflows/messages';
import { type BatchParts, cutParts } from './batch-parts';
import { PayoutUnreadable, TemporalUnavailable } from './errors';
import { andTenants, oneOf } from './list-filter';
import { repeatAborted } from './operator-acts';
import { type Call, hasRoom, type Run, type RunReader } from './runs';
import type { Visibility } from './visibility';

export type { BatchHead } from '../workflows/batch-messages';

/** A batch as described: exact, current, and read with no worker. */
export interface BatchReading {
  readonly head: BatchHead;
  readonly record: BatchRecord;
  /** False when nothing will happen to it any more. A record that is not over then was ended from outside. */
  readonly isOpen: boolean;
  /** How often what it does now was tried; above one or two, something keeps failing. */
  readonly attempts: number;
}

interface BatchPage {
  readonly tenants: Tenants;
  readonly state?: BatchState | undefined;
  readonly size: number;
  readonly token: Uint8Array | null;
}

/** Batches that are in this state; one that was ended from outside is in none. */
const batchesIn = (state: BatchState) => {
  const isThere = oneOf(searchAttributes.state.name, [batchState(state)]);
  return isBatchOver(state) ? isThere : `${isThere} AND ${oneOf('ExecutionStatus', ['Running'])}`;
};

/** The rows of a new batch, in order, and the policies of their endpoints by name. */
export type NewRows = Pick<BatchPartInput, 'rows' | 'policies'>;

const STOPS: readonly BatchOrder['action'][] = ['pause', 'cancel', 'reject'];

export type BatchStore = ReturnType<typeof createBatchStore>;

/** Parts are open a little longer than their batch. */
const PARTS_LONGER_MS = 86_400_000;

export function createBatchStore(options: {
  readonly call: Call;
  readonly runs: RunReader;
  readonly visibility: Pick<Visibility, 'list'>;
  readonly parts: BatchParts;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
}) {
  const { call, runs, visibility, parts, namespace, dataConverter } = options;
  const once = { workflowIdConflictPolicy: 'FAIL', workflowIdReusePolicy: 'REJECT_DUPLICATE' } as const;
  const taskQueue = PAYOUTS_TASK_QUEUE;

  async function startPart(workflowId: string, input: BatchPartInput, head: Pick<BatchHead, 'tenant'>): Promise<void> {
    const start = {
      ...{ workflowId, taskQueue, args: [input], staticSummary: 'rows of a batch' },
      typedSearchAttributes: tenantAttribute(head),
    };
    await call((client) => client.workflow.start(BATCH_PART_WORKFLOW_TYPE, { ...start, ...once }));
  }

  async function interpret(workflowId: string, { memo, isOpen, pending, tenant }: Run): Promise<BatchReading> {
    try {
      const decode = createDecoder(dataConverter, { namespace, workflowId });
      const first = async (payload: Parameters<typeof decode>[0]) => (await decode(payload))[0];
      const ofMemo = async (name: string) => await first(memo?.[name] ? [memo[name]] : []);
      const head = (await ofMemo(MEMO_BATCH)) as BatchHead | undefined;
      if (head === undefined) throw new Error('expected the head of a batch');
      const record = ((await ofMemo(MEMO_BATCH_RECORD)) as BatchRecord | undefined) ?? openBatch(head);
      const starting = pending.find(({ activityType }) => activityType?.name === 'startRows');
      const reached = await first(starting?.heartbeatDetails?.payloads);
      const progress = isBatchProgress(reached) ? furthest(reached, record.progress) : record.progress;
      return { head, record: { ...record, progress }, isOpen, attempts: pending[0]?.attempt ?? 0 };
    } catch (error) {
      throw new PayoutUnreadable('what is stored of a batch cannot be read', { tenant, cause: error });
    }
  }

  async function read(batchId: string): Promise<BatchReading | null> {
    const run = await runs.describe(batchWorkflowId(batchId));
    return run === null ? null : await interpret(batchWorkflowId(batchId), run);
  }

  return {
    read,

    /**
     * Takes a batch, with its rows stored before it; from then on it happens. False when there is one of this id, which is not touched:
     * rows that were stored for this one are dropped.
     */
    async start(head: Omit<BatchHead, 'parts'>, { rows, policies }: NewRows): Promise<boolean> {
      const { batchId, acceptedAtMs } = head;
      const workflowId = batchWorkflowId(batchId);
      const nonce = randomUUID();
      const record = openBatch(head);
      const untilMs = batchUntil(record, head);
      // One that waits may be put off.
      const keptMs = head.gate === undefined ? untilMs : acceptedAtMs + MOST_BATCH_AHEAD_MS + BATCH_TIME_MS;
      const ids: string[] = [];
      try {
        for (const part of cutParts(rows)) {
          const id = `${workflowId}:part:${ids.length + 1}:${nonce}`;
          ids.push(id);
          await startPart(id, { rows: part, policies, untilMs: keptMs + PARTS_LONGER_MS }, head);
        }
      } catch (error) {
        await Promise.allSettled(ids.map(parts.release));
        throw error;
      }
      const whole: BatchHead = { ...head, parts: ids };
      const input: BatchInput = { head: whole, untilMs };
      try {
        await call((client) =>
          client.workflow.start(BATCH_WORKFLOW_TYPE, {
            ...{ workflowId, taskQueue, ...once, args: [input], memo: { [MEMO_BATCH]: whole } },
            staticSummary: `${head.rows} rows`,
            typedSearchAttributes: [
              { key: searchAttributes.state, value: batchState(record.state) },
              { key: searchAttributes.batch, value: batchId },
              ...tenantAttribute(head),
            ],
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        await Promise.all(ids.map(parts.release));
        return false;
      }
    },

    /** Batches of these tenants, the open ones first, the newest first; slightly behind. */
    async list({ tenants, state, size, token }: BatchPage) {
      const inState = state === undefined ? '' : ` AND ${batchesIn(state)}`;
      const query = oneOf('WorkflowType', [BATCH_WORKFLOW_TYPE]) + inState + andTenants(tenants);
      const { runs: found, next } = await visibility.list(query, { size, token });
      const ids = found.flatMap(({ workflowId }) => batchIdOf(workflowId) ?? []);
      const readings = await Promise.all(ids.map(read));
      return { batches: readings.filter((reading) => reading !== null), next };
    },

    /**
     * An act, answered by what the batch decides; where no worker answers, one that stops it is stored and counts all the same. Null when
     * the batch takes none any more.
     */
    async act(
      reading: BatchReading,
      order: BatchOrder,
    ): Promise<BatchReading | { readonly refusal: BatchRefusal } | null> {
      const { head } = reading;
      const workflowId = batchWorkflowId(head.batchId);
      const after = (record: BatchRecord) => {
        const progress = furthest(record.progress, reading.record.progress);
        return { ...reading, record: { ...record, progress } };
      };
      const update = (client: Client) =>
        client.workflow.getHandle(workflowId).executeUpdate(batchUpdate, { args: [order], updateId: order.id });
      try {
        return after(await repeatAborted(() => call(update)));
      } catch (error) {
        if (saysNotRunning(error)) return null;
        const refusal = refusalOf(error);
        if (refusal !== null) return { refusal };
        if (!(error instanceof TemporalUnavailable)) throw error;
        const run = await runs.describe(workflowId);
        if (!run?.isOpen) return null;
        if (!STOPS.includes(order.action) || !hasRoom(run)) throw error;
      }
      try {
        await call((client) => client.workflow.getHandle(workflowId).signal(batchOrderSignal, order));
        return after(takeBatchOrder(reading.record, order, { terms: head, atMs: Date.now() }));
      } catch (error) {
        if (saysNotRunning(error)) return null;
        throw error;
      }
    },

    /** The rows of a batch, in order. */
    async *rows({ parts: ids }: Pick<BatchHead, 'parts'>): AsyncGenerator<BatchRow> {
      for (const id of ids) yield* (await parts.read(id)).rows;
    },
  };
}

/** A heartbeat of an earlier activity may be older than the record. */
function furthest(left: BatchProgress, right: BatchProgress): BatchProgress {
  return left.next >= right.next ? left : right;
}

function refusalOf(error: unknown): BatchRefusal | null {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure) || cause.type !== BATCH_ORDER_REFUSED) return null;
  return isBatchRefusal(cause.message) ? cause.message : null;
}
