import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { shownAttention } from '../domain/approvals';
import type { NextStep } from '../domain/next-step';
import { deadlineOf, lastDeadline } from '../domain/next-step';
import { isFinalState, type Payout, sendableSince } from '../domain/payout';
import { type PayoutInput, searchAttributes } from './messages';
import { describePayout } from './status-text';

/** What an operator sees of a payout in the Temporal UI. */
export interface StatusDetails {
  /** `destinationHash`: of what the Receiver entered, null before. */
  show(current: Payout, next: NextStep, destinationHash: string | null): void;
}

const AT_START = 'open';
/** Published of a payout that waits for its gate. Once released it is like any other. */
const HELD = /^(?:awaiting_approval|scheduled) (\w*) /;

/**
 * Plain words as current details (no event), and search attributes once the payout leaves the fast path or ends: each upsert is an event
 * and a billed action. From then on every change is written, so that lists do not keep what has passed. Attributes are stored unencrypted: nothing personal may be in either.
 */
export function createStatusDetails(input: PayoutInput, begun: Payout): StatusDetails {
  const { policy } = input;
  // Both are below the public base URL.
  const page = input.callbackUrl.replace(/\/callbacks\/[^/]*$/, '/operate');
  let published = attributesAtStart(input, begun);
  let isHashPublished = false;
  return {
    show(current, next, destinationHash) {
      setCurrentDetails(describePayout(current, next, policy, page));
      const held = isWorthAnEvent(current) ? null : HELD.exec(published);
      const isReleased = held !== null;
      const hash = isHashPublished ? null : destinationHash;
      if (hash !== null || isReleased) {
        isHashPublished ||= hash !== null;
        published = AT_START;
        upsertSearchAttributes([
          { key: searchAttributes.state, value: AT_START },
          ...(held?.[1] ? [{ key: searchAttributes.attention, value: null }] : []),
          ...(hash === null ? [] : [{ key: searchAttributes.destinationHash, value: hash }]),
          { key: searchAttributes.nextDeadline, value: new Date(lastDeadline(sendableSince(current), policy)) },
        ]);
      }
      if (published === AT_START && !isWorthAnEvent(current)) return;
      const key = attributesKey(current);
      if (key === published) return;
      published = key;
      const deadlineMs = deadlineOf(current, policy);
      upsertSearchAttributes([
        { key: searchAttributes.state, value: current.state },
        { key: searchAttributes.outcome, value: isFinalState(current.state) ? current.state : null },
        { key: searchAttributes.attention, value: shownAttention(current) },
        { key: searchAttributes.orderId, value: current.orderId },
        { key: searchAttributes.nextDeadline, value: deadlineMs === null ? null : new Date(deadlineMs) },
      ]);
    },
  };
}

/** What the API set when it started the run: a payout that is not sent at once says so from the beginning. */
function attributesAtStart({ carried }: PayoutInput, begun: Payout): string {
  return carried === undefined && begun.state === 'accepted' ? AT_START : attributesKey(begun);
}

function attributesKey(payout: Payout): string {
  return [payout.state, shownAttention(payout), payout.orderId].join(' ');
}

/** The fast path (accepted, sending, processing while the gateway answers) is `open` in lists and costs nothing. */
function isWorthAnEvent(payout: Payout): boolean {
  const isFastPath = payout.state === 'accepted' || payout.state === 'sending' || payout.state === 'processing';
  return !isFastPath || payout.attention !== null || (payout.state === 'processing' && payout.polling === 'slow');
}
