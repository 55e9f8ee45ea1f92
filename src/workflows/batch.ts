import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
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
import type { LimitActivities } from '../activities/limit-activities';
import {
  applyBatchClock,
  applyFunds,
  type BatchOrder,
  type BatchRecord,
  batchAlarm,
  batchUntil,
  cancelBy,
  isBatchOver,
  isFunded,
  needsFunds,
  openBatch,
  TIME_IS_OVER,
  takeProgress,
} from '../domain/batch';
import { batchHoldId } from '../domain/batch-gate';
import { isBatchOrder, refuseBatchOrder, takeBatchOrder } from '../domain/batch-orders';
import { type BatchProgress, countFailed, isBatchProgress } from '../domain/batch-progress';
import {
  BATCH_ORDER_REFUSED,
  BATCHES_TASK_QUEUE,
  type BatchInput,
  type BatchPartInput,
  batchOrderSignal,
  batchState,
  batchUpdate,
  MEMO_BATCH_RECORD,
  releasePartSignal,
} from './batch-messages';
import { searchAttributes } from './messages';
import { limitOptions } from './policies';

/**
 * One batch. A single activity starts its rows, however many there are: where it is stands in its heartbeat, so that this history does
 * not grow with the rows. To pause or cancel ends the activity, which returns how far it came.
 */
export async function batch(input: BatchInput): Promise<BatchRecord> {
  // A cancellation from outside is no act on the batch.
  return await CancellationScope.nonCancellable(() => run(input));
}

async function run({ head, untilMs: givenMs }: BatchInput): Promise<BatchRecord> {
  let record = openBatch(head);
  let published = record;
  let starting: CancellationScope | null = null;
  let hasBegun = false;
  setHandler(batchOrderSignal, (order) => {
    if (!isBatchOrder(order)) return log.error('a signal that is no act on a batch was ignored');
    take(order);
  });
  setHandler(
    batchUpdate,
    (order) => {
      take(order);
      return record;
    },
    { validator: (order) => admit(order) },
  );
  function admit(order: unknown): void {
    const refusal = isBatchOrder(order) ? refuseBatchOrder(record, order, head) : 'malformed';
    if (refusal !== null) throw ApplicationFailure.nonRetryable(refusal, BATCH_ORDER_REFUSED);
  }
  function take(order: BatchOrder): void {
    become(takeBatchOrder(record, order, { terms: head, atMs: Date.now() }));
  }
  function become(next: BatchRecord): void {
    record = next;
    publish();
    if (record.state !== 'running') starting?.cancel();
  }
  /** Of one that waited, later than of one that started at once. */
  const endsAt = () => Math.max(givenMs, record.gate === undefined ? 0 : batchUntil(record, head));
  const ring = () => become(applyBatchClock(record, head, { untilMs: endsAt(), atMs: Date.now() }));
  const activities = proxyActivities<BatchActivities>({
    taskQueue: BATCHES_TASK_QUEUE,
    startToCloseTimeout: LONGEST_MS,
    heartbeatTimeout: HEARTBEAT_MS,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
  const limits = proxyActivities<LimitActivities>(limitOptions());
  const funds = { id: batchHoldId(head.batchId), claims: head.gate?.limits ?? [] };

  while (!isBatchOver(record.state)) {
    publish();
    const alarmMs = batchAlarm(record, head, endsAt());
    if (alarmMs !== null) {
      const before = record;
      const isNews = await condition(() => record !== before, Math.max(1, alarmMs - Date.now()));
      if (!isNews) ring();
      continue;
    }
    if (needsFunds(record, head)) {
      const answer = await limits.fundBatch(funds).catch(() => null);
      become(applyFunds(record, answer, { terms: head, atMs: Date.now() }));
      continue;
    }
    const scope = new CancellationScope();
    starting = scope;
    hasBegun = true;
    const { progress, gate } = record;
    const untilMs = endsAt();
    const cleared = gate && { cleared: { approvedBy: gate.approvedBy, isFunded: isFunded(gate) } };
    const reached = await scope
      .run(() => activities.startRows({ head, progress, untilMs, ...cleared }))
      .catch(async (error: unknown) => {
        // Only a cancelled one ends without a result; for any other there is no hurry.
        if (!scope.consideredCancelled) await sleep('1m');
        return lastProgress(error) ?? progress;
      });
    starting = null;
    record = takeProgress(record, reached, head.rows);
    if (record.state === 'running' && Date.now() >= untilMs)
      become(cancelBy(record, { id: 'expired', actor: 'clock', reason: TIME_IS_OVER, atMs: Date.now() }));
  }
  publish();
  const cancelling = record.acts.findLast(({ action }) => action === 'cancel');
  // An attempt that was lost, or failed before it was cancelled, may have started more than is recorded.
  if (record.state === 'cancelled' && cancelling !== undefined && hasBegun) {
    const { progress } = record;
    const reached = await activities.cancelRows({ head, progress, order: cancelling });
    if (isBatchProgress(reached) && reached.next > progress.next) record = { ...record, progress: reached };
    publish();
  }
  if (isFunded(record.gate)) {
    // Of rows that are payouts by now, the last may still have to take their part.
    if (record.state === 'started') await sleep(TAKEN_WITHIN);
    await limits.freeFunds(funds);
  }
  await activities.releaseParts(head.parts);
  return record;

  function publish(): void {
    if (record === published) return;
    published = record;
    upsertMemo({ [MEMO_BATCH_RECORD]: record });
    upsertSearchAttributes([{ key: searchAttributes.state, value: batchState(record.state) }]);
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

/** How long the limits of a batch stay held for the last of its rows. */
const TAKEN_WITHIN = '30s';
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
