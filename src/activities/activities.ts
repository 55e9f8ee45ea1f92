import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { ENDPOINT_UNKNOWN, SEND_BROKEN } from '../domain/apply-evidence';
import type { ClientOrderId, OrderId } from '../domain/ids';
import {
  isFinalStatus,
  type NoAnswer,
  type NotSentCause,
  oddityOf,
  type StatusAnswer,
  type Submission,
  type WatchResult,
} from '../domain/order-report';
import type { PayoutRequest } from '../domain/payout-request';
import { GatewayError } from '../gateway/errors';
import type { CallKind } from '../workflows/messages';
import { TurnTooLate } from './call-rate';
import type { ConcurrencyLimits } from './concurrency-limit';
import { noAnswerIn, notFinalYet, questionFailure } from './failures';
import type { GatewayPort } from './gateways';
import { afterAnswer, afterNoAnswer, readNoAnswers, recordNoAnswers } from './pace';
import { ALL_QUICK, createQuickConfirmations } from './quick-confirmations';
import { type FindStart, sendDeadline } from './send-deadline';
import { type RecordSend, recordInTime } from './send-record';
import { callResultOfSubmission, NO_GATE, type SendingGate } from './sending-gate';

export interface SubmitOrder {
  readonly endpoint: string;
  readonly request: PayoutRequest;
  readonly callbackUrl: string;
  readonly redirectUrl: string | null;
  readonly answerTimeoutMs: number;
  /** The run that had it scheduled. */
  readonly runId: string;
}

export interface StatusQuestion {
  readonly endpoint: string;
  readonly clientOrderId: ClientOrderId;
  readonly orderId: OrderId | null;
  readonly timeoutMs: number;
  readonly kind: Exclude<CallKind, 'send'>;
}

/** What is odd about an order in work, and passes by itself. */
export type Oddity = 'unlisted_status' | 'redirect_unusable' | 'order_not_found';

/** One stretch of fast polling: asks about every `everyMs` for `forMs`; `known` is what the workflow has already heard and need not be told. */
export interface WatchOrder extends StatusQuestion {
  readonly known: { readonly redirectTo: string | null; readonly oddity: Oddity | null };
  readonly everyMs: number;
  readonly forMs: number;
  readonly pollingSinceMs: number;
}

export interface ActivityDeps {
  /** The client of an endpoint, for calls of one kind. @throws when this worker does not know it */
  readonly gatewayOf: (endpoint: string, kind: CallKind) => GatewayPort;
  /** How many confirmations may be made within their workflow task; no limit by default. */
  readonly localConfirmations?: ConcurrencyLimits;
  /** Keeps sends from endpoints that keep failing; none by default. */
  readonly gate?: SendingGate;
  /** When the server recorded the start of this attempt; null when it no longer waits for it. */
  readonly findStart: FindStart;
  readonly recordSend: RecordSend;
  /** Epoch ms, default the system's clock. */
  readonly now?: () => number;
  /** From 0 (inclusive) to 1 (exclusive), default the system's. */
  readonly random?: () => number;
}

export type PayoutActivities = ReturnType<typeof createActivities>;

const RESET: Submission = { outcome: 'unconfirmed', cause: 'run_was_reset', orderId: null };
const RECORDED_BEFORE: Submission = { outcome: 'unconfirmed', cause: 'recorded_before', orderId: null };
const PAUSED: Submission = { outcome: 'not_sent', cause: 'endpoint_paused' };
/** Why a probe without an answer sends nothing. */
const CAUSE_OF: Readonly<Record<NoAnswer, NotSentCause>> = {
  silent: 'probe_unanswered',
  unreadable: 'probe_unreadable',
  forbidden: 'forbidden',
  not_asked: 'past_deadline',
};

/** The causes that say no more than that the endpoint is away; a refusal of ours (403) says more and stays. */
const AWAY: readonly NotSentCause[] = ['unreachable', 'probe_unanswered'];

