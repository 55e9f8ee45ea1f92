import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../../support/stack';
import { connectClient } from '../../support/temporal-client';
import type { PlannedReset, ResetKind } from './plan';

export type Resetter = Awaited<ReturnType<typeof createResetter>>;

/** What is read of an event of a history. */
interface HistoryEvent {
  readonly workflowTaskFailedEventAttributes?: { newRunId?: string | null } | null;
  readonly activityTaskScheduledEventAttributes?: { activityType?: { name?: string | null } | null } | null;
}

/** How many create calls this run scheduled after the last reset it knows of. */
export function sendsAfterReset(events: readonly HistoryEvent[]): number {
  const last = events.findLastIndex(({ workflowTaskFailedEventAttributes: failed }) => Boolean(failed?.newRunId));
  const isSend = ({ activityTaskScheduledEventAttributes: scheduled }: HistoryEvent) =>
    scheduled?.activityType?.name === 'submitPayout';
  return last === -1 ? 0 : events.slice(last).filter(isSend).length;
}

const LOOK_EVERY_MS = 500;
const OPEN_PAYOUTS = "WorkflowType = 'payout' AND ExecutionStatus = 'Running'";
/** One of the items by a number from 0 (inclusive) to 1 (exclusive); null when there is none. */
const pickOne = <T>(items: readonly T[], part: number): T | null => items[Math.floor(part * items.length)] ?? null;

/** Resets payouts as an operator with the CLI does: past the product, at events of the server's own record. */
export async function createResetter(
  stack: Stack,
  {
    addFault,
    known,
  }: { addFault: (kind: string) => void /** Every payout that was asked for. */; known: () => readonly string[] },
) {
  const { connection, workflow, workflowService } = await connectClient(stack);
  const runs = new Map<string, string[]>();

  async function listOpen(): Promise<Map<string, unknown>> {
    const open = new Map<string, unknown>();
    for await (const { workflowId, searchAttributes } of workflow.list({ query: OPEN_PAYOUTS }))
      open.set(workflowId.replace(/^payout:/, ''), searchAttributes.PayoutState?.[0]);
    return open;
  }

  function candidates(kind: ResetKind, open: ReadonlyMap<string, unknown>): string[] {
    if (kind === 'again') return [...runs.keys()];
    if (kind === 'closed') return known().filter((id) => !open.has(id));
    return [...open].filter(([, state]) => state === kind).map(([id]) => id);
  }

  /** False when the payout is no longer what was looked for, or the server takes no reset now. */
  async function reset(clientOrderId: string, { kind, eventPart }: PlannedReset): Promise<boolean> {
    const workflowId = `payout:${clientOrderId}`;
    const { runId, status, searchAttributes } = await workflow.getHandle(workflowId).describe();
    const isClosed = status.name === 'COMPLETED';
    const isMeant =
      kind === 'again' ? runs.get(clientOrderId)?.includes(runId) : kind === 'closed' ? isClosed : !isClosed;
    const { events } = await workflow.getHandle(workflowId, runId).fetchHistory();
    const points = (events ?? []).filter(
      (event) => event.workflowTaskStartedEventAttributes || event.workflowTaskCompletedEventAttributes,
    );
    const point = pickOne(points, eventPart);
    if (!isMeant || point === null) return false;
    const { runId: nextRunId } = await workflowService.resetWorkflowExecution({
      namespace: stack.namespace,
      workflowExecution: { workflowId, runId },
      reason: 'fault run',
      requestId: randomUUID(),
      workflowTaskFinishEventId: point.eventId,
    });
    runs.set(clientOrderId, [...(runs.get(clientOrderId) ?? []), nextRunId]);
    addFault(`reset: ${kind}`);
    addFault(`reset in state: ${String(searchAttributes.PayoutState?.[0])}`);
    return true;
  }

  return {
    /** Plays the resets that are planned until `endMs` of a clock; each waits for a payout of its kind. */
    async play(resets: readonly PlannedReset[], { nowMs, endMs }: { nowMs: () => number; endMs: number }) {
      let waiting = [...resets];
      while (waiting.length > 0 && nowMs() < endMs) {
        await sleep(LOOK_EVERY_MS);
        const due = waiting.filter(({ atMs }) => atMs <= nowMs());
        if (due.length === 0) continue;
        // The server is killed too: what it does not answer now is tried again.
        const open = await listOpen().catch(() => null);
        if (open === null) continue;
        for (const planned of due) {
          const id = pickOne(candidates(planned.kind, open), planned.payoutPart);
          const isDone = id !== null && (await reset(id, planned).catch(() => null));
          if (isDone === null) addFault('reset not taken by Temporal');
          if (isDone !== true) continue;
          waiting = waiting.filter((each) => each !== planned);
          // The list is out of date now.
          break;
        }
      }
    },
    /** Payouts that were reset, with the id of each run that a reset began. */
    runsOf: (): ReadonlyMap<string, readonly string[]> => runs,
    /** Payouts that the run after a reset had sent: none may be. Read from the last run. */
    async findSenders(): Promise<readonly string[]> {
      const senders: string[] = [];
      for (const clientOrderId of runs.keys()) {
        const { events = [] } = await workflow.getHandle(`payout:${clientOrderId}`).fetchHistory();
        if (sendsAfterReset(events ?? []) > 0) senders.push(clientOrderId);
      }
      return senders;
    },
    close: () => connection.close(),
  };
}
