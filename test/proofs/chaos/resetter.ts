import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../../support/stack';
import { connectClient } from '../../support/temporal-client';
import type { PlannedReset, ResetKind } from './plan';
import type { RunContext } from './run-context';

export interface Resetter {
  /** Plays the resets that are planned until `isOver`; each waits for a payout of its kind. */
  readonly play: (
    resets: readonly PlannedReset[],
    clock: { readonly nowMs: () => number; readonly isOver: () => boolean },
  ) => Promise<void>;
  /** Payouts that were reset, with the id of each run that a reset began. */
  readonly runsOf: () => ReadonlyMap<string, readonly string[]>;
  /** Payouts that the run after a reset had sent: none may be. Read from the last run. */
  readonly findSenders: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

interface ResetterOptions {
  readonly stack: Stack;
  readonly faults: RunContext['faults'];
  /** Every payout that was asked for. */
  readonly known: () => readonly string[];
}

type HistoryEvent = Parameters<typeof sendsAfterReset>[0][number];

/** How many create calls this run scheduled after the last reset it knows of. */
export function sendsAfterReset(
  events: readonly {
    readonly workflowTaskFailedEventAttributes?: { readonly newRunId?: string | null } | null;
    readonly activityTaskScheduledEventAttributes?: {
      readonly activityType?: { readonly name?: string | null } | null;
    } | null;
  }[],
): number {
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
export async function createResetter({ stack, faults, known }: ResetterOptions): Promise<Resetter> {
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
    faults.add(`reset: ${kind}`);
    faults.add(`reset in state: ${String(searchAttributes.PayoutState?.[0])}`);
    return true;
  }

  return {
    async play(resets, { nowMs, isOver }) {
      let waiting = [...resets];
      while (waiting.length > 0 && !isOver()) {
        await sleep(LOOK_EVERY_MS);
        const due = waiting.filter(({ atMs }) => atMs <= nowMs());
        if (due.length === 0) continue;
        // The server is killed too: what it does not answer now is tried again.
        const open = await listOpen().catch(() => null);
        if (open === null) continue;
        for (const planned of due) {
          const id = pickOne(candidates(planned.kind, open), planned.payoutPart);
          const isDone = id !== null && (await reset(id, planned).catch(() => null));
          if (isDone === null) faults.add('reset not taken by Temporal');
          if (isDone !== true) continue;
          waiting = waiting.filter((each) => each !== planned);
          // The list is out of date now.
          break;
        }
      }
    },
    runsOf: () => runs,
    async findSenders() {
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
