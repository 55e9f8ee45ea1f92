import type { WorkflowService } from '@temporalio/client';
import { decodeTimeoutType } from '@temporalio/common';
import { answerOfLost, type LostCall, submissionOfLost } from '../domain/apply-evidence';
import type { HookAnswer } from '../domain/hook';
import type { HoldAnswer } from '../domain/limits';
import type { OperatorOrder } from '../domain/operator';
import type { StatusAnswer, Submission, WatchResult } from '../domain/order-report';
import type { Payout } from '../domain/payout';
import type { DecodePayloads } from '../temporal/data-converter';
import {
  approversSignal,
  callbackSignal,
  detailsSignal,
  type PayoutInput,
  returnedSignal,
} from '../workflows/messages';
import type { Recorded } from './projection';

type HistoryReply = Awaited<ReturnType<WorkflowService['getWorkflowExecutionHistory']>>;
export type HistoryEvent = NonNullable<NonNullable<HistoryReply['history']>['events']>[number];

/** What a run's history says of its payout. `closed` is null while it is open; `lost` says how it was ended from outside. */
export interface RecordedRun {
  readonly recorded: readonly Recorded[];
  readonly memo: Readonly<Record<string, unknown>>;
  /** Of a run that was reset, the run it began as. */
  readonly runId: string;
  readonly closed: {
    readonly result: Payout | null;
    readonly continuedAsNew: boolean;
    readonly lost: { readonly how: string; readonly atMs: number } | null;
  } | null;
}

type Payloads = { payloads?: Parameters<DecodePayloads>[0] } | null | undefined;
/** The first of some payloads as a value; null when there is none. */
type First = <T>(payloads: Payloads) => Promise<T | null>;

export function readFirstBy(decode: DecodePayloads): First {
  return async <T>(payloads: Payloads) => ((await decode(payloads?.payloads))[0] as T | undefined) ?? null;
}

/** Translates history events, decoding what they carry. Events that say nothing about a payout are left out. */
export async function readRun(events: readonly HistoryEvent[], decode: DecodePayloads): Promise<RecordedRun> {
  const first = readFirstBy(decode);
  const recorded: Recorded[] = [];
  const calls = new Map<string, { name: string; pollingSinceMs: number }>();
  let memo: Record<string, unknown> = {};
  let runId = '';
  let closed: RecordedRun['closed'] = null;
  const completedTasks = findCompletedTasks(events);
  for (const event of events) {
    const atMs = toMs(event.eventTime);
    if (event.workflowExecutionStartedEventAttributes) {
      const { input, memo: fields, originalExecutionRunId } = event.workflowExecutionStartedEventAttributes;
      runId = originalExecutionRunId ?? '';
      const decoded = await first<PayoutInput>(input);
      if (decoded !== null) recorded.push({ type: 'started', input: decoded });
      memo = await decodeMemo(fields?.fields, decode);
    } else if (event.workflowTaskStartedEventAttributes) {
      // A task that timed out or failed is done again, later and by another clock: it applied nothing.
      if (completedTasks.has(event)) recorded.push({ type: 'task_started', atMs });
    } else if (event.workflowTaskFailedEventAttributes?.cause === RESET_WORKFLOW) {
      recorded.push({ type: 'reset', atMs });
    } else if (event.workflowExecutionSignaledEventAttributes) {
      const signalled = await readSignal(event.workflowExecutionSignaledEventAttributes, { atMs, first });
      if (signalled !== null) recorded.push(signalled);
    } else if (event.workflowExecutionUpdateAcceptedEventAttributes) {
      const { acceptedRequest } = event.workflowExecutionUpdateAcceptedEventAttributes;
      const order = await first<OperatorOrder>(acceptedRequest?.input?.args);
      if (order !== null) recorded.push({ type: 'operated', order, atMs });
    } else if (event.activityTaskScheduledEventAttributes) {
      const { activityType, input } = event.activityTaskScheduledEventAttributes;
      const name = activityType?.name ?? '';
      const pollingSinceMs =
        name === 'watchOrder' ? ((await first<{ pollingSinceMs: number }>(input))?.pollingSinceMs ?? 0) : 0;
      calls.set(String(event.eventId), { name, pollingSinceMs });
      if (name === SEND) recorded.push({ type: 'sending', atMs });
    } else if (event.markerRecordedEventAttributes) {
      const { markerName, details, failure } = event.markerRecordedEventAttributes;
      if (markerName !== 'core_local_activity') continue;
      // A confirmation without an answer is asked again by an ordinary activity; a notice has no result.
      const answer = failure ? null : await first<StatusAnswer>(details?.result);
      if (answer !== null)
        recorded.push({ type: 'answered', answer, atMs: readEndMs(details?.data) ?? atMs, isLocal: true });
    } else {
      const ended = await readCallEnd(event, { calls, first });
      if (ended !== null) recorded.push(ended);
      closed ??= await readClose(event, first);
    }
  }
  return { recorded, memo, runId, closed };
}

