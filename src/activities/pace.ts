import type { Context } from '@temporalio/activity';
import type { NoAnswer } from '../domain/order-report';
import { jitter } from '../domain/poll-plan';

interface Pace {
  readonly everyMs: number;
  readonly leftMs: number;
  readonly unit: number;
}

const LONGEST_PAUSE_MS = 60_000;

/** The pause after an answer: the plan's, jittered, but no longer than the polling lasts. Milliseconds. */
export function afterAnswer({ everyMs, leftMs, unit }: Pace): number {
  return Math.max(1, Math.min(jitter(everyMs, unit), leftMs));
}

/** The pause after `noAnswers` silences in a row: doubles each time up to a minute, so that a struggling gateway is left to recover. */
export function afterNoAnswer({ everyMs, leftMs, unit }: Pace, noAnswers: number): number {
  const grownMs = Math.min(LONGEST_PAUSE_MS, everyMs * 2 ** Math.min(noAnswers, 10));
  return Math.max(1, Math.min(jitter(grownMs, unit), leftMs));
}

/** How many questions in a row have no answer, and why the last has none. */
export interface NoAnswers {
  readonly times: number;
  readonly last?: NoAnswer;
}

/** Kept across attempts in the heartbeat's details: no event, no state of ours. */
export function readNoAnswers(context: Pick<Context, 'info'>): NoAnswers {
  const details = context.info.heartbeatDetails as Partial<NoAnswers> | null | undefined;
  return typeof details?.times === 'number' ? { ...details, times: details.times } : { times: 0 };
}

export function recordNoAnswers(context: Pick<Context, 'heartbeat'>, noAnswers: NoAnswers): void {
  context.heartbeat(noAnswers);
}
