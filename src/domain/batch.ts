import type { BatchGate, BatchGateRecord } from './batch-gate';
import { type BatchProgress, NOT_BEGUN } from './batch-progress';
import type { Schedule } from './gate';
import type { HoldAnswer } from './limits';

/** Before the first row: it waits for approvals, for its time, or for room in a limit. */
const WAITING_STATES = ['awaiting_approval', 'scheduled', 'limit_reached'] as const;
/** `started`: every row was started or has failed; the end of each payout is in its own record. */
const OVER_STATES = ['cancelled', 'started'] as const;
export const BATCH_STATES = [...WAITING_STATES, 'running', 'paused', ...OVER_STATES] as const;
export type BatchState = (typeof BATCH_STATES)[number];

export const BATCH_ACTIONS = ['pause', 'resume', 'cancel', 'approve', 'reject', 'reschedule'] as const;
export type BatchAction = (typeof BATCH_ACTIONS)[number];

/** One act of a person on a batch, done once for its id. */
export type BatchOrder = {
  readonly id: string;
  readonly actor: string;
  readonly reason: string;
  /** Who is behind the actor; absent when it is named like the actor. */
  readonly person?: string;
} & (
  | { readonly action: 'pause' | 'resume' | 'cancel' | 'reject' }
  /** What was seen; and the next banking day, of an approval after the cut-off. */
  | { readonly action: 'approve'; readonly contentHash: string; readonly notBefore?: Schedule }
  | { readonly action: 'reschedule'; readonly schedule: Schedule }
);

/** What never changes of a batch, as far as it decides what may be done with it. */
export interface BatchTerms {
  /** Keyed hash of the rows, in order. */
  readonly contentHash: string;
  readonly rows: number;
  readonly acceptedAtMs: number;
  readonly gate?: BatchGate;
}

/** What is recorded of a batch beside what never changes. JSON-safe. */
export interface BatchRecord {
  readonly state: BatchState;
  readonly progress: BatchProgress;
  readonly acts: readonly (BatchOrder & { readonly atMs: number })[];
  /** Only of a batch that did not start at once. */
  readonly gate?: BatchGateRecord;
}

export const OPEN_BATCH: BatchRecord = { state: 'running', progress: NOT_BEGUN, acts: [] };

/** What is not started so long after a batch could start is not started. */
export const BATCH_TIME_MS = 14 * 86_400_000;
/** Until when a batch may be put off. Its rows are kept for it. */
export const MOST_BATCH_AHEAD_MS = 366 * 86_400_000;
/** A limit without room is asked again so often: what others do not pay is free before the next period. Each try adds events. */
const TRIED_EVERY_MS = 6 * 3_600_000;

export const TIME_IS_OVER = 'the time of the batch is over';

/** The record of a batch just taken. */
export function openBatch(terms: BatchTerms): BatchRecord {
  const { gate, acceptedAtMs } = terms;
  if (gate === undefined) return OPEN_BATCH;
  const { schedule } = gate;
  const opened = { ...OPEN_BATCH, gate: { approvedBy: [], ...(schedule && { schedule }) } };
  return { ...opened, state: waitingStateAt(opened.gate, gate, acceptedAtMs) };
}

/** Where a batch is on its way to its first row. */
function waitingStateAt(gate: BatchGateRecord, terms: BatchGate, atMs: number): BatchState {
  const { approvedBy, schedule, limit } = gate;
  if (terms.approval !== undefined && approvedBy.length < terms.approval.needed) return 'awaiting_approval';
  if (atMs < (schedule?.executeAtMs ?? 0)) return 'scheduled';
  return limit !== undefined && 'nextTryAtMs' in limit && atMs < limit.nextTryAtMs ? 'limit_reached' : 'running';
}

export function isBatchOver(state: BatchState): boolean {
  return OVER_STATES.some((each) => each === state);
}

/** True before the first row, while the batch waits. */
export function isBatchWaiting(state: BatchState): boolean {
  return WAITING_STATES.some((each) => each === state);
}

/** True while no row may start, because the sum of the batch is not held. */
export function needsFunds({ gate }: BatchRecord, terms: BatchTerms): boolean {
  return terms.gate?.limits !== undefined && !isFunded(gate);
}

