import type { DataConverter } from '@temporalio/client';
import type { ClientOrderId } from '../domain/ids';
import type { LateNotice } from '../domain/notification';
import type { Payout } from '../domain/payout';
import { notFollowed } from '../domain/settlement';
import { tenantOf } from '../domain/tenants';
import type { TimelineStep } from '../domain/view';
import { createDecoder } from '../temporal/data-converter';
import { type PayoutInput, payoutWorkflowId } from '../workflows/messages';
import { PayoutUnreadable } from './errors';
import { fetchHistory, fetchHistoryPage } from './history-pages';
import { projectHistory } from './projection';
import { type HistoryEvent, readRun } from './recorded';
import { type Call, readStoredTenant } from './runs';

/** A payout as read from Temporal, with what only its reader needs. */
export interface Reading {
  readonly payout: Payout;
  readonly steps: readonly TimelineStep[];
  readonly input: PayoutInput;
  readonly fingerprint: string | null;
  readonly tenant: string;
  /** The name of the caller that made it; null when the run does not say. */
  readonly madeBy: string | null;
  readonly isClosed: boolean;
  readonly eventCount: number;
  /** The run that was read, and the payout after each of its workflow tasks. */
  readonly runId: string;
  readonly decided: readonly Payout[];
  /** What happened after the payout; only looked up for a closed one. */
  readonly lateEvents: readonly LateNotice[];
}

/** The memo of a payout. One payload: each is sealed on its own, and stored with every row of visibility. */
export const MEMO_MADE = 'made';
export interface Made {
  readonly fingerprint: string;
  /** The name of the caller, never a key. */
  readonly by: string;
  /** The span that it was asked for in, as a `traceparent`; a callback's span joins its trace. */
  readonly trace?: string;
}

export type { Call } from './runs';

export interface HistoryReaderOptions {
  readonly call: Call;
  readonly namespace: string;
  readonly dataConverter: DataConverter;
}

export interface HistoryReader {
  read(clientOrderId: ClientOrderId): Promise<Reading | null>;
  waitBeyond(
    clientOrderId: ClientOrderId,
    wait: { since: number; untilMs: number; isEnough: (reading: Reading) => boolean },
  ): Promise<Reading | null>;
}

/** Reads payouts from their recorded histories: no worker, no query. @throws PayoutUnreadable */
export function createHistoryReader({ call, namespace, dataConverter }: HistoryReaderOptions): HistoryReader {
  const runOf = (clientOrderId: ClientOrderId) => ({ namespace, workflowId: payoutWorkflowId(clientOrderId) });

  /** The first reading after `since` events that is enough; null when the time is over, or the run ended without being enough. */
  async function waitBeyond(
    clientOrderId: ClientOrderId,
    wait: { since: number; untilMs: number; isEnough: (reading: Reading) => boolean },
  ): Promise<Reading | null> {
    const events: HistoryEvent[] = [];
    let token: Uint8Array | null = null;
    while (Date.now() < wait.untilMs) {
      const page = await fetchHistoryPage(call, runOf(clientOrderId), { token, waitMs: wait.untilMs - Date.now() });
      events.push(...page.events);
      token = page.token;
      const reading = events.length > wait.since ? await interpret(clientOrderId, events) : null;
      if (reading !== null && (reading.isClosed || wait.isEnough(reading))) return reading;
      if (token === null) return null;
    }
    return null;
  }

  async function interpret(clientOrderId: ClientOrderId, events: readonly HistoryEvent[]): Promise<Reading> {
    try {
      return await project(clientOrderId, events);
    } catch (error) {
      const tenant = readStoredTenant(events[0]?.workflowExecutionStartedEventAttributes?.searchAttributes);
      throw new PayoutUnreadable('what is stored of a payout cannot be read', { tenant, cause: error });
    }
  }

  async function project(clientOrderId: ClientOrderId, events: readonly HistoryEvent[]): Promise<Reading> {
    const decode = createDecoder(dataConverter, runOf(clientOrderId));
    const run = await readRun(events, decode);
    const projected = projectHistory(run.recorded);
    const start = run.recorded[0];
    if (projected === null || start?.type !== 'started') throw new Error('expected the input of a payout');
    const payout = run.closed?.result ?? projected.payout;
    const lost = run.closed?.lost ?? null;
    const made = run.memo[MEMO_MADE] as Partial<Made> | null | undefined;
    return {
      payout: lost === null ? payout : notFollowed(payout),
      steps: lost === null ? projected.steps : [...projected.steps, lostStep(payout, lost)],
      input: start.input,
      tenant: tenantOf(start.input),
      fingerprint: readText(made?.fingerprint),
      madeBy: readText(made?.by),
      isClosed: run.closed !== null && !run.closed.continuedAsNew,
      eventCount: events.length,
      runId: run.runId,
      decided: projected.decided,
      lateEvents: [],
    };
  }

  return {
    read: async (clientOrderId) => await interpret(clientOrderId, await fetchHistory(call, runOf(clientOrderId))),
    waitBeyond,
  };
}

/** The end of a run that has no result, as the last step of its timeline. */
function lostStep(payout: Payout, { how, atMs }: { how: string; atMs: number }): TimelineStep {
  const { state, orderId } = notFollowed(payout);
  return {
    atMs,
    source: 'workflow',
    what: how,
    state,
    orderId,
    actor: null,
    reason: null,
    enteredFrom: null,
    rule: null,
  };
}

function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