/** The calls to the gateway as Temporal activities. */
export function createActivities(deps: ActivityDeps) {
  const {
    gatewayOf,
    findStart,
    recordSend,
    now = Date.now,
    random = Math.random,
    gate = NO_GATE,
    localConfirmations,
  } = deps;
  const quickConfirmations =
    localConfirmations === undefined ? ALL_QUICK : createQuickConfirmations(localConfirmations, now);

  async function fetchStatus(question: Omit<StatusQuestion, 'kind'>, kind: CallKind): Promise<StatusAnswer> {
    const { endpoint, clientOrderId, orderId, timeoutMs } = question;
    return await gatewayOf(endpoint, kind).fetchOrderStatus({ clientOrderId, orderId }, { timeoutMs });
  }

  /** An answer ends a pause of sends. Silence begins none: the status of an order may hang while orders are taken. */
  async function ask(question: StatusQuestion): Promise<StatusAnswer> {
    const answer = await fetchStatus(question, question.kind);
    gate.record(question.endpoint, 'answered');
    return answer;
  }

  function assertKnown(endpoint: string): void {
    try {
      gatewayOf(endpoint, 'send');
    } catch {
      throw ApplicationFailure.nonRetryable('expected an endpoint this worker is configured for', ENDPOINT_UNKNOWN);
    }
  }

  /** The probe, and then the one call that creates the order. */
  async function send(order: SubmitOrder): Promise<Submission> {
    const { endpoint, request, callbackUrl, redirectUrl } = order;
    const { info } = Context.current();
    const deadlineMs = await sendDeadline(info, { findStart, now });
    if (deadlineMs === null) return { outcome: 'not_sent', cause: 'past_deadline' };
    const timeoutMs = Math.min(order.answerTimeoutMs, (deadlineMs - now()) / 3);
    try {
      const ids = { clientOrderId: request.clientOrderId, orderId: null };
      const probe = await fetchStatus({ endpoint, ...ids, timeoutMs }, 'send');
      if (probe.found) return { outcome: 'adopted', report: probe.report };
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return { outcome: 'not_sent', cause: CAUSE_OF[noAnswerIn(error)] };
    }
    const record = () => recordInTime(() => recordSend(info), deadlineMs - now());
    const options = { deadlineMs, callbackUrl, redirectUrl, recordSend: record };
    return await gatewayOf(endpoint, 'send').submitPayout(request, options);
  }

  return {
    /**
     * Creates the order, at most once. Probes first: an order that already exists under this id is adopted, never sent again, and
     * a probe without an answer sends nothing. Every outcome is a result; a throw is a defect, and from a send that has begun it leaves
     * as SEND_BROKEN alone: another type could say that nothing was sent. While the endpoint is
     * paused nothing is called, and a trial that finds it still away leaves the payout as paused as it was.
     */
    async submitPayout(order: SubmitOrder): Promise<Submission> {
      const { endpoint, runId } = order;
      const { heartbeatDetails, workflowExecution } = Context.current().info;
      // The run that scheduled this call was reset while it was open: an attempt of that run may have sent.
      if (workflowExecution?.runId !== runId) return RESET;
      // An operator had the call tried again (`temporal activity reset`): the attempt before may have sent.
      if (heartbeatDetails !== undefined) return RECORDED_BEFORE;
      assertKnown(endpoint);
      if (!gate.admits(endpoint)) return PAUSED;
      try {
        const submission = await send(order);
        gate.record(endpoint, callResultOfSubmission(submission));
        const isAway = submission.outcome === 'not_sent' && AWAY.includes(submission.cause);
        return isAway && gate.isPaused(endpoint) ? PAUSED : submission;
      } catch (error) {
        const cause = error instanceof Error ? error : undefined;
        throw ApplicationFailure.create({ message: 'a send broke off', type: SEND_BROKEN, nonRetryable: true, cause });
      }
    },

    /**
     * Asks once, for a workflow task that waits for it as a local activity. Null when the gateway was not asked or gave no answer: the
     * question is then put the ordinary way. Never throws for want of an answer.
     */
    async confirmSoon(question: StatusQuestion): Promise<StatusAnswer | null> {
      return await quickConfirmations.tryRun(question.endpoint, () => ask(question));
    },

    /** Asks once. @throws ApplicationFailure GatewayUnanswered, GatewayUnreadable, GatewayForbids or NotAsked, all retryable */
    async fetchOrderStatus(question: StatusQuestion): Promise<StatusAnswer> {
      try {
        return await ask(question);
      } catch (error) {
        throw questionFailure(error);
      }
    },

    /**
     * Fast polling. Each attempt is one question, but for the first, which only sets the pace (the order was created a moment
     * ago). Returns when the order is final, when the Receiver's form appears or goes, or when the polling ends.
     */
    async watchOrder(watch: WatchOrder): Promise<WatchResult> {
      const context = Context.current();
      const leftMs = context.info.scheduledTimestampMs + watch.forMs - now();
      const pace = { everyMs: watch.everyMs, leftMs, unit: random() };
      if (context.info.attempt === 1) throw notFinalYet(afterAnswer(pace));
      const noAnswers = readNoAnswers(context);
      const { times, last } = noAnswers;
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
    },
  };
}

/** Worth waking the workflow for: a final word, a transaction that is no payout, the Receiver's form come, changed or gone, or something odd begun or ended. */
function isNews(answer: StatusAnswer, known: WatchOrder['known']): boolean {
  if (!answer.found) return known.oddity !== 'order_not_found';
  const { status, subject, redirectTo } = answer.report;
  if (isFinalStatus(status) || subject === 'other_transaction') return true;
  return redirectTo !== known.redirectTo || oddityOf(answer.report) !== known.oddity;
}
