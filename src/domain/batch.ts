/** `started`: every row was started or has failed; the end of each payout is in its own record. */
export const BATCH_STATES = ['running', 'paused', 'cancelled', 'started'] as const;
export type BatchState = (typeof BATCH_STATES)[number];

export const BATCH_ACTIONS = ['pause', 'resume', 'cancel'] as const;
export type BatchAction = (typeof BATCH_ACTIONS)[number];

/** Why a row became no payout. `refused`: what was checked when the batch was taken holds no more. */
export const ROW_FAILURES = ['client_order_id_taken', 'refused'] as const;
export type RowFailure = (typeof ROW_FAILURES)[number];

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

/** One act of a person on a batch, done once for its id. */
export interface BatchOrder {
  readonly id: string;
  readonly action: BatchAction;
  readonly actor: string;
  readonly reason: string;
}

/** What is recorded of a batch beside what never changes. */
export interface BatchRecord {
  readonly state: BatchState;
  readonly progress: BatchProgress;
  readonly acts: readonly (BatchOrder & { readonly atMs: number })[];
}

export const OPEN_BATCH: BatchRecord = { state: 'running', progress: NOT_BEGUN, acts: [] };

/** So many acts a batch takes; to cancel it is always possible. */
export const MOST_BATCH_ACTS = 50;

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

/** True when the act is one of those that the batch records. */
export function isOrderDone({ acts }: BatchRecord, { id }: Pick<BatchOrder, 'id'>): boolean {
  return acts.some((act) => act.id === id);
}

/** What a batch must be for an act; null when it may be done. */
export function refuseBatchOrder(record: BatchRecord, order: BatchOrder): string | null {
  if (isOrderDone(record, order)) return null;
  const { state, acts } = record;
  if (state === 'cancelled' || state === 'started')
    return 'a batch whose rows are not all started, and that is not cancelled';
  if (order.action === 'cancel') return null;
  if (acts.length >= MOST_BATCH_ACTS) return `a batch with fewer than ${MOST_BATCH_ACTS} acts`;
  if (order.action === 'pause') return state === 'running' ? null : 'a batch that is running';
  return state === 'paused' ? null : 'a batch that is paused';
}

const STATE_AFTER = { pause: 'paused', resume: 'running', cancel: 'cancelled' } as const satisfies Readonly<
  Record<BatchAction, BatchState>
>;

/** The record after an act; the same when it was done already, or is refused. */
export function takeBatchOrder(record: BatchRecord, order: BatchOrder, atMs: number): BatchRecord {
  if (isOrderDone(record, order) || refuseBatchOrder(record, order) !== null) return record;
  return { ...record, state: STATE_AFTER[order.action], acts: [...record.acts, { ...order, atMs }] };
}

/** The record after rows were started: all of them, or as many as there was time for. */
export function takeProgress(record: BatchRecord, progress: BatchProgress, rows: number): BatchRecord {
  const isOver = record.state !== 'cancelled' && progress.next > rows;
  return { ...record, progress, state: isOver ? 'started' : record.state };
}

/** True for a value that has the shape of an order: a signal may be sent by hand. */
export function isBatchOrder(value: unknown): value is BatchOrder {
  const order = (value ?? {}) as Readonly<Record<string, unknown>>;
  const areTexts = [order.id, order.actor, order.reason].every((text) => typeof text === 'string' && text !== '');
  return areTexts && BATCH_ACTIONS.some((action) => action === order.action);
}

/** True for what one of our heartbeats holds. */
export function isBatchProgress(value: unknown): value is BatchProgress {
  const { next, failed } = (value ?? {}) as Partial<BatchProgress>;
  return Number.isInteger(next) && Number(next) >= 1 && Array.isArray(failed);
}
