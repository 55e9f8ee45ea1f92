import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { PayoutActivities } from '../activities/activities';
import type { Oddity, StatusQuestion } from '../activities/watch-order';
import {
  type AskedAnswer,
  answerOfLost,
  applyAnswer,
  applyEvidence,
  applySubmissionResult,
  applyWatchResult,
  type LostCall,
  submissionOfLost,
} from '../domain/apply-evidence';
import type { Submission, WatchResult } from '../domain/order-report';
import { isContradictedFinal, isFinalState, type Payout } from '../domain/payout';
import { completeRequest } from '../domain/payout-request';
import type { Inbox } from './inbox';
import type { PayoutInput } from './messages';
import type { Checks } from './operator-updates';
import { askOptions, CONFIRM_LIMIT_MS, confirmSoonOptions, submitOptions, watchOptions } from './policies';
import type { Collected } from './receiver-signals';

/** The calls of one payout to the gateway. Each kind is under way once at most; what comes of it goes to the inbox. */
export interface GatewayCalls {
  /** Starts the one call that may create the order and returns the record that says so. */
  submit(current: Payout): Payout;
  ask(current: Payout): void;
  watch(current: Payout, untilMs: number): void;
  /** Asks at once: within this workflow task where that is possible, else by an ordinary activity in slots of its own. */
  confirm(current: Payout): void;
  /** True when nothing under way would be lost by ending this run: the next one begins a watch again. */
  areIdle(): boolean;
  /** True while what comes of a create call is not known. */
  isSending(): boolean;
}

export function createGatewayCalls(
  input: PayoutInput,
  { inbox, collected, checks }: { inbox: Inbox; collected: Collected; checks: Checks },
): GatewayCalls {
  const { policy, endpoint } = input;
  const local = proxyLocalActivities<Pick<PayoutActivities, 'confirmSoon'>>(confirmSoonOptions());
  const underWay = { submission: false, question: false, confirmation: false, watch: false };
  const question = (current: Payout, kind: StatusQuestion['kind']): StatusQuestion => ({
    ...{ endpoint, kind },
    clientOrderId: current.clientOrderId,
    orderId: current.orderId,
    timeoutMs: policy.answerTimeoutMs,
  });
  const fetchStatus = (order: StatusQuestion, tries: number, take: (answer: AskedAnswer) => void): void => {
    const { fetchOrderStatus } = proxyActivities<PayoutActivities>(
      askOptions({ endpoint, policy, kind: order.kind, tries }),
    );
    fetchOrderStatus(order).then(take, (error: unknown) => take(answerOfLost(readLost(error))));
  };
  const context = () => ({ policy, atMs: Date.now() });
  const answerChecks = (current: Payout): Payout => {
    checks.answer(current);
    return current;
  };

  return {
    submit(current) {
      // A defect: it blocks the task, where sending a masked number would lose the payout.
      if (input.isAccountForgotten) throw new Error('expected no send after the account was forgotten');
      const request = completeRequest(input.request, collected.details);
      if (request === null) throw new Error('a payout without a destination must not be sent');
      underWay.submission = true;
      const { submitPayout } = proxyActivities<PayoutActivities>(submitOptions({ endpoint, policy }));
      const { callbackUrl, redirectUrl } = input;
      const { answerTimeoutMs } = policy;
      // The run id is data: a branch on it would break the replay of a reset run.
      const { runId } = workflowInfo();
      const order = { endpoint, request, callbackUrl, redirectUrl, answerTimeoutMs, runId };
      const take = (submission: Submission | null) => {
        underWay.submission = false;
        inbox.put((payout) => applySubmissionResult(payout, submission, context()));
      };
      submitPayout(order).then(take, (error: unknown) => take(submissionOfLost(readLost(error))));
      return applyEvidence(current, { kind: 'sending', atMs: Date.now() }, context());
    },
    ask(current) {
      if (underWay.question) return;
      underWay.question = true;
      fetchStatus(question(current, current.claim === null ? 'poll' : 'confirm'), 3, (answer) => {
        underWay.question = false;
        inbox.put((payout) => applyAnswer(payout, answer, context()));
      });
    },
    watch(current, untilMs) {
      if (underWay.watch) return;
      underWay.watch = true;
      const pollingSinceMs = current.pollingSinceMs ?? current.createdAtMs;
      const forMs = Math.max(1, untilMs - Date.now());
      const { watchOrder } = proxyActivities<PayoutActivities>(watchOptions({ endpoint, policy, forMs }));
      const everyMs = policy.pollPlan[0].everyMs;
      const { state, redirectTo } = current;
      const final = isFinalState(state) ? { final: { state, isContradicted: isContradictedFinal(current) } } : {};
      const known = { redirectTo, oddity: knownOddity(current), ...final };
      const order = { ...question(current, 'poll'), known, everyMs, forMs, pollingSinceMs };
      const take = (result: WatchResult | null) => {
        underWay.watch = false;
        inbox.put((payout) => applyWatchResult(payout, result, { ...context(), pollingSinceMs }));
      };
      watchOrder(order).then(take, () => take(null));
    },
    confirm(current) {
      if (underWay.confirmation) return;
      underWay.confirmation = true;
      const order = question(current, 'confirm');
      const take = (answer: AskedAnswer) => {
        underWay.confirmation = false;
        inbox.put((payout) => answerChecks(applyAnswer(payout, answer, context())));
      };
      // An operator who asked is not kept waiting for a slow gateway: what it says will be in the timeline.
      const patiently = () => {
        inbox.put(answerChecks);
        fetchStatus(order, 1, take);
      };
      local
        .confirmSoon({ ...order, timeoutMs: Math.min(CONFIRM_LIMIT_MS, order.timeoutMs) })
        .then((answer) => (answer === null ? patiently() : take(answer)), patiently);
    },
    isSending: () => underWay.submission,
    areIdle: () => !underWay.submission && !underWay.question && !underWay.confirmation,
  };
}

function readLost(error: unknown): LostCall {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const timeout = cause instanceof TimeoutFailure ? cause : undefined;
  return {
    failureType: cause instanceof ApplicationFailure ? (cause.type ?? null) : null,
    timeout: timeout?.timeoutType ?? null,
    hadFailed: timeout?.cause !== undefined,
    recorded: timeout?.lastHeartbeatDetails !== undefined,
  };
}

const ODDITIES: readonly Oddity[] = ['unlisted_status', 'redirect_unusable', 'order_not_found'];

function knownOddity(current: Payout): Oddity | null {
  return ODDITIES.find((oddity) => oddity === current.attention) ?? null;
}
