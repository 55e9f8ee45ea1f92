import { Context } from '@temporalio/activity';
import { isFinalStatus, type StatusAnswer, type Submission, type WatchResult } from '../domain/order-report';
import { GatewayError } from '../gateway/errors';
import { NO_GATE, type SendingGate } from './breaker';
import { TurnTooLate } from './call-rate';
import { type ConcurrencyLimits, createQueuedLimit } from './concurrency-limit';
import { questionFailure } from './failures';
import { ALL_QUICK, createQuickConfirmations } from './quick-confirmations';
import { type SendDeps, type SubmitOrder, sendOrder } from './send-order';
import { type StatusQuestion, type WatchOrder, watchOrder } from './watch-order';
import { NO_WATCHES, type Watches } from './watches';

export type { SubmitOrder } from './send-order';
export type { StatusQuestion, WatchOrder } from './watch-order';

export interface ActivityDeps extends Pick<SendDeps, 'gatewayOf' | 'findStart' | 'recordSend'> {
  /** How many confirmations may be made within their workflow task; no limit by default. */
  readonly localConfirmations?: ConcurrencyLimits;
  /** How many polls of an endpoint may be under way at once in this process; no limit by default. */
  readonly pollsAtOnce?: number;
  /** Holds the pauses between polls; by default they are all left to the server. */
  readonly watches?: Watches;
  /** Keeps sends from endpoints that keep failing; none by default. */
  readonly gate?: SendingGate;
  /** Epoch ms, default the system's clock. */
  readonly now?: () => number;
  /** From 0 (inclusive) to 1 (exclusive), default the system's. */
  readonly random?: () => number;
}

export type PayoutActivities = ReturnType<typeof createActivities>;

/** The calls to the gateway as Temporal activities. */
export function createActivities(deps: ActivityDeps) {
  const { gatewayOf, findStart, recordSend, localConfirmations } = deps;
  const { gate = NO_GATE, watches = NO_WATCHES, now = Date.now, random = Math.random } = deps;
  const polls = createQueuedLimit(deps.pollsAtOnce ?? Number.POSITIVE_INFINITY);
  const quickConfirmations =
    localConfirmations === undefined ? ALL_QUICK : createQuickConfirmations(localConfirmations, now);

  /**
   * An answer ends a pause of sends. Silence begins none: the status of an order may hang while orders are taken. Waiting for a turn is
   * part of the time that the question may take. `signal` ends it: what is then not answered was not asked.
   */
  async function ask(
    { endpoint, kind, clientOrderId, orderId, timeoutMs }: StatusQuestion,
    signal: AbortSignal = Context.current().cancellationSignal,
  ): Promise<StatusAnswer> {
    const endMs = now() + timeoutMs;
    const call = async () => {
      const ids = { clientOrderId, orderId };
      return await gatewayOf(endpoint, kind).fetchOrderStatus(ids, { timeoutMs: endMs - now(), signal });
    };
    const asked = kind === 'poll' ? polls.run(endpoint, timeoutMs / 2, call) : call();
    const answer = await asked.catch((error: unknown) => {
      if (signal.aborted && error instanceof GatewayError) return null;
      throw error;
    });
    if (answer === null) throw new TurnTooLate();
    gate.record(endpoint, 'answered');
    if (kind === 'confirm' && answer.found && isFinalStatus(answer.report.status)) {
      watches.quiet(Context.current().info.workflowExecution?.workflowId ?? '');
    }
    return answer;
  }

  return {
    /** Creates the order, at most once: see `sendOrder`. */
    submitPayout: (order: SubmitOrder): Promise<Submission> =>
      sendOrder(order, { gatewayOf, gate, findStart, recordSend, now }),

    /**
     * Asks once, for a workflow task that waits for it as a local activity. Null when the gateway was not asked or gave no answer: the
     * question is then asked by an ordinary activity. Never throws because there is no answer.
     */
    confirmSoon: (question: StatusQuestion): Promise<StatusAnswer | null> =>
      quickConfirmations.tryRun(question.endpoint, () => ask(question)),

    /** Asks once. @throws ApplicationFailure GatewayUnanswered, GatewayUnreadable, GatewayForbids or NotAsked, all retryable */
    async fetchOrderStatus(question: StatusQuestion): Promise<StatusAnswer> {
      try {
        return await ask(question);
      } catch (error) {
        throw questionFailure(error);
      }
    },

    /** Fast polling: see `watchOrder`. */
    watchOrder: (watch: WatchOrder): Promise<WatchResult> => watchOrder(watch, { ask, watches, now, random }),
  };
}
