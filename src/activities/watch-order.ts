import { Context } from '@temporalio/activity';
import type { ClientOrderId, OrderId } from '../domain/ids';
import { isFinalStatus, type NoAnswer, oddityOf, type StatusAnswer, type WatchResult } from '../domain/order-report';
import type { FinalState } from '../domain/payout';
import { jitter } from '../domain/poll-plan';
import type { CallKind } from '../workflows/messages';
import { TurnTooLate } from './call-rate';
import { noAnswerIn, notFinalYet, questionFailure } from './failures';
import type { Watches } from './watches';

export interface StatusQuestion {
  readonly endpoint: string;
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId | null;
  readonly timeoutMs: number;
  readonly kind: Exclude<CallKind, 'send'>;
}

/** What is odd about an order in progress and passes by itself. */
export type Oddity = 'unlisted_status' | 'redirect_unusable' | 'order_not_found';

/** One stretch of fast polling: asks about every `everyMs` for `forMs`; `known` is what the workflow has recorded already. */
export interface WatchOrder extends StatusQuestion {
  readonly known: {
    readonly redirectTo: string | null;
    readonly oddity: Oddity | null;
    /** Of a payout that is final by a callback alone: its state, and whether another contradiction would change nothing. */
    readonly final?: { readonly state: FinalState; readonly isContradicted: boolean };
  };
  readonly everyMs: number;
  readonly forMs: number;
  readonly pollingSinceMs: number;
}

interface WatchDeps {
  readonly ask: (question: StatusQuestion, signal: AbortSignal) => Promise<StatusAnswer>;
  readonly watches: Watches;
  readonly now: () => number;
  readonly random: () => number;
}

/** Well within the watch's heartbeat timeout. */
const HEARTBEAT_MS = 8_000;

/** What ended the watch, or a pause before the next question and the failure that leaves the pause to the server's retry timer. */
type Step = WatchResult | { readonly pauseMs: number; readonly failure: () => unknown };

/**
 * Asks, pauses and asks again: in one attempt if this process can do the pauses, otherwise with one attempt per request. The first
 * attempt begins with a pause: the order was created a moment ago. Returns when the order is final, when the Receiver's form appears or
 * goes, when something is odd, or when the polling ends.
 */
export async function watchOrder(watch: WatchOrder, { ask, watches, now, random }: WatchDeps): Promise<WatchResult> {
  const context = Context.current();
  const { attempt, scheduledTimestampMs } = context.info;
  let noAnswers = readNoAnswers(context);
  let recorded = noAnswers;
  const record = () => {
    recorded = noAnswers;
    recordNoAnswers(context, noAnswers);
  };
  const paceNow = () => {
    const leftMs = scheduledTimestampMs + watch.forMs - now();
    return { everyMs: watch.everyMs, leftMs, unit: random() };
  };

  async function askOnce(signal: AbortSignal): Promise<Step> {
    const pace = paceNow();
    if (pace.leftMs <= 0) return ended(noAnswers);
    try {
      const answer = await ask(watch, signal);
      if (isNews(answer, watch)) return { ended: false, answer };
      noAnswers = { times: 0 };
      const pauseMs = afterAnswer(pace);
      return { pauseMs, failure: () => notFinalYet(pauseMs) };
    } catch (error) {
      if (!(error instanceof TurnTooLate)) noAnswers = { times: noAnswers.times + 1, last: noAnswerIn(error) };
      const pauseMs = error instanceof TurnTooLate ? afterAnswer(pace) : afterNoAnswer(pace, noAnswers.times);
      return { pauseMs, failure: () => questionFailure(error, pauseMs) };
    }
  }

  const heartbeat = setInterval(record, HEARTBEAT_MS);
  try {
    return await watches.run(context, watch.endpoint, async (pause, signal) => {
      const startMs = afterAnswer(paceNow());
      if (attempt === 1 && !(await pause(startMs))) throw notFinalYet(startMs);
      for (;;) {
        const step = await askOnce(signal);
        if ('ended' in step) return step;
        if (await pause(step.pauseMs)) continue;
        if (noAnswers.times !== recorded.times) record();
        throw step.failure();
      }
    });
  } finally {
    clearInterval(heartbeat);
  }
}

function ended({ times, last }: NoAnswers): WatchResult {
  return { ended: true, answered: times === 0, ...(last === undefined ? {} : { noAnswer: last }) };
}

/** Worth waking the workflow for: a final word, a transaction that is not a payout, the Receiver's form come, changed or gone, or something odd begun or ended. */
function isNews(answer: StatusAnswer, { known, orderId }: Pick<WatchOrder, 'known' | 'orderId'>): boolean {
  const { oddity, final } = known;
  // Of an order that was never seen it is the usual answer, which the payout takes no note of.
  if (!answer.found) return orderId !== null && oddity !== 'order_not_found' && final?.isContradicted !== true;
  const { status, subject, redirectTo } = answer.report;
  if (final?.isContradicted) return subject === 'payout' && status === final.state;
  if (isFinalStatus(status) || subject === 'other_transaction') return true;
  if (final !== undefined) return false;
  return redirectTo !== known.redirectTo || oddityOf(answer.report) !== oddity;
}

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
interface NoAnswers {
  readonly times: number;
  readonly last?: NoAnswer;
}

/** Kept across attempts in the heartbeat's details: no event, no state of our own. */
function readNoAnswers(context: Pick<Context, 'info'>): NoAnswers {
  const details = context.info.heartbeatDetails as Partial<NoAnswers> | null | undefined;
  return typeof details?.times === 'number' ? { ...details, times: details.times } : { times: 0 };
}

function recordNoAnswers(context: Pick<Context, 'heartbeat'>, noAnswers: NoAnswers): void {
  context.heartbeat(noAnswers);
}
