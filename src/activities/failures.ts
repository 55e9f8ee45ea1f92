import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import {
  GATEWAY_FORBIDS,
  GATEWAY_UNANSWERED,
  GATEWAY_UNREADABLE,
  NOT_ASKED,
  noAnswerOf,
} from '../domain/apply-evidence';
import type { NoAnswer } from '../domain/order-report';
import { GatewayError, type GatewayErrorKind } from '../gateway/errors';
import { TurnTooLate } from './call-rate';

/** Failure types that cross the Temporal boundary; workflows and operators match on these, never on a message. */
export const NOT_FINAL_YET = 'NotFinalYet';
const NOT_DELIVERED = 'NotDelivered';
const HOOK_UNANSWERED = 'HookUnanswered';

/**
 * "Not final yet" as a retryable failure: the server's retry timer is the durable clock between two questions. BENIGN keeps it out of
 * logs and failure metrics; no stack, because the last failure of every open payout is kept in the server's mutable state.
 */
export function notFinalYet(nextRetryDelayMs: number): ApplicationFailure {
  return benign({ message: 'not final yet', type: NOT_FINAL_YET, nextRetryDelay: nextRetryDelayMs });
}

const FAILURE_OF: Readonly<Record<GatewayErrorKind, string>> = {
  unreachable: GATEWAY_UNANSWERED,
  no_answer: GATEWAY_UNANSWERED,
  redirected: GATEWAY_UNANSWERED,
  unreadable: GATEWAY_UNREADABLE,
  wrong_ids: GATEWAY_UNREADABLE,
  request_refused: GATEWAY_UNREADABLE,
  forbidden: GATEWAY_FORBIDS,
};

/** Why a question has no answer. */
export function noAnswerIn(error: unknown): NoAnswer {
  const failureType = error instanceof GatewayError ? FAILURE_OF[error.kind] : null;
  return error instanceof TurnTooLate ? 'not_asked' : noAnswerOf(failureType);
}

/**
 * The one table from a gateway error to what Temporal does about it: every question may be asked again; why it has no answer is a
 * type, so that the workflow and an operator see which. Anything else is a defect and is passed on unchanged.
 */
export function questionFailure(error: unknown, nextRetryDelayMs?: number): unknown {
  if (!(error instanceof GatewayError)) return error;
  return stackless(
    ApplicationFailure.create({
      ...wordsOf(error),
      ...(nextRetryDelayMs === undefined ? {} : { nextRetryDelay: nextRetryDelayMs }),
    }),
  );
}

function wordsOf(error: GatewayError): { message: string; type: string } {
  if (error instanceof TurnTooLate)
    return { message: 'our own limits or a stop left the question unasked', type: NOT_ASKED };
  return { message: `the gateway gave no usable answer: ${error.kind}`, type: FAILURE_OF[error.kind] };
}

/** A subscriber did not take a notification, in constant words; the server's retry timer is the durable clock until the next attempt. */
export function notDelivered(why: string, nextRetryDelayMs: number): ApplicationFailure {
  return benign({ message: why, type: NOT_DELIVERED, nextRetryDelay: nextRetryDelayMs });
}

/** A hook gave no answer, in constant words; it is asked again until its deadline, after pauses that grow: thousands may wait for a slot. */
export function hookUnanswered(why: string): ApplicationFailure {
  return benign({ message: why, type: HOOK_UNANSWERED });
}

/** This process stops, and another one is to continue at once. */
export function handedOver(): ApplicationFailure {
  return benign({ message: 'this worker stops', type: 'HandedOver', nextRetryDelay: 1 });
}

function benign(options: { message: string; type: string; nextRetryDelay?: number }): ApplicationFailure {
  return stackless(ApplicationFailure.create({ ...options, category: ApplicationFailureCategory.BENIGN }));
}

function stackless(failure: ApplicationFailure): ApplicationFailure {
  failure.stack = `${failure.name}: ${failure.message}`;
  return failure;
}
