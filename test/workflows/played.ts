import { defaultPayloadConverter } from '@temporalio/common';
import type { Payout } from '../../src/domain/payout';
import { projectHistory } from '../../src/store/projection';
import { type HistoryEvent, readRun } from '../../src/store/recorded';
import type { DecodePayloads } from '../../src/temporal/data-converter';
import type { Played } from './play';

/** What a history says about itself, for assertions. */
export interface Account {
  /** The payout folded from the events. */
  readonly projected: Payout | null;
  /** The result the workflow itself completed with; null while it is open. */
  readonly result: Payout | null;
  /** The workflow's own last word on its state while it is open: the search attribute it set. */
  readonly publishedState: string | null;
  readonly failedTasks: number;
}

/** Reads both sides off one history: what the workflow said, and what the fold makes of the same events. */
export async function accountOf(events: readonly HistoryEvent[], decode: DecodePayloads): Promise<Account> {
  const run = await readRun(events, decode);
  const upserts = events.flatMap(({ upsertWorkflowSearchAttributesEventAttributes: upsert }) =>
    upsert ? [upsert] : [],
  );
  const state = upserts.at(-1)?.searchAttributes?.indexedFields?.PayoutState;
  // Search attributes are never sealed.
  const publishedState: unknown = state ? defaultPayloadConverter.fromPayload(state) : null;
  return {
    projected: projectHistory(run.recorded)?.payout ?? null,
    result: run.closed?.result ?? null,
    publishedState: (Array.isArray(publishedState) ? publishedState[0] : publishedState) as string | null,
    failedTasks: events.filter((event) => event.workflowTaskFailedEventAttributes).length,
  };
}

/** What holds of every path, whatever it is about. */
export async function expectSound({ result, reading, history, decode, gateway }: Played): Promise<void> {
  const account = await accountOf(history.events as readonly HistoryEvent[], decode);
  expect(account.failedTasks).toBe(0);
  expect(account.result).toEqual(result);
  expect(account.projected).toEqual(result ?? reading.payout);
  expect(account.publishedState).toBe((result ?? reading.payout).state);
  expect(gateway.created()).toBeLessThanOrEqual(1);
}

/**
 * For what moments the workflow set its alarm, in milliseconds after `fromMs`: each timer's duration after the task that started it.
 * Exact, however long the machine took to carry it out.
 */
export function alarmsOf({ history }: Played, fromMs: number): number[] {
  let taskAtMs = 0;
  const alarms: number[] = [];
  for (const event of (history.events ?? []) as readonly HistoryEvent[]) {
    if (event.workflowTaskStartedEventAttributes) taskAtMs = toMs(event.eventTime);
    const timer = event.timerStartedEventAttributes;
    if (timer) alarms.push(taskAtMs + toMs(timer.startToFireTimeout) - fromMs);
  }
  return alarms;
}

function toMs(time: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1e6);
}

/** The pauses before the questions of fast polling, in seconds, down to a multiple of four: what a slow machine adds is less. */
export function pausesOf({ gateway }: Played): number[] {
  const times = gateway.calls.filter(({ what }) => what === 'submit' || what === 'watch').map(({ atMs }) => atMs);
  return times.slice(1).map((atMs, at) => Math.floor((atMs - (times[at] ?? 0)) / 4_000) * 4);
}

/** Time of the first step that says this. */
export function stepAtMs({ reading }: Played, what: string): number {
  const step = reading.steps.find((candidate) => candidate.what === what);
  if (step === undefined) throw new Error(`no step says ${what}`);
  return step.atMs;
}

/** The states in the order in which the payout went through them. */
export function statesOf({ reading }: Played): string[] {
  return reading.steps.map(({ state }) => state).filter((state, at, all) => state !== all[at - 1]);
}
