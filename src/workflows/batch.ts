import { ActivityFailure, TimeoutFailure } from '@temporalio/common';
import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertMemo,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { BatchActivities } from '../activities/batch-activities';
import {
  type BatchOrder,
  type BatchProgress,
  type BatchRecord,
  countFailed,
  isBatchOrder,
  isBatchProgress,
  OPEN_BATCH,
  takeBatchOrder,
  takeProgress,
} from '../domain/batch';
import {
  BATCHES_TASK_QUEUE,
  type BatchInput,
  type BatchPartInput,
  batchOrderSignal,
  MEMO_BATCH_RECORD,
  releasePartSignal,
} from './batch-messages';
import { searchAttributes } from './messages';

/** The search attribute of a batch's state: payouts have the same, of another workflow type. */
const inAttribute = (record: BatchRecord) => `batch_${record.state}`;

/**
 * One batch. A single activity starts its rows, however many there are: where it is stands in its heartbeat, so that this history does
 * not grow with the rows. To pause or cancel ends the activity, which returns how far it came.
 */
export async function batch(input: BatchInput): Promise<BatchRecord> {
  // A cancellation from outside is no act on the batch.
  return await CancellationScope.nonCancellable(() => run(input));
}

async function run({ head, untilMs }: BatchInput): Promise<BatchRecord> {
  let record = OPEN_BATCH;
  let published = record;
  let starting: CancellationScope | null = null;
  setHandler(batchOrderSignal, (order) => {
    if (!isBatchOrder(order)) return log.error('a signal that is no act on a batch was ignored');
    take(order);
  });
  function take(order: BatchOrder): void {
    record = takeBatchOrder(record, order, Date.now());
    publish();
    if (record.state !== 'running') starting?.cancel();
  }
  const isLate = () => Date.now() >= untilMs;
  const activities = proxyActivities<BatchActivities>({
    taskQueue: BATCHES_TASK_QUEUE,
    startToCloseTimeout: LONGEST_MS,
    heartbeatTimeout: HEARTBEAT_MS,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });

  while (record.state === 'running' || record.state === 'paused') {
    publish();
    if (record.state === 'paused') {
      const isNews = await condition(() => record.state !== 'paused', Math.max(1, untilMs - Date.now()));
      if (!isNews) take(EXPIRED);
      continue;
    }
    const scope = new CancellationScope();
    starting = scope;
    const { progress } = record;
    const reached = await scope
      .run(() => activities.startRows({ head, progress, untilMs }))
      .catch(async (error: unknown) => {
        // Only a cancelled one ends without a result; for any other there is no hurry.
        if (!scope.consideredCancelled) await sleep('1m');
        return lastProgress(error) ?? progress;
      });
    starting = null;
    record = takeProgress(record, reached, head.rows);
    if (record.state === 'running' && isLate()) take(EXPIRED);
  }
  publish();
  const cancelling = record.acts.findLast(({ action }) => action === 'cancel');
  if (record.state === 'cancelled' && cancelling !== undefined && record.progress.next > 1)
    await activities.cancelRows({ head, before: record.progress.next, order: cancelling });
  await activities.releaseParts(head.parts);
  return record;

  function publish(): void {
    if (record === published) return;
    published = record;
    upsertMemo({ [MEMO_BATCH_RECORD]: record });
    upsertSearchAttributes([{ key: searchAttributes.state, value: inAttribute(record) }]);
    const { next } = record.progress;
    setCurrentDetails(
      `Batch ${record.state}: ${next - 1} of ${head.rows} rows decided, ${countFailed(record.progress)} of them failed.`,
    );
  }
}

/** How far an attempt came that ended without an answer after it was cancelled; what it did since is found to be done. */
function lastProgress(error: unknown): BatchProgress | null {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const details: unknown = cause instanceof TimeoutFailure ? cause.lastHeartbeatDetails : null;
  return isBatchProgress(details) ? details : null;
}

/** The act of the clock. */
const EXPIRED: BatchOrder = {
  id: 'expired',
  action: 'cancel',
  actor: 'clock',
  reason: 'the time of the batch is over',
};
/** The SDK sends a heartbeat a second at most; a batch whose worker was lost goes on elsewhere after this. */
const HEARTBEAT_MS = 15_000;
/** Longer than any batch may take. */
const LONGEST_MS = 40 * 86_400_000;

/** Rows of a batch, kept until it has done with them: what is open is never forgotten. */
export async function batchPart({ untilMs }: BatchPartInput): Promise<void> {
  let isReleased = false;
  setHandler(releasePartSignal, () => {
    isReleased = true;
  });
  await condition(() => isReleased, Math.max(1, untilMs - Date.now()));
}
