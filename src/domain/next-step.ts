import type { GivenUp } from './evidence';
import { holdDueAt, isHeld, needsHold, needsWord } from './gate';
import { detailsUntil, isFinalState, isSettled, type Payout, sendableSince } from './payout';
import { ENDPOINT_PAUSE_MS, horizonOf, intervalAt, nextBackoff, type PayoutPolicy, sendPause } from './poll-plan';

/** What a clock waits for: the time to send, another send, a question to the gateway, the last word on a claim, or a state's time limit. */
export const ALARM_CAUSES = [
  'details_ended',
  'approval_ended',
  'execute_at',
  'limit',
  'send_again',
  'ask',
  'claim_expired',
  'backoff_ended',
  'sending_ended',
  'horizon_ended',
] as const;
export type AlarmCause = (typeof ALARM_CAUSES)[number];

export interface Alarm {
  readonly atMs: number;
  readonly cause: AlarmCause;
}

/**
 * What a payout needs now. `wait` runs fast polling until `watchUntilMs` (or not, when null) beside one alarm; with neither, it
 * listens: only for a payout that waits for a person. What is due is never waited for.
 */
export type NextStep =
  | { readonly step: 'finish' | 'release' | 'hold' | 'consult' | 'submit' | 'await_submission' | 'confirm' | 'ask' }
  | { readonly step: 'give_up'; readonly what: GivenUp }
  | { readonly step: 'wait'; readonly watchUntilMs: number | null; readonly alarm: Alarm | null };

/** Decides what a payout needs now, from its record and its policy alone. Pure and total. */
export function nextStep(payout: Payout, policy: PayoutPolicy, nowMs: number): NextStep {
  const { state } = payout;
  if (isSettled(payout)) return { step: 'finish' };
  if (payout.claim !== null && !payout.claim.asked) return { step: 'confirm' };
  if (isFinalState(state)) return followStep(payout, policy, nowMs);
  switch (state) {
    case 'awaiting_details':
      return waitFor({ atMs: detailsUntil(payout) ?? payout.createdAtMs, cause: 'details_ended' }, nowMs);
    case 'awaiting_approval':
      return waitFor({ atMs: approvalUntil(payout), cause: 'approval_ended' }, nowMs);
    case 'scheduled':
      return waitFor({ atMs: executeAt(payout), cause: 'execute_at' }, nowMs);
    case 'accepted':
      if (needsHold(payout.gate)) return waitFor({ atMs: holdDueAt(payout.gate), cause: 'limit' }, nowMs);
      return sendStep(payout, nowMs);
    case 'sending': {
      if (payout.notSentAtMs === null) return { step: 'await_submission' };
      const next = waitFor(sendAgainAlarm(payout, payout.notSentAtMs, policy), nowMs);
      return next.step === 'submit' ? sendStep(payout, nowMs) : next;
    }
    case 'unconfirmed':
      return waitFor(backoffAlarm(payout, policy, nowMs), nowMs);
    case 'processing':
    case 'awaiting_receiver':
      return followStep(payout, policy, nowMs);
    case 'needs_review': {
      const untilMs = payout.gate?.waitingAct?.untilMs;
      const listening = { step: 'wait', watchUntilMs: null, alarm: null } as const;
      return untilMs === undefined ? listening : waitFor({ atMs: untilMs, cause: 'approval_ended' }, nowMs);
    }
  }
}

/**
 * When the time limit of a payout's present state ends, in epoch milliseconds: by then it is final or waits for a person.
 * Null when there is nothing more to wait for, or when only a person or a callback ends the wait.
 */
export function deadlineOf(payout: Payout, policy: PayoutPolicy): number | null {
  const { state } = payout;
  const horizonMs = (payout.followedSinceMs ?? payout.createdAtMs) + horizonOf(policy.pollPlan);
  if (isSettled(payout)) return null;
  if (isFinalState(state)) return horizonMs;
  switch (state) {
    case 'awaiting_details':
      return detailsUntil(payout);
    case 'awaiting_approval':
      return approvalUntil(payout);
    case 'scheduled':
      return executeAt(payout);
    case 'accepted':
      // A limit that has no room may have some tomorrow.
      if (needsHold(payout.gate) && payout.gate.limit !== undefined) return null;
      return sendableSince(payout) + policy.sendAgain.untilMs;
    case 'sending':
      return sendableSince(payout) + policy.sendAgain.untilMs;
    case 'unconfirmed':
      return (payout.unconfirmedSinceMs ?? payout.createdAtMs) + policy.backoff.untilMs;
    case 'processing':
    case 'awaiting_receiver':
      return horizonMs;
    case 'needs_review':
      return null;
  }
}

