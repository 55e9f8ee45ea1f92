import { isSilence, setAttention } from './evidence';
import type { Reason } from './order-report';
import { type AttentionReason, type FinalState, isFinalState, isSettled, type Payout } from './payout';

export interface Settlement {
  readonly status: FinalState;
  readonly by: 'submission' | 'poll' | 'callback' | 'operator' | 'clock';
  readonly confirmed: boolean;
  readonly reason: Reason | null;
  readonly atMs: number;
}

/** The payout with its one final state. Callers have checked that it has none yet. */
export function settle(payout: Payout, settlement: Settlement): Payout {
  const { status, by, confirmed, reason, atMs } = settlement;
  const settled: Payout = {
    ...payout,
    state: status,
    settledBy: by,
    confirmed,
    reason: status === 'approved' ? null : reason,
    claim: null,
    redirectTo: null,
    settledAtMs: atMs,
    updatedAtMs: atMs,
    // A clock agrees with nobody.
    agreedAtMs: by === 'clock' ? payout.agreedAtMs : { ...payout.agreedAtMs, [by]: payout.agreedAtMs[by] ?? atMs },
  };
  // The gateway counts it as declined and says that something went wrong: a person asks before it is paid again.
  return status === 'error' && by !== 'operator' ? setAttention(settled, 'ended_in_error') : settled;
}

/**
 * A payout whose workflow ended without its result: terminated, cancelled, timed out or failed. Nothing follows it any more, and what it
 * was doing then is no answer. A final state stays.
 */
export function notFollowed(payout: Payout): Payout {
  if (isSettled(payout)) return payout;
  const state = isFinalState(payout.state) ? payout.state : 'needs_review';
  return { ...payout, state, attention: 'not_followed', redirectTo: null };
}

/** The payout handed to a person, still open and still listening. */
export function review(payout: Payout, attention: AttentionReason): Payout {
  return { ...setAttention(payout, attention), state: 'needs_review', redirectTo: null };
}

/** Review for want of an answer may end by an answer; review for a contradiction ends by a person only. */
export function isContradicted(payout: Payout): boolean {
  return payout.state === 'needs_review' && !isSilence(payout.attention);
}

/** True while no order of this payout is known: not sent, or not known to have been. */
export function isBeforeOrder({ state }: Payout): boolean {
  const isUnsent = state === 'awaiting_details' || state === 'accepted';
  return isUnsent || state === 'sending' || state === 'unconfirmed';
}

/** It may have been sent, and no order is known: asked about from now on. */
export function doubt(payout: Payout, atMs: number): Payout {
  return { ...payout, state: 'unconfirmed', unconfirmedSinceMs: atMs, lastAskedAtMs: atMs };
}

/** The order is known to exist: a payout that was waiting to learn that, or not sent yet, is followed from here on. */
export function follow(payout: Payout, atMs: number): Payout {
  const wasInDoubt = payout.state === 'needs_review' && payout.attention === 'outcome_unknown';
  return isBeforeOrder(payout) || wasInDoubt ? restart(payout, atMs) : payout;
}

/** Following anew, from fast polling and with the whole horizon ahead. */
export function restart(payout: Payout, atMs: number): Payout {
  const attention = isSilence(payout.attention) ? null : payout.attention;
  return {
    ...payout,
    state: 'processing',
    attention,
    followedSinceMs: atMs,
    pollingSinceMs: atMs,
    polling: 'fast',
    notSentAtMs: null,
  };
}
