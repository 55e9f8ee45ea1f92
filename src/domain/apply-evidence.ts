import type { Evidence } from './evidence';
import { nextStep } from './next-step';
import { isCallbackMessage, type NoAnswer, type StatusAnswer, type Submission, type WatchResult } from './order-report';
import type { Payout } from './payout';
import { type EnteredDetails, isReceiverDetails, maskDestination, readAddress } from './payout-request';
import type { PayoutPolicy } from './poll-plan';
import { apply } from './transitions';

/**
 * How results of calls become evidence. The workflow and the reader of its history both use these functions, so that what
 * a caller reads of an open payout is what the workflow holds.
 */
export interface EvidenceContext {
  readonly policy: PayoutPolicy;
  readonly atMs: number;
}

/** Type of the failure of a task whose payload could not be opened: its worker lacks the key. */
export const PAYLOAD_REFUSED = 'PayloadRefused';

/** Type of the failure of a call for an endpoint that its worker does not know. */
export const ENDPOINT_UNKNOWN = 'EndpointUnknown';
/** Type of every failure of a send that had begun: it may have left. */
export const SEND_BROKEN = 'SendBroken';
/** The failure of a worker that lacks the activity has the type of the SDK; a send that has begun fails as SEND_BROKEN, whatever broke it. */
const UNFIT: readonly string[] = [ENDPOINT_UNKNOWN, 'NotFoundError'];

/** The result of the creating call; `null` when the call itself was lost (its worker died, its time ran out). */
export function applySubmissionResult(payout: Payout, submission: Submission | null, context: EvidenceContext): Payout {
  const known = submission ?? ({ outcome: 'unconfirmed', cause: 'call_lost', orderId: null } as const);
  return applyEvidence(payout, { kind: 'submission', submission: known, atMs: context.atMs }, context);
}

/** How a call ended that has no result, as the server says it. */
export interface LostCall {
  /** The type of the failure it ended with; null when it ended with none of its own. */
  readonly failureType: string | null;
  /** The time of the server's that ran out; null when none did. */
  readonly timeout: string | null;
  /** An earlier attempt had failed: it was the last of several, of which one may have reached the gateway. */
  readonly hadFailed: boolean;
  /** The last heartbeat was on record: of a create call, that it was about to write. */
  readonly recorded: boolean;
}

/**
 * What a create call without a result came to. A worker that could not open what to send never began to; one that had not recorded
 * that it was about to write never wrote, and cannot any more: the server records nothing for an attempt it has given up. Of
 * everything else it is not known, which is `null`.
 */
export function submissionOfLost({ failureType, timeout, hadFailed, recorded }: LostCall): Submission | null {
  if (recorded) return null;
  if (failureType === PAYLOAD_REFUSED) return { outcome: 'not_sent', cause: 'payload_refused' };
  if (failureType !== null && UNFIT.includes(failureType)) return { outcome: 'not_sent', cause: 'worker_unfit' };
  if (timeout === 'SCHEDULE_TO_START' && !hadFailed) return { outcome: 'not_sent', cause: 'not_taken' };
  return timeout === 'START_TO_CLOSE' ? { outcome: 'not_sent', cause: 'lost_before_record' } : null;
}

/** What came of a status request: its answer, or why there is none. */
export type AskedAnswer = StatusAnswer | NoAnswer;

/** Types of the failure of a status request; the type says why there is no answer. */
export const GATEWAY_UNANSWERED = 'GatewayUnanswered';
export const GATEWAY_UNREADABLE = 'GatewayUnreadable';
export const GATEWAY_FORBIDS = 'GatewayForbids';
/** Type of the failure of a question that our own limits left no turn for, or that our own stop ended. */
export const NOT_ASKED = 'NotAsked';

const ANSWERS: Readonly<Record<string, NoAnswer>> = {
  [GATEWAY_UNREADABLE]: 'unreadable',
  [GATEWAY_FORBIDS]: 'forbidden',
  [NOT_ASKED]: 'not_asked',
};

