import { setTimeout } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { BatchOrder } from '../domain/batch';
import { type BatchProgress, isBatchProgress, passRow, type RowFailure, type RowFound } from '../domain/batch-progress';
import type { BatchHead, BatchRow, CancelRows, StartRows } from '../workflows/batch-messages';
import { handedOver } from './failures';

/** What a batch does with payouts: the same as a caller and an operator, with the same results. */
export interface BatchDeps {
  /** The rows of a part. @throws when they cannot be read: the batch then waits */
  readonly readPart: (part: string) => Promise<{ readonly rows: readonly BatchRow[]; start: StartRow }>;
  /** The hash of the rows as they are stored. */
  readonly hashContent: (head: BatchHead) => Promise<string>;
  readonly cancelRow: (row: BatchRow, order: BatchOrder) => Promise<RowFound>;
  readonly releasePart: (part: string) => Promise<void>;
  readonly now?: () => number;
  /** By this clock it is seen that the process was frozen. */
  readonly frozenBy?: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
  /** Aborted when this process stops: another one continues at once. */
  readonly stopping: AbortSignal;
}

/** Starts a row, once however often it is called. Null: it is a payout now, or was one already. */
type StartRow = (row: BatchRow, batch: Pick<StartRows, 'head' | 'cleared'>) => Promise<RowFailure | null>;

export type BatchActivities = ReturnType<typeof createBatchActivities>;

/** The long activities of batches. */
export function createBatchActivities(deps: BatchDeps) {
  const { readPart, hashContent, cancelRow, releasePart, now = Date.now, pause = setTimeout, stopping } = deps;
  const { frozenBy = Date.now } = deps;

  async function* readRows(parts: readonly string[], from: number) {
    for (const part of parts) {
      const { rows, start } = await readPart(part);
      for (const row of rows) if (row.row >= from) yield { row, start };
    }
  }

  return {
    /**
     * Starts rows in order, `window` of them side by side and `perSecond` a second, and returns how far it came. A row is decided once
     * all before it are: an attempt that follows a lost one begins with the first that may not be, and finds done what was done.
     */
    async startRows({ head, progress: given, untilMs, cleared }: StartRows): Promise<BatchProgress> {
      const context = Context.current();
      const { heartbeatDetails } = context.info;
      let progress = isBatchProgress(heartbeatDetails) ? heartbeatDetails : given;
      // Also of rows that cannot be read.
      if (now() >= untilMs) return progress;
      const wasFrozen = createFreezeWatch(frozenBy);
      const heartbeat = setInterval(() => {
        wasFrozen();
        context.heartbeat(progress);
      }, HEARTBEAT_EVERY_MS);
      const isStopped = () => stopping.aborted || context.cancellationSignal.aborted || wasFrozen();
      const mayGoOn = () => !isStopped() && now() < untilMs;
      const underWay: { readonly starting: Promise<unknown>; readonly passed: Promise<void> }[] = [];
      /** Rows are passed in their order, each as soon as it can be; what fails is thrown when its turn comes. */
      let passed = Promise.resolve();
      try {
        // What is paid is what was approved.
        if (head.gate?.approval !== undefined && (await hashContent(head)) !== head.contentHash)
          throw ApplicationFailure.create({ message: 'expected the rows that were approved', type: 'BatchChanged' });
        let dueMs = now();
        let tookMs = 0;
        for await (const { row, start } of readRows(head.parts, progress.next)) {
          if (underWay.length >= head.window) await underWay[0]?.passed;
          while (mayGoOn() && now() < dueMs) await pause(Math.min(dueMs - now(), HEARTBEAT_EVERY_MS));
          if (!mayGoOn()) break;
          dueMs = Math.max(dueMs, now() - HEARTBEAT_EVERY_MS) + gapAfter(tookMs, head.perSecond);
          const startedAtMs = now();
          const starting = start(row, { head, ...(cleared && { cleared }) }).finally(() => {
            tookMs = now() - startedAtMs;
          });
          starting.catch(() => undefined);
          passed = passed.then(async () => {
            progress = passRow(progress, await starting);
            void underWay.shift();
          });
          passed.catch(() => undefined);
          underWay.push({ starting, passed });
        }
        await passed;
      } finally {
        await Promise.allSettled(underWay.map(({ starting }) => starting));
        context.heartbeat(progress);
        clearInterval(heartbeat);
      }
      if (progress.next > head.rows || now() >= untilMs || isWanted(context)) return progress;
      throw handedOver();
    },

    /**
     * Asks every payout of the batch to be cancelled, as an operator would: one that was sent refuses. Returns how far the batch had come:
     * what an attempt did that was lost is found here.
     */
    async cancelRows({ head, progress, order }: CancelRows): Promise<BatchProgress> {
      const context = Context.current();
      const { row: first, reached: known } = (context.info.heartbeatDetails ?? {}) as Partial<Cancelled>;
      let reached = known ?? progress;
      let unknown = 0;
      for await (const { row } of readRows(head.parts, first ?? 1)) {
        if (stopping.aborted) throw handedOver();
        context.heartbeat({ row: row.row, reached } satisfies Cancelled);
        const found = await cancelRow(row, order);
        if (row.row === reached.next && found !== 'unknown')
          reached = passRow(reached, found === 'taken' ? 'client_order_id_taken' : null);
        // Beyond what is recorded there may be rows of an attempt that was lost: no more side by side than the window.
        if (found !== 'taken') unknown = found === 'unknown' ? unknown + 1 : 0;
        if (row.row >= progress.next && unknown > head.window) break;
      }
      return reached;
    },

    /** The parts are not needed any more. */
    async releaseParts(parts: readonly string[]): Promise<void> {
      for (const part of parts) await releasePart(part);
    },
  };
}

const HEARTBEAT_EVERY_MS = 1_000;
/** Of the time, a batch takes one part in so many for itself: where starts become slow, others are waiting. */
const OTHERS_PARTS = 20;
const LONGEST_GAP_MS = 1_000;

/** A heartbeat of one that cancels rows. */
interface Cancelled {
  readonly row: number;
  readonly reached: BatchProgress;
}

/** Less than what a heartbeat may be late. */
const FROZEN_MS = 10_000;

/** True from when this process was seen to have stood still: the batch may be cancelled, and be started elsewhere. */
function createFreezeWatch(clock: () => number): () => boolean {
  let [seenAtMs, wasFrozen] = [clock(), false];
  return () => {
    const nowMs = clock();
    wasFrozen ||= nowMs - seenAtMs > FROZEN_MS;
    seenAtMs = nowMs;
    return wasFrozen;
  };
}

/** The pause between two rows: by the rate, longer while starts are slow, and never longer than a second. */
export function gapAfter(tookMs: number, perSecond: number): number {
  return Math.max(1_000 / perSecond, Math.min(LONGEST_GAP_MS, tookMs * OTHERS_PARTS));
}

/** True when the batch itself ended this: by an act, not by a process that stops or a connection that is lost. */
function isWanted({ cancellationDetails }: Context): boolean {
  return cancellationDetails?.cancelRequested === true;
}