export function isFunded(gate: BatchGateRecord | undefined): boolean {
  return gate?.limit !== undefined && 'heldAtMs' in gate.limit;
}

/** When the time for approvals ends; null when none are asked for. */
export function approvalUntil({ gate, acceptedAtMs }: BatchTerms): number | null {
  return gate?.approval === undefined ? null : acceptedAtMs + gate.approval.expiresInMs;
}

/** What is not started by then is not started. */
export function batchUntil({ gate }: Pick<BatchRecord, 'gate'>, terms: BatchTerms): number {
  const starts = [terms.acceptedAtMs, gate?.schedule?.executeAtMs ?? 0, approvalUntil(terms) ?? 0];
  return Math.max(...starts) + BATCH_TIME_MS;
}

/** When the clock acts on a batch next; null while its rows are started, or nothing is to come. */
export function batchAlarm(record: BatchRecord, terms: BatchTerms, untilMs: number): number | null {
  const { state, gate } = record;
  switch (state) {
    case 'awaiting_approval':
      return approvalUntil(terms);
    case 'scheduled':
      return gate?.schedule?.executeAtMs ?? terms.acceptedAtMs;
    case 'limit_reached':
      return Math.min(untilMs, gate?.limit !== undefined && 'nextTryAtMs' in gate.limit ? gate.limit.nextTryAtMs : 0);
    case 'paused':
      return untilMs;
    case 'running':
    case 'cancelled':
    case 'started':
      return null;
  }
}

/** The record after its alarm. */
export function applyBatchClock(
  record: BatchRecord,
  terms: BatchTerms,
  at: { untilMs: number; atMs: number },
): BatchRecord {
  const { atMs, untilMs } = at;
  const alarm = batchAlarm(record, terms, untilMs);
  if (alarm === null || atMs < alarm) return record;
  const expire = (reason: string) => cancelBy(record, { id: 'expired', actor: 'clock', reason, atMs });
  if (record.state === 'awaiting_approval') return expire('the time for approvals is over');
  return atMs >= untilMs ? expire(TIME_IS_OVER) : advanceBatch(record, terms, atMs);
}

/** What came of the hold of its sum; null when the call itself was lost, which is tried again. */
export function applyFunds(
  record: BatchRecord,
  answer: HoldAnswer | null,
  { terms, atMs }: { readonly terms: BatchTerms; readonly atMs: number },
): BatchRecord {
  const { gate } = record;
  if (gate === undefined) return record;
  if (answer?.outcome === 'held') return { ...record, gate: { ...gate, limit: { heldAtMs: atMs } } };
  if (record.state !== 'running') return record;
  if (answer?.over === 'refuse') {
    const reason = `limit_reached: the limit of rule ${answer.rule} has no room for the whole batch`;
    return cancelBy(record, { id: 'limit', actor: 'policy', reason, atMs });
  }
  const nextTryAtMs = Math.min(answer?.untilMs ?? Number.POSITIVE_INFINITY, atMs + TRIED_EVERY_MS);
  return advanceBatch({ ...record, gate: { ...gate, limit: { nextTryAtMs, rule: answer?.rule ?? '' } } }, terms, atMs);
}

/** An end that no person made. */
export function cancelBy(
  record: BatchRecord,
  by: Pick<BatchRecord['acts'][number], 'id' | 'actor' | 'reason' | 'atMs'>,
): BatchRecord {
  return { ...record, state: 'cancelled', acts: [...record.acts, { ...by, action: 'cancel' }] };
}

/** The batch as far on its way to its first row as its gate lets it be. */
export function advanceBatch(record: BatchRecord, { gate: terms }: BatchTerms, atMs: number): BatchRecord {
  const { gate } = record;
  return gate === undefined || terms === undefined ? record : { ...record, state: waitingStateAt(gate, terms, atMs) };
}

/** The record after rows were started: all of them, or as many as there was time for. */
export function takeProgress(record: BatchRecord, progress: BatchProgress, rows: number): BatchRecord {
  const isOver = record.state !== 'cancelled' && progress.next > rows;
  return { ...record, progress, state: isOver ? 'started' : record.state };
}