/** What a question without a result came to. One that no worker took in time was not asked. */
export function answerOfLost({ failureType, timeout, hadFailed }: Omit<LostCall, 'recorded'>): NoAnswer {
  const isUnstarted = timeout !== null && timeout !== 'START_TO_CLOSE' && !hadFailed;
  return isUnstarted ? 'not_asked' : noAnswerOf(failureType);
}

/** Why a question has no answer, by the type of its failure. */
export function noAnswerOf(failureType: string | null): NoAnswer {
  return ANSWERS[failureType ?? ''] ?? 'silent';
}

/** The answer to one status request. A claim can become final alone only if the gateway was asked and did not answer. */
export function applyAnswer(payout: Payout, answer: AskedAnswer, context: EvidenceContext): Payout {
  const { atMs, policy } = context;
  if (typeof answer === 'string') {
    const isOver = payout.claim !== null && atMs >= payout.claim.atMs + policy.confirmWithinMs;
    const claimExpired = isOver && answer !== 'not_asked';
    return applyEvidence(payout, { kind: 'unanswered', claimExpired, noAnswer: answer, atMs }, context);
  }
  if (!answer.found) return applyEvidence(payout, { kind: 'not_found', reason: answer.reason, atMs }, context);
  return applyEvidence(payout, { kind: 'report', report: answer.report, atMs }, context);
}

/** What the watch of one stretch of fast polling came to; `null` when it was given up without a word. */
export function applyWatchResult(
  payout: Payout,
  result: WatchResult | null,
  context: EvidenceContext & { pollingSinceMs: number },
): Payout {
  const { atMs, pollingSinceMs } = context;
  if (result !== null && !result.ended) return applyAnswer(payout, result.answer, context);
  const { answered, noAnswer = 'silent' } = result ?? { answered: false };
  return applyEvidence(payout, { kind: 'fast_polling_ended', pollingSinceMs, answered, noAnswer, atMs }, context);
}

/** A signal that should be a callback. One that is none changes nothing; one of another endpoint proves nothing. */
export function recordCallback(payout: Payout, message: unknown, context: EvidenceContext): Payout {
  if (!isCallbackMessage(message)) return payout;
  const { atMs } = context;
  const isOurs = message.endpoint === payout.endpoint;
  return applyEvidence(
    payout,
    isOurs ? { kind: 'report', report: message.report, atMs } : { kind: 'other_endpoint', atMs },
    context,
  );
}

/** A signal that should say whether enough others may approve. */
export function recordApprovers(payout: Payout, message: unknown, context: EvidenceContext): Payout {
  const { isBlocked } = (message ?? {}) as { readonly isBlocked?: unknown };
  if (typeof isBlocked !== 'boolean') return payout;
  return applyEvidence(payout, { kind: 'approvers', isBlocked, atMs: context.atMs }, context);
}

/** A signal that should be what the Receiver entered. The record keeps the masked tail, and the network address it came from. */
export function applyDetails(payout: Payout, details: unknown, context: EvidenceContext): Payout {
  if (!isReceiverDetails(details)) return payout;
  const enteredFrom = readAddress((details as EnteredDetails).enteredFrom);
  const destination = maskDestination(details.destination);
  return applyEvidence(payout, { kind: 'details', destination, enteredFrom, atMs: context.atMs }, context);
}

/** One piece of evidence, and after it whatever the clock has to say by then. */
export function applyEvidence(payout: Payout, evidence: Evidence, context: EvidenceContext): Payout {
  return applyClock(apply(payout, evidence), context);
}

/** Does what the clock says: sends what is due, and gives up what its time has run out for. */
export function applyClock(payout: Payout, { policy, atMs }: EvidenceContext): Payout {
  const next = nextStep(payout, policy, atMs);
  if (next.step === 'release') return apply(payout, { kind: 'due', atMs });
  return next.step === 'give_up' ? apply(payout, { kind: 'given_up', what: next.what, atMs }) : payout;
}
