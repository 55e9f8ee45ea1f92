import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import { ActivityCancellationType } from '@temporalio/workflow';
import type { HookClaim } from '../domain/hook';
import type { PayoutPolicy } from '../domain/poll-plan';
import { type CallKind, gatewayTaskQueue, HOOKS_TASK_QUEUE } from './messages';

/** Above this many events a run continues as new: before the store stops signalling to it, and far above any ordinary payout. */
export const CONTINUE_AS_NEW_EVENTS = 800;
/** A payout that took this many callbacks is being flooded: it keeps its run, so that the store's bound holds for the whole payout ... */
export const MANY_CALLBACKS = 500;
/** ... up to this many events, which its own polling does not reach. */
export const CONTINUE_FLOODED_EVENTS = 4_000;

interface Question {
  readonly kind: CallKind;
  readonly tries: number;
}

interface CallOptions {
  readonly endpoint: string;
  readonly policy: PayoutPolicy;
}

/**
 * The one call that moves money: a single attempt, never a local activity. Its timeout is the end of what we know about it, not a
 * refusal. WAIT_CANCELLATION_COMPLETED (the default) is wanted here: a cancelled workflow must still learn what was sent.
 */
export function submitOptions({ endpoint, policy }: CallOptions): ActivityOptions {
  return {
    taskQueue: gatewayTaskQueue(endpoint, 'send'),
    startToCloseTimeout: policy.submitTimeoutMs,
    // A call that no worker takes is taken back: the payout's own clock goes on, and attention is set.
    scheduleToStartTimeout: TAKEN_WITHIN_MS,
    retry: { maximumAttempts: 1 },
  };
}

/** Longer than a send waits for its turn at a busy endpoint, short enough for a person to learn that no worker serves it. */
export const TAKEN_WITHIN_MS = 5 * 60_000;

/** One question by an ordinary activity. `tries`: one where polls follow in seconds, more where the next question may be hours away. */
export function askOptions({ endpoint, policy, kind, tries }: CallOptions & Question): ActivityOptions {
  return {
    taskQueue: gatewayTaskQueue(endpoint, kind),
    startToCloseTimeout: policy.answerTimeoutMs + ANSWER_SLACK_MS,
    scheduleToCloseTimeout: 4 * (policy.answerTimeoutMs + ANSWER_SLACK_MS),
    retry: { initialInterval: '2s', backoffCoefficient: 3, maximumAttempts: tries },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  };
}

/**
 * Fast polling: one activity that asks until there is news, so a question adds no history event and wakes no workflow. Its worker holds
 * short pauses; what it does not hold is an attempt a question, by the server's retry timer. The heartbeat shows a lost worker.
 * TRY_CANCEL: nothing ever waits for a watch.
 */
export function watchOptions({ endpoint, policy, forMs }: CallOptions & { forMs: number }): ActivityOptions {
  return {
    taskQueue: gatewayTaskQueue(endpoint, 'poll'),
    scheduleToCloseTimeout: forMs + policy.answerTimeoutMs + ANSWER_SLACK_MS,
    heartbeatTimeout: WATCH_HEARTBEAT_MS,
    retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '1m' },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  };
}

/** A watch whose worker was lost goes on elsewhere after this. The SDK sends at most one heartbeat in four fifths of it. */
const WATCH_HEARTBEAT_MS = 20_000;

/** The first try of a confirmation: a local activity, short and in bounded slots, for the workflow task waits for it. */
export function confirmSoonOptions(): LocalActivityOptions {
  return {
    startToCloseTimeout: CONFIRM_LIMIT_MS + CONFIRM_SLACK_MS,
    scheduleToCloseTimeout: CONFIRM_LIMIT_MS + CONFIRM_SLACK_MS,
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  };
}

/** How long the confirmation may hold the workflow task, whose own timeout is 10 s. */
export const CONFIRM_LIMIT_MS = 2_000;
const CONFIRM_SLACK_MS = 500;
/** The call ends by its own limit first, so that its answer is a word of ours and not a timeout of the server's. */
const ANSWER_SLACK_MS = 2_000;

/** How long storing a notification may hold the workflow task at the end of a payout. */
const STORE_LIMIT_MS = 2_000;

/** The last notification, stored within the workflow task that records the end. One attempt: if it fails, an ordinary activity follows. */
export function storeNoticeLocallyOptions(): LocalActivityOptions {
  return {
    startToCloseTimeout: STORE_LIMIT_MS,
    scheduleToCloseTimeout: STORE_LIMIT_MS,
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  };
}

/** A hold on a limit is asked for until there is an answer, and settled until that is done. */
export function limitOptions(): ActivityOptions {
  return {
    startToCloseTimeout: '15s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  };
}

/** The hook is asked again within its deadline; what is no answer by then is one for a person. */
export function hookOptions({ timeoutMs, deadlineMs }: HookClaim): ActivityOptions {
  return {
    taskQueue: HOOKS_TASK_QUEUE,
    startToCloseTimeout: timeoutMs + ANSWER_SLACK_MS,
    scheduleToCloseTimeout: deadlineMs,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
    summary: 'ask the service before the send',
  };
}

/** A notification is stored at least once, however long it takes. */
export function storeNoticeOptions(): ActivityOptions {
  return {
    startToCloseTimeout: '10s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  };
}

/**
 * The delivery of one event: one activity whose attempts are the requests, so that 72 h of them add no event. The activity itself says
 * when it gives up; the timeout is a guard. The intervals are those after a worker that was lost during a request.
 */
export function deliverOptions(): ActivityOptions {
  return {
    startToCloseTimeout: '30s',
    scheduleToCloseTimeout: '80h',
    retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '1h' },
    summary: 'deliver to the subscriber',
  };
}
