import {
  ActivityFailure,
  ApplicationFailure,
  proxyActivities,
  proxyLocalActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { PayoutActivities, StatusQuestion } from '../activities/activities';
import { hear, hearAnswer, hearSubmission, hearWatch, type LostSend, submissionOfLost } from '../domain/hearing';
import type { StatusAnswer, Submission, WatchResult } from '../domain/order-report';
import type { Payout } from '../domain/payout';
import { completeRequest } from '../domain/payout-request';
import type { Inbox } from './inbox';
import type { PayoutInput } from './messages';
import { askOptions, CONFIRM_LIMIT_MS, confirmOptions, submitOptions, watchOptions } from './policies';
import type { Collected } from './receiver-door';

/** The calls of one payout to the gateway. Each kind is under way once at most; what comes of it goes to the inbox. */
export interface GatewayCalls {
  /** Starts the one call that may create the order and returns the record that says so. */
  submit(held: Payout): Payout;
  ask(held: Payout): void;
  watch(held: Payout, untilMs: number): void;
  /** Asks at once, as a local activity, and returns the record that knows the answer. */
  confirm(held: Payout): Promise<Payout>;
  /** True when nothing under way would be lost by ending this run. */
  areIdle(): boolean;
}

export function createGatewayCalls(
  input: PayoutInput,
  { inbox, collected }: { inbox: Inbox; collected: Collected },
): GatewayCalls {
  const { policy, endpoint } = input;
  const local = proxyLocalActivities<Pick<PayoutActivities, 'fetchOrderStatus'>>(confirmOptions());
  const underWay = { submission: false, question: false, watch: false };
  const question = (held: Payout, timeoutMs: number): StatusQuestion => ({
    endpoint,
    clientOrderId: held.clientOrderId,
    orderId: held.orderId,
    timeoutMs,
  });
  const hearing = () => ({ policy, atMs: Date.now() });

  return {
    submit(held) {
      // A defect: it blocks the task, where sending a masked number would lose the payout.
      if (input.isAccountForgotten) throw new Error('expected no send after the account was forgotten');
      const request = completeRequest(input.request, collected.details);
      if (request === null) throw new Error('a payout without a destination must not be sent');
      underWay.submission = true;
      const { submitPayout } = proxyActivities<PayoutActivities>(submitOptions({ endpoint, policy }));
      const { callbackUrl, redirectUrl } = input;
      const order = { endpoint, request, callbackUrl, redirectUrl, answerTimeoutMs: policy.answerTimeoutMs };
      const heard = (submission: Submission | null) => {
        underWay.submission = false;
        inbox.put((payout) => hearSubmission(payout, submission, hearing()));
      };
      submitPayout(order).then(heard, (error: unknown) => heard(submissionOfLost(lostSend(error))));
      return hear(held, { kind: 'sending', atMs: Date.now() }, hearing());
    },
    ask(held) {
      if (underWay.question) return;
      underWay.question = true;
      const { fetchOrderStatus } = proxyActivities<PayoutActivities>(askOptions({ endpoint, policy }));
      const heard = (answer: StatusAnswer | null) => {
        underWay.question = false;
        inbox.put((payout) => hearAnswer(payout, answer, hearing()));
      };
      fetchOrderStatus(question(held, policy.answerTimeoutMs)).then(heard, () => heard(null));
    },
    watch(held, untilMs) {
      if (underWay.watch) return;
      underWay.watch = true;
      const gearSinceMs = held.gearSinceMs ?? held.createdAtMs;
      const forMs = Math.max(1, untilMs - Date.now());
      const { watchOrder } = proxyActivities<PayoutActivities>(watchOptions({ endpoint, policy, forMs }));
      const everyMs = policy.pollPlan[0].everyMs;
      const known = { redirectTo: held.redirectTo, oddity: knownOddity(held) };
      const order = { ...question(held, policy.answerTimeoutMs), known, everyMs, forMs, gearSinceMs };
      const heard = (result: WatchResult | null) => {
        underWay.watch = false;
        inbox.put((payout) => hearWatch(payout, result, { ...hearing(), gearSinceMs }));
      };
      watchOrder(order).then(heard, () => heard(null));
    },
    async confirm(held) {
      const timeoutMs = Math.min(CONFIRM_LIMIT_MS, policy.answerTimeoutMs);
      const answer = await local.fetchOrderStatus(question(held, timeoutMs)).catch(() => null);
      return hearAnswer(held, answer, hearing());
    },
    areIdle: () => !underWay.submission && !underWay.question && !underWay.watch,
  };
}

function lostSend(error: unknown): LostSend {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const isTimeout = cause instanceof TimeoutFailure;
  return {
    failureType: cause instanceof ApplicationFailure ? (cause.type ?? null) : null,
    timedOut: isTimeout && cause.timeoutType === 'START_TO_CLOSE',
    recorded: isTimeout && cause.lastHeartbeatDetails !== undefined,
  };
}

function knownOddity(held: Payout): 'unlisted_status' | 'order_not_found' | null {
  return held.attention === 'unlisted_status' || held.attention === 'order_not_found' ? held.attention : null;
}
