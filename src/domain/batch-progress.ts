/** Why a row became no payout. `refused`: what was checked when the batch was taken holds no more. */
export const ROW_FAILURES = ['client_order_id_taken', 'refused'] as const;
export type RowFailure = (typeof ROW_FAILURES)[number];

/** What is found of a row that is to be cancelled: its payout, that of another under its id, or none. */
export type RowFound = 'done' | 'taken' | 'unknown';

/** Rows from one to another, both included, that failed for one reason: a file that is sent again under another id is one entry. */
export interface FailedRows {
  readonly from: number;
  readonly to: number;
  readonly why: RowFailure;
}

/** How far a batch is. Rows count from 1; every row before `next` is decided, and no row after it is counted. JSON-safe. */
export interface BatchProgress {
  readonly next: number;
  readonly failed: readonly FailedRows[];
}

export const NOT_BEGUN: BatchProgress = { next: 1, failed: [] };

/** The progress after the next row. `why` is null for a row that is a payout now. */
export function passRow({ next, failed }: BatchProgress, why: RowFailure | null): BatchProgress {
  if (why === null) return { next: next + 1, failed };
  const last = failed.at(-1);
  const isSame = last?.why === why && last.to === next - 1;
  return {
    next: next + 1,
    failed: isSame ? [...failed.slice(0, -1), { ...last, to: next }] : [...failed, { from: next, to: next, why }],
  };
}

export function countFailed({ failed }: BatchProgress): number {
  return failed.reduce((count, { from, to }) => count + to - from + 1, 0);
}

/** Why a row failed; null for one that did not, or whose turn has not come. */
export function failureOf({ failed }: BatchProgress, row: number): RowFailure | null {
  return failed.find(({ from, to }) => from <= row && row <= to)?.why ?? null;
}

/** True for what a heartbeat of ours holds. */
export function isBatchProgress(value: unknown): value is BatchProgress {
  const { next, failed } = (value ?? {}) as Partial<BatchProgress>;
  return Number.isInteger(next) && Number(next) >= 1 && Array.isArray(failed);
}
