import { detailsUntil, isSettled, type Payout } from './payout';
import { horizonOf, type PayoutPolicy } from './poll-plan';

/**
 * When the patience with a payout's present state ends, in epoch milliseconds: at the latest then it is final or in a person's hands.
 * Null when there is nothing more to wait for, or when only a person or a callback ends the wait.
 */
export function deadlineOf(payout: Payout, policy: PayoutPolicy): number | null {
  if (isSettled(payout)) return null;
  switch (payout.state) {
    case 'awaiting_details':
      return detailsUntil(payout);
    case 'accepted':
    case 'sending':
      // The time to get it sent begins when there is something to send.
      return (payout.collecting?.gotAtMs ?? payout.createdAtMs) + policy.sendAgain.untilMs;
    case 'unconfirmed':
      return (payout.unconfirmedSinceMs ?? payout.createdAtMs) + policy.backoff.untilMs;
    case 'needs_review':
      return null;
    default:
      return (payout.followedSinceMs ?? payout.createdAtMs) + horizonOf(policy.pollPlan);
  }
}

/** The latest moment at which a payout accepted at `atMs` can still be waiting for anything but a person. */
export function lastDeadline(atMs: number, policy: PayoutPolicy): number {
  return atMs + policy.sendAgain.untilMs + policy.backoff.untilMs + horizonOf(policy.pollPlan);
}
