import type { WorkflowHandle } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils';
import type { BatchDeps } from '../../src/activities/batch-activities';
import type { BatchOrder, BatchRecord } from '../../src/domain/batch';
import type { BatchGate, Cleared } from '../../src/domain/batch-gate';
import type { RowFailure } from '../../src/domain/batch-progress';
import type { ClientOrderId } from '../../src/domain/ids';
import type { LimitClaim } from '../../src/domain/limits';
import {
  BATCH_WORKFLOW_TYPE,
  type BatchHead,
  type BatchRow,
  batchOrderSignal,
  batchUpdate,
  batchWorkflowId,
  MEMO_BATCH,
} from '../../src/workflows/batch-messages';
import { PAYOUTS_TASK_QUEUE } from '../../src/workflows/messages';
import { EUR } from '../domain/samples';
import type { SkippedTime } from './skipped-time';

export interface BatchScene {
  readonly handle: WorkflowHandle;
  order(action: 'pause' | 'resume' | 'cancel', id?: string): Promise<void>;
  /** By an update, answered by what the batch decides. */
  update(order: Omit<BatchOrder, 'id' | 'reason'> & Partial<BatchOrder>): Promise<BatchRecord>;
  readonly acceptedAtMs: number;
  /** Resolves once the row is being started. */
  startOf(row: number): Promise<void>;
}

/** One way a batch can go; its rows are started in memory. */
export interface BatchPath {
  readonly name: string;
  readonly rows: number;
  /** Default 100. */
  readonly perSecond?: number;
  readonly start?: (row: number) => Promise<RowFailure | null>;
  readonly act?: (scene: BatchScene) => Promise<void>;
  /** How long after its start the batch ends; default 14 days. */
  readonly forMs?: number;
  readonly gate?: (acceptedAtMs: number) => BatchGate;
  /** What others hold before it begins. */
  readonly taken?: LimitClaim;
}

export interface PlayedBatch {
  readonly history: History;
  readonly record: BatchRecord;
  /** Rows whose start was called for, in order. */
  readonly started: readonly number[];
  readonly cancelled: readonly number[];
  readonly released: readonly string[];
  /** What the last row was started with. */
  readonly cleared: Cleared | undefined;
}

const ROWS_A_PART = 1_000;
const DAY_MS = 86_400_000;

/** Plays a batch to its end. */
export async function playBatch(time: SkippedTime, path: BatchPath): Promise<PlayedBatch> {
  const { name, rows, perSecond = 100, start = async () => null } = path;
  const [started, cancelled]: [number[], number[]] = [[], []];
  const released: string[] = [];
  let cleared: Cleared | undefined;
  const waiting = new Map<number, () => void>();
  const parts = Array.from({ length: Math.ceil(rows / ROWS_A_PART) }, (_, at) => `${name}:${at * ROWS_A_PART + 1}`);
  const rowsOf = (part: string) => {
    const first = Number(part.split(':')[1]);
    const count = Math.min(ROWS_A_PART, rows + 1 - first);
    return Array.from({ length: count }, (_, at) => ({ row: first + at }) as BatchRow);
  };
  const deps: Partial<BatchDeps> = {
    hashContent: async () => 'hash',
    readPart: async (part) => ({
      rows: rowsOf(part),
      start: async ({ row }, { cleared: given }) => {
        started.push(row);
        cleared = given;
        waiting.get(row)?.();
        return await start(row);
      },
    }),
    cancelRow: async ({ row }) => {
      cancelled.push(row);
      return started.includes(row) ? 'done' : 'unknown';
    },
    releasePart: async (part) => void released.push(part),
    // At full speed nothing waits; a slower one leaves time to act.
    ...(perSecond === 100 && { now: fastClock() }),
  };
  time.useBatchDeps(deps);
  const acceptedAtMs = Math.floor(await time.env.currentTimeMs());
  const head: BatchHead = {
    ...{ batchId: name, by: 'shop', contentHash: 'hash', rows, totals: [], window: 10, perSecond, acceptedAtMs, parts },
    ...(path.gate && { gate: path.gate(acceptedAtMs) }),
  };
  const other = `${name}-other` as ClientOrderId;
  if (path.taken !== undefined) await time.limits.holdLimit({ clientOrderId: other, claims: [path.taken] });
  const handle = await time.env.client.workflow.start(BATCH_WORKFLOW_TYPE, {
    ...{ workflowId: batchWorkflowId(name), taskQueue: PAYOUTS_TASK_QUEUE },
    args: [{ head, untilMs: acceptedAtMs + (path.forMs ?? 14 * DAY_MS) }],
    memo: { [MEMO_BATCH]: head },
  });
  await path.act?.({
    ...{ handle, acceptedAtMs },
    update: (order) => {
      const whole = { id: `${order.action} by ${order.actor}`, reason: 'asked for', ...order } as BatchOrder;
      return handle.executeUpdate(batchUpdate, { args: [whole] });
    },
    order: (action, id = action) => handle.signal(batchOrderSignal, { id, action, actor: 'ada', reason: 'asked for' }),
    startOf: (row) => (started.includes(row) ? Promise.resolve() : new Promise((resolve) => waiting.set(row, resolve))),
  });
  const record = (await handle.result()) as BatchRecord;
  return { history: await handle.fetchHistory(), record, started, cancelled, released, cleared };
}