/** The hook is asked last, so that its word is fresh when the payout is sent. */
function sendStep({ gate }: Payout, nowMs: number): NextStep {
  return { step: needsWord(gate, nowMs) ? 'consult' : 'submit' };
}

function approvalUntil({ gate, createdAtMs }: Payout): number {
  return isHeld(gate) ? gate.word.untilMs : (gate?.approvalUntilMs ?? createdAtMs);
}

function executeAt({ gate, createdAtMs }: Payout): number {
  return gate?.schedule?.executeAtMs ?? createdAtMs;
}

/** The latest moment at which a payout accepted at `atMs` can still be waiting for anything but a person. */
export function lastDeadline(atMs: number, policy: PayoutPolicy): number {
  return atMs + policy.sendAgain.untilMs + policy.backoff.untilMs + horizonOf(policy.pollPlan);
}

const WHEN_DUE: Readonly<Record<AlarmCause, NextStep>> = {
  details_ended: { step: 'give_up', what: 'details' },
  approval_ended: { step: 'give_up', what: 'approval' },
  execute_at: { step: 'release' },
  limit: { step: 'hold' },
  send_again: { step: 'submit' },
  ask: { step: 'ask' },
  // By an ordinary request, which waits longer and is retried: a slow answer counts, and only no answer lets a claim become final alone.
  claim_expired: { step: 'ask' },
  backoff_ended: { step: 'give_up', what: 'backoff' },
  sending_ended: { step: 'give_up', what: 'sending' },
  horizon_ended: { step: 'give_up', what: 'horizon' },
};

function waitFor(alarm: Alarm, nowMs: number, watchUntilMs: number | null = null): NextStep {
  return alarm.atMs <= nowMs ? WHEN_DUE[alarm.cause] : { step: 'wait', watchUntilMs, alarm };
}

function sendAgainAlarm(payout: Payout, notSentAtMs: number, policy: PayoutPolicy): Alarm {
  const isPaused = payout.attention === 'endpoint_paused' || payout.attention === 'endpoint_not_served';
  const pauseMs = isPaused ? ENDPOINT_PAUSE_MS : sendPause(policy.sendAgain, payout.sendAttempts);
  const atMs = notSentAtMs + pauseMs;
  const endMs = deadlineOf(payout, policy) ?? atMs;
  return atMs < endMs ? { atMs, cause: 'send_again' } : { atMs: endMs, cause: 'sending_ended' };
}

function backoffAlarm(payout: Payout, policy: PayoutPolicy, nowMs: number): Alarm {
  const sinceMs = payout.unconfirmedSinceMs ?? payout.createdAtMs;
  const dueMs = nextBackoff(policy.backoff, (payout.lastAskedAtMs ?? sinceMs) - sinceMs);
  return dueMs === null ? { atMs: nowMs, cause: 'backoff_ended' } : { atMs: sinceMs + dueMs, cause: 'ask' };
}

/** Processing, waiting for the Receiver, or final on a callback alone: asked on until it is final and confirmed. */
function followStep(payout: Payout, policy: PayoutPolicy, nowMs: number): NextStep {
  const pollingSinceMs = payout.pollingSinceMs ?? payout.createdAtMs;
  const horizonMs = deadlineOf(payout, policy) ?? nowMs;
  const claimAlarm = claimExpiry(payout, policy);
  if (payout.polling === 'fast' && nowMs < horizonMs) {
    const watchUntilMs = Math.max(pollingSinceMs + policy.pollPlan[0].untilMs, nowMs + 1);
    return claimAlarm === null ? { step: 'wait', watchUntilMs, alarm: null } : waitFor(claimAlarm, nowMs, watchUntilMs);
  }
  // The pause is that of the last question: taken at `nowMs` it would grow while waiting, and a due question at a stage's end would be skipped.
  const lastAskedAtMs = payout.lastAskedAtMs ?? nowMs;
  const askAtMs = lastAskedAtMs + intervalAt(policy.pollPlan, lastAskedAtMs - pollingSinceMs);
  const ask: Alarm =
    askAtMs < horizonMs ? { atMs: askAtMs, cause: 'ask' } : { atMs: horizonMs, cause: 'horizon_ended' };
  return waitFor(claimAlarm !== null && claimAlarm.atMs < ask.atMs ? claimAlarm : ask, nowMs);
}

/** A claim can become final alone only if the gateway could not be reached since. */
function claimExpiry(payout: Payout, policy: PayoutPolicy): Alarm | null {
  if (payout.claim === null || payout.claim.reached || isFinalState(payout.state)) return null;
  return { atMs: payout.claim.atMs + policy.confirmWithinMs, cause: 'claim_expired' };
}