/** A signal by its name; one that the workflow has no handler for changes nothing. */
async function readSignal(
  signal: { signalName?: string | null; input?: Payloads },
  { atMs, first }: { atMs: number; first: First },
): Promise<Recorded | null> {
  if (signal.signalName === returnedSignal.name) return { type: 'returned', atMs };
  if (signal.signalName === approversSignal.name)
    return { type: 'approvers', message: await first(signal.input), atMs };
  if (signal.signalName === detailsSignal.name) return { type: 'detailed', details: await first(signal.input), atMs };
  if (signal.signalName !== callbackSignal.name) return null;
  return { type: 'signalled', message: await first(signal.input), atMs };
}

/** The started workflow tasks that were completed: between a start and its end there is no other start. */
function findCompletedTasks(events: readonly HistoryEvent[]): ReadonlySet<HistoryEvent> {
  const completed = new Set<HistoryEvent>();
  let started: HistoryEvent | null = null;
  for (const event of events) {
    if (event.workflowTaskStartedEventAttributes) started = event;
    if (event.workflowTaskCompletedEventAttributes && started !== null) completed.add(started);
  }
  return completed;
}

/** A call that failed, timed out or was cancelled has no result: null. */
async function readCallEnd(
  event: HistoryEvent,
  { calls, first }: { calls: ReadonlyMap<string, { name: string; pollingSinceMs: number }>; first: First },
): Promise<Recorded | null> {
  const completed = event.activityTaskCompletedEventAttributes;
  const ended =
    completed ??
    event.activityTaskFailedEventAttributes ??
    event.activityTaskTimedOutEventAttributes ??
    event.activityTaskCanceledEventAttributes;
  const call = ended ? calls.get(String(ended.scheduledEventId)) : undefined;
  if (call === undefined) return null;
  const atMs = toMs(event.eventTime);
  const result: unknown = completed ? await first(completed.result) : null;
  if (call.name === SEND)
    return {
      type: 'submitted',
      submission: (result as Submission | null) ?? submissionOfLost(readLost(event)),
      atMs,
    };
  if (call.name === 'fetchOrderStatus')
    return {
      type: 'answered',
      answer: (result as StatusAnswer | null) ?? answerOfLost(readLost(event)),
      atMs,
      isLocal: false,
    };
  if (call.name === 'holdLimit') return { type: 'held', answer: result as HoldAnswer | null, atMs };
  if (call.name === 'askHook') return { type: 'consulted', answer: result as HookAnswer | null, atMs };
  if (call.name !== 'watchOrder') return null;
  return { type: 'watched', result: result as WatchResult | null, pollingSinceMs: call.pollingSinceMs, atMs };
}

const SEND = 'submitPayout';

/** The cause of the workflow task that ends where a run was reset, as the server's protocol numbers it. */
const RESET_WORKFLOW = 20;

function readLost(event: HistoryEvent): LostCall {
  const { timeoutFailureInfo: timeout, cause } = event.activityTaskTimedOutEventAttributes?.failure ?? {};
  return {
    failureType: event.activityTaskFailedEventAttributes?.failure?.applicationFailureInfo?.type ?? null,
    timeout: decodeTimeoutType(timeout?.timeoutType) ?? null,
    hadFailed: Boolean(cause),
    recorded: (timeout?.lastHeartbeatDetails?.payloads ?? []).length > 0,
  };
}

async function readClose(event: HistoryEvent, first: First): Promise<RecordedRun['closed']> {
  const completed = event.workflowExecutionCompletedEventAttributes;
  if (completed) return { result: await first<Payout>(completed.result), continuedAsNew: false, lost: null };
  if (event.workflowExecutionContinuedAsNewEventAttributes) return { result: null, continuedAsNew: true, lost: null };
  const how = LOST_RUNS.find(([attributes]) => event[attributes])?.[1];
  if (how === undefined) return null;
  return { result: null, continuedAsNew: false, lost: { how, atMs: toMs(event.eventTime) } };
}

const LOST_RUNS = [
  ['workflowExecutionFailedEventAttributes', 'failed'],
  ['workflowExecutionTimedOutEventAttributes', 'timed_out'],
  ['workflowExecutionCanceledEventAttributes', 'cancelled_workflow'],
  ['workflowExecutionTerminatedEventAttributes', 'terminated'],
] as const;

async function decodeMemo(
  fields: Record<string, unknown> | null | undefined,
  decode: DecodePayloads,
): Promise<Record<string, unknown>> {
  const names = Object.keys(fields ?? {});
  const values = await decode(Object.values(fields ?? {}) as Parameters<DecodePayloads>[0]);
  return Object.fromEntries(names.map((name, index) => [name, values[index]]));
}

/** When a local activity ended: the workflow's own clock from there on; the marker's event is written later. */
function readEndMs(data: Payloads): number | null {
  try {
    const marker = JSON.parse(Buffer.from(data?.payloads?.[0]?.data ?? []).toString()) as {
      complete_time?: HistoryEvent['eventTime'];
    };
    return marker.complete_time ? toMs(marker.complete_time) : null;
  } catch {
    return null;
  }
}

/** Epoch milliseconds of a time in a history. */
export function toMs(time: HistoryEvent['eventTime']): number {
  return Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1e6);
}
