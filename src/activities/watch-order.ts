import { Context } from '@temporalio/activity';
import type { ClientOrderId, OrderId } from '../domain/ids';
import { isFinalStatus, type NoAnswer, oddityOf, type StatusAnswer, type WatchResult } from '../domain/order-report';
import { jitter } from '../domain/poll-plan';
import type { CallKind } from '../workflows/messages';
import { TurnTooLate } from './call-rate';
import { noAnswerIn, notFinalYet, questionFailure } from './failures';

export interface StatusQuestion {
  readonly endpoint: string;
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId | null;
  readonly timeoutMs: number;
  readonly kind: Exclude<CallKind, 'send'>;
}

/** What is odd about an order in work, and passes by itself. */
export type Oddity = 'unlisted_status' | 'redirect_unusable' | 'order_not_found';

/** One stretch of fast polling: asks about every `everyMs` for `forMs`; `known` is what the workflow has recorded already. */
export interface WatchOrder extends StatusQuestion {
  readonly known: { readonly redirectTo: string | null; readonly oddity: Oddity | null };
  readonly everyMs: number;
  readonly forMs: number;
  readonly pollingSinceMs: number;
}

interface WatchDeps {
  readonly ask: (question: StatusQuestion) => Promise<StatusAnswer>;
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * Fast polling. Each attempt is one question, but for the first, which only sets the pace (the order was created a moment
 * ago). Returns when the order is final, when the Receiver's form appears or goes, or when the polling ends.
 */
export async function watchOrder(watch: WatchOrder, { ask, now, random }: WatchDeps): Promise<WatchResult> {
  const context = Context.current();
  const leftMs = context.info.scheduledTimestampMs + watch.forMs - now();
  const pace = { everyMs: watch.everyMs, leftMs, unit: random() };
  if (context.info.attempt === 1) throw notFinalYet(afterAnswer(pace));
  const { times, last } = readNoAnswers(context);
  if (leftMs <= 0) return { ended: true, answered: times === 0, ...(last === undefined ? {} : { noAnswer: last }) };
  try {
    const answer = await ask(watch);
    if (isNews(answer, watch.known)) return { ended: false, answer };
  } catch (error) {
    if (error instanceof TurnTooLate) throw questionFailure(error, afterAnswer(pace));
    recordNoAnswers(context, { times: times + 1, last: noAnswerIn(error) });
    throw questionFailure(error, afterNoAnswer(pace, times + 1));
  }
  if (times > 0) recordNoAnswers(context, { times: 0 });
  throw notFinalYet(afterAnswer(pace));
}

/** Worth waking the workflow for: a final word, a transaction that is no payout, the Receiver's form come, changed or gone, or something odd begun or ended. */
function isNews(answer: StatusAnswer, known: WatchOrder['known']): boolean {
  if (!answer.found) return known.oddity !== 'order_not_found';
  const { status, subject, redirectTo } = answer.report;
  if (isFinalStatus(status) || subject === 'other_transaction') return true;
  return redirectTo !== known.redirectTo || oddityOf(answer.report) !== known.oddity;
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

/** Kept across attempts in the heartbeat's details: no event, no state of ours. */
function readNoAnswers(context: Pick<Context, 'info'>): NoAnswers {
  const details = context.info.heartbeatDetails as Partial<NoAnswers> | null | undefined;
  return typeof details?.times === 'number' ? { ...details, times: details.times } : { times: 0 };
}

function recordNoAnswers(context: Pick<Context, 'heartbeat'>, noAnswers: NoAnswers): void {
  context.heartbeat(noAnswers);
}
