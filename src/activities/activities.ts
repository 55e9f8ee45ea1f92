import { Context } from '@temporalio/activity';
import type { ClientOrderId, OrderId } from '../domain/ids';
import { isFinalStatus, type StatusAnswer, type Submission, type WatchResult } from '../domain/order-report';
import type { PayoutRequest } from '../domain/payout-request';
import type { GatewayClient } from '../gateway/client';
import { GatewayError } from '../gateway/errors';
import { notFinalYet, questionFailure } from './failures';
import { afterAnswer, afterNoAnswer, countNoAnswer, readNoAnswers } from './pace';
import { type FindStart, sendDeadline } from './send-deadline';

export interface SubmitOrder {
  readonly endpoint: string;
  readonly request: PayoutRequest;
  readonly callbackUrl: string;
  readonly redirectUrl: string | null;
  readonly answerTimeoutMs: number;
}

export interface StatusQuestion {
  readonly endpoint: string;
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId | null;
  readonly timeoutMs: number;
}

/** One fast gear: asks about every `everyMs` for `forMs`; `known` is what the workflow has already heard and need not be told. */
export interface WatchOrder extends StatusQuestion {
  readonly known: { readonly redirectTo: string | null; readonly oddity: 'unlisted_status' | 'order_not_found' | null };
  readonly everyMs: number;
  readonly forMs: number;
  readonly gearSinceMs: number;
}

export interface ActivityDeps {
  /** The client of an endpoint. @throws when this worker does not know it */
  readonly gatewayOf: (endpoint: string) => Pick<GatewayClient, 'submitPayout' | 'fetchOrderStatus'>;
  /** When the server recorded the start of this attempt; null when it no longer waits for it. */
  readonly findStart: FindStart;
  readonly now: () => number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

export type PayoutActivities = ReturnType<typeof createActivities>;

/** The calls to the gateway as Temporal activities. */
export function createActivities({ gatewayOf, findStart, now, random }: ActivityDeps) {
  async function ask(question: StatusQuestion): Promise<StatusAnswer> {
    const { clientOrderId, orderId, timeoutMs } = question;
    return await gatewayOf(question.endpoint).fetchOrderStatus({ clientOrderId, orderId }, { timeoutMs });
  }

  return {
    /**
     * Creates the order, at most once. Probes first: an order that already exists under this id is adopted, never sent again, and
     * a probe without an answer sends nothing. Every outcome is a result; a throw from here would be a defect.
     */
    async submitPayout(order: SubmitOrder): Promise<Submission> {
      const { endpoint, request, callbackUrl, redirectUrl } = order;
      const deadlineMs = await sendDeadline(Context.current().info, { findStart, now });
      if (deadlineMs === null) return { outcome: 'not_sent', cause: 'past_deadline' };
      const timeoutMs = Math.min(order.answerTimeoutMs, (deadlineMs - now()) / 3);
      try {
        const probe = await ask({ endpoint, clientOrderId: request.clientOrderId, orderId: null, timeoutMs });
        if (probe.found) return { outcome: 'adopted', report: probe.report };
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        return { outcome: 'not_sent', cause: error.kind === 'forbidden' ? 'forbidden' : 'probe_unanswered' };
      }
      return await gatewayOf(endpoint).submitPayout(request, { deadlineMs, callbackUrl, redirectUrl });
    },

    /** Asks once. @throws ApplicationFailure GatewayUnanswered or GatewayForbids, both retryable */
    async fetchOrderStatus(question: StatusQuestion): Promise<StatusAnswer> {
      try {
        return await ask(question);
      } catch (error) {
        throw questionFailure(error);
      }
    },

    /**
     * The fast gear. Each attempt is one question, but for the first, which only sets the pace (the order was created a moment
     * ago). Returns when the order is final, when the Receiver's form appears or goes, or when the gear ends.
     */
    async watchOrder(watch: WatchOrder): Promise<WatchResult> {
      const context = Context.current();
      const leftMs = context.info.scheduledTimestampMs + watch.forMs - now();
      const pace = { everyMs: watch.everyMs, leftMs, unit: random() };
      if (context.info.attempt === 1) throw notFinalYet(afterAnswer(pace));
      const noAnswers = readNoAnswers(context);
      if (leftMs <= 0) return { ended: true, answered: noAnswers === 0 };
      try {
        const answer = await ask(watch);
        if (isNews(answer, watch.known)) return { ended: false, answer };
      } catch (error) {
        countNoAnswer(context, noAnswers + 1);
        throw questionFailure(error, afterNoAnswer(pace, noAnswers + 1));
      }
      if (noAnswers > 0) countNoAnswer(context, 0);
      throw notFinalYet(afterAnswer(pace));
    },
  };
}

/** Worth waking the workflow for: a final word, the Receiver's form come, changed or gone, or something odd begun or ended. */
function isNews(answer: StatusAnswer, known: WatchOrder['known']): boolean {
  if (!answer.found) return known.oddity !== 'order_not_found';
  const { status, redirectTo } = answer.report;
  const oddity = status === 'unlisted' ? 'unlisted_status' : null;
  return isFinalStatus(status) || redirectTo !== known.redirectTo || oddity !== known.oddity;
}