/** A clock that is always a second later. */
function fastClock(): () => number {
  let nowMs = 0;
  return () => {
    nowMs += 1_000;
    return nowMs;
  };
}

const APPROVAL = { rules: ['large'], needed: 2, expiresInMs: DAY_MS };
const claim = (tenant: string, amountMinor: number, over: LimitClaim['over']): LimitClaim => ({
  ...{ tenant, key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', capMinor: 1_000, currency: EUR },
  ...{ amountMinor, over },
});
const approve = (actor: string) => ({ action: 'approve', actor, contentHash: 'hash' }) as const;

/** Batches whose histories are recorded. */
export const BATCH_PATHS: readonly BatchPath[] = [
  { name: 'batch-started', rows: 100, start: async (row) => (row === 3 ? 'client_order_id_taken' : null) },
  {
    ...{ name: 'batch-paused-and-resumed', rows: 12, perSecond: 5 },
    act: async ({ order, startOf, handle }) => {
      await startOf(3);
      await order('pause');
      await handle.signal('batchOrder', { action: 'cancel' });
      await untilPaused(handle);
      await order('resume');
    },
  },
  {
    ...{ name: 'batch-cancelled', rows: 30, perSecond: 5 },
    act: async ({ order, startOf }) => {
      await startOf(3);
      await order('cancel');
    },
  },
  {
    ...{ name: 'batch-paused-for-ever', rows: 30, perSecond: 5 },
    act: async ({ order, startOf }) => {
      await startOf(2);
      await order('pause');
    },
  },
  {
    ...{ name: 'batch-approved-put-off-and-funded', rows: 3 },
    gate: (atMs) => ({
      ...{ requester: 'anna', approval: APPROVAL, schedule: { executeAtMs: atMs + 2 * DAY_MS } },
      limits: [claim('batches', 1_000, 'refuse')],
    }),
    act: async ({ update, acceptedAtMs }) => {
      await update(approve('bert'));
      await update(approve('carl'));
      await update({ action: 'reschedule', actor: 'ada', schedule: { executeAtMs: acceptedAtMs + 3 * DAY_MS } });
    },
  },
  { name: 'batch-not-approved', rows: 3, gate: () => ({ requester: 'anna', approval: APPROVAL }) },
  {
    ...{ name: 'batch-waits-for-a-limit', rows: 3 },
    taken: claim('waiting', 600, 'wait'),
    gate: () => ({ requester: 'anna', limits: [claim('waiting', 600, 'wait')] }),
  },
  {
    ...{ name: 'batch-refused-by-a-limit', rows: 3 },
    gate: () => ({ requester: 'anna', limits: [claim('batches', 1_001, 'refuse')] }),
  },
];

/** The memo is written when the activity has returned. */
async function untilPaused(handle: WorkflowHandle): Promise<void> {
  while ((await handle.describe()).memo?.batchRecord === undefined) await new Promise(setImmediate);
}
