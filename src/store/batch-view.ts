import { approvalUntil } from '../domain/batch';
import { countFailed } from '../domain/batch-progress';
import { tenantOf } from '../domain/tenants';
import type { BatchReading } from './batches';

/** How the payouts of a batch stand. */
interface BatchCounts {
  readonly made: number;
  readonly open: number;
  readonly inReview: number;
  readonly paid: number;
}

/** A batch as callers see it. */
export function viewBatch({ head, record, isOpen, attempts }: BatchReading, counted: BatchCounts | null = null) {
  const { batchId, rows, totals, perSecond, window, by, acceptedAtMs, contentHash } = head;
  const { progress, acts } = record;
  const isOver = record.state === 'started' || record.state === 'cancelled';
  const state = isOpen || isOver ? record.state : ('stopped' as const);
  const failed = countFailed(progress);
  const started = progress.next - 1 - failed;
  const isMade = counted !== null && (isOver || state === 'stopped') && counted.made >= started;
  return {
    ...{ batchId, tenant: tenantOf(head), state, rows, started, failed, left: rows + 1 - progress.next, contentHash },
    ...{ totals: totals.map((each) => ({ ...each })), perSecond, window, by, attempts },
    ...viewBatchGate({ head, record }),
    createdAt: iso(acceptedAtMs),
    acts: acts.map(({ action, actor, reason, atMs }) => ({ action, actor, reason, at: iso(atMs) })),
    payouts: counted,
    isSettled: counted === null ? null : isMade && counted.open <= counted.inReview,
  };
}

/** What has to happen before the first row. */
export function viewBatchGate({
  head,
  record: { state, gate },
}: {
  readonly head: Omit<BatchReading['head'], 'parts'>;
  readonly record: BatchReading['record'];
}) {
  const { approval, requester, isBlocked } = head.gate ?? {};
  const { schedule, limit, approvedBy = [] } = gate ?? {};
  const untilMs = approvalUntil(head);
  const isAwaiting = state === 'awaiting_approval';
  return {
    attention: isAwaiting && isBlocked ? ('approval_blocked' as const) : state === 'limit_reached' ? state : null,
    approval:
      approval === undefined
        ? null
        : {
            ...{ rules: [...approval.rules], needed: approval.needed, approvedBy: [...approvedBy] },
            ...{ requestedBy: requester ?? head.by, until: isAwaiting && untilMs !== null ? iso(untilMs) : null },
          },
    executeAt: schedule === undefined ? null : iso(schedule.executeAtMs),
    movedFrom: schedule?.moved === undefined ? null : iso(schedule.moved.fromMs),
    movedBecause: schedule?.moved?.because ?? null,
    waitsForLimit: limit !== undefined && 'rule' in limit && state === 'limit_reached' ? limit.rule : null,
  };
}

const iso = (ms: number) => new Date(ms).toISOString();
