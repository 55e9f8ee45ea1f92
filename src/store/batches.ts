import { randomUUID } from 'node:crypto';
import { type DataConverter, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { type BatchOrder, type BatchProgress, type BatchRecord, isBatchProgress, OPEN_BATCH } from '../domain/batch';
import type { Tenants } from '../domain/tenants';
import { saysNotRunning } from '../temporal/call-failure';
import { createDecoder } from '../temporal/data-converter';
import {
  BATCH_PART_WORKFLOW_TYPE,
  BATCH_WORKFLOW_TYPE,
  type BatchHead,
  type BatchInput,
  type BatchPartInput,
  type BatchRow,
  batchIdOf,
  batchOrderSignal,
  batchWorkflowId,
  MEMO_BATCH,
  MEMO_BATCH_RECORD,
} from '../workflows/batch-messages';
import { PAYOUTS_TASK_QUEUE, searchAttributes, tenantAttribute } from '../workflows/messages';
import { type BatchParts, cutParts } from './batch-parts';
import { PayoutUnreadable } from './errors';
import { andTenants, oneOf } from './list-filter';
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

/** The rows of a new batch, in order, and the policies of their endpoints by name. */
export type NewRows = Pick<BatchPartInput, 'rows' | 'policies'>;

export type BatchStore = ReturnType<typeof createBatchStore>;

/** What is not started by then is not started. Less than what the retention of payouts must be. */
const TIME_MS = 14 * 86_400_000;
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
      const record = ((await ofMemo(MEMO_BATCH_RECORD)) as BatchRecord | undefined) ?? OPEN_BATCH;
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
      const untilMs = acceptedAtMs + TIME_MS;
      const cut = cutParts(rows);
      const ids = cut.map((_, nth) => `${workflowId}:part:${nth + 1}:${nonce}`);
      try {
        for (const [nth, part] of cut.entries())
          await startPart(ids[nth] ?? '', { rows: part, policies, untilMs: untilMs + PARTS_LONGER_MS }, head);
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
              { key: searchAttributes.state, value: 'batch_running' },
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
    async list({ tenants, size, token }: { tenants: Tenants; size: number; token: Uint8Array | null }) {
      const query = oneOf('WorkflowType', [BATCH_WORKFLOW_TYPE]) + andTenants(tenants);
      const { runs: found, next } = await visibility.list(query, { size, token });
      const ids = found.flatMap(({ workflowId }) => batchIdOf(workflowId) ?? []);
      const readings = await Promise.all(ids.map(read));
      return { batches: readings.filter((reading) => reading !== null), next };
    },

    /** An act on an open batch; durable with no worker. False when it takes none any more. */
    async order(batchId: string, order: BatchOrder): Promise<boolean> {
      const workflowId = batchWorkflowId(batchId);
      const run = await runs.describe(workflowId);
      if (!run?.isOpen || !hasRoom(run)) return false;
      try {
        await call((client) => client.workflow.getHandle(workflowId).signal(batchOrderSignal, order));
        return true;
      } catch (error) {
        if (saysNotRunning(error)) return false;
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
