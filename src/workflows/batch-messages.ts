import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BatchOrder, BatchRecord, BatchState, BatchTerms } from '../domain/batch';
import type { Cleared } from '../domain/batch-gate';
import type { BatchProgress } from '../domain/batch-progress';
import type { Gate } from '../domain/gate';
import type { PayoutInput } from './messages';

/** The contract of the workflows of a batch with their clients and activities. No handler code. */
export const BATCH_WORKFLOW_TYPE = 'batch';
export const BATCH_PART_WORKFLOW_TYPE = 'batchPart';
/** The long activities of batches: in slots of their own, so that no other work waits for a batch. */
export const BATCHES_TASK_QUEUE = 'batches';

const batchIdPrefix = 'batch:';

export function batchWorkflowId(batchId: string): string {
  return `${batchIdPrefix}${batchId}`;
}

/** Null for a workflow that is no batch. */
export function batchIdOf(workflowId: string): string | null {
  return workflowId.startsWith(batchIdPrefix) ? workflowId.slice(batchIdPrefix.length) : null;
}

/** What never changes of a batch: its memo, read by describing it. No account data. */
export interface BatchHead extends BatchTerms {
  readonly batchId: string;
  /** Whose batch it is; absent for the default tenant. */
  readonly tenant?: string;
  /** The name of the caller, never a key. */
  readonly by: string;
  /** When it was asked to start, as the caller wrote it. */
  readonly asked?: { readonly executeAt?: string; readonly timeZone?: string };
  /** Over which its rows are paid; a key that may not use all of them may not act on it. */
  readonly endpoints?: readonly string[];
  readonly totals: readonly { readonly currency: string; readonly count: number; readonly amount: string }[];
  /** Rows whose start is under way at once, and rows a second. */
  readonly window: number;
  readonly perSecond: number;
  /** The workflows that hold its rows. Their ids are new for each request: what an earlier one left behind is never taken up. */
  readonly parts: readonly string[];
}

export interface BatchInput {
  readonly head: BatchHead;
  /** What is not started by then is not started. */
  readonly untilMs: number;
}

/** A row, checked and ready to be started. Account data: stored encrypted. */
export interface BatchRow {
  readonly row: number;
  readonly input: Omit<PayoutInput, 'acceptedAtMs' | 'policy'>;
  readonly fingerprint: string;
  readonly destinationHash: string | null;
  /** What it waits for instead if the same amount was asked for to the same destination so long ago. */
  readonly hold?: { readonly withinMs: number; readonly gate: Gate };
}

/** Rows in one payload, and the policies of their endpoints by name. Open until the batch has done with it, or until `untilMs`. */
export interface BatchPartInput {
  readonly rows: readonly BatchRow[];
  readonly policies: Readonly<Record<string, PayoutInput['policy']>>;
  readonly untilMs: number;
}

/** The input of the activity that starts rows, and of the one that cancels what was started and not sent. */
export interface StartRows {
  readonly head: BatchHead;
  readonly progress: BatchProgress;
  readonly untilMs: number;
  /** Only of a batch that did not start at once. */
  readonly cleared?: Cleared;
}
export interface CancelRows {
  readonly head: BatchHead;
  readonly progress: BatchProgress;
  readonly order: BatchOrder;
}

/** The same act, answered by what the batch decides; needs a worker. */
export const batchUpdate = defineUpdate<BatchRecord, [BatchOrder]>('batchAct');
export const BATCH_ORDER_REFUSED = 'BatchOrderRefused';
/** Durable with no worker running. */
export const batchOrderSignal = defineSignal<[BatchOrder]>('batchOrder');
export const releasePartSignal = defineSignal('release');
/** The memo of a batch: its head; and a BatchRecord as of the last change of state. While rows are started the heartbeat is newer. */
export const MEMO_BATCH = 'batch';
export const MEMO_BATCH_RECORD = 'batchRecord';

/** The search attribute of a batch's state: payouts have the same, of another workflow type. */
export function batchState(state: BatchState): string {
  return `batch_${state}`;
}
