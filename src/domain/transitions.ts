import { applyReport } from './apply-report';
import { applySubmission } from './apply-submission';
import { clearAttention, type Evidence, type GivenUp, isSilence, note, plainNote, setAttention } from './evidence';
import { applyOperator } from './operator';
import type { NoAnswer } from './order-report';
import { type AttentionReason, canStillBeSent, isFinalState, type Payout } from './payout';
import { applyDetails, applyReturned } from './receiver';
import { doubt, isContradicted, review, settle } from './settlement';

/**
 * The payout after one more piece of evidence: total over every state and every evidence, pure, and the only way a state changes.
 * A final state is never left and never replaced; what contradicts it is recorded and calls for attention.
 */
export function apply(payout: Payout, evidence: Evidence): Payout {
  switch (evidence.kind) {
    case 'sending':
      return startSending(payout, evidence.atMs);
    case 'submission':
      return applySubmission(payout, evidence.submission, evidence.atMs);
    case 'report':
      return applyReport(payout, evidence.report, evidence.atMs);
    case 'other_endpoint':
      return note(payout, plainNote('callback', 'other_endpoint'), { atMs: evidence.atMs, contradicts: true });
    case 'not_found':
      return applyNotFound(payout, evidence.atMs);
    case 'unanswered':
      return applyUnanswered(payout, evidence);
    case 'fast_polling_ended':
      return applyFastPollingEnded(payout, evidence);
    case 'operator':
      return applyOperator(payout, evidence.order, evidence.atMs);
    case 'reset':
      return applyReset(payout, evidence.atMs);
    case 'details':
      return applyDetails(payout, evidence);
    case 'returned':
      return applyReturned(payout, evidence.atMs);
    case 'given_up':
      return applyGivenUp(payout, evidence);
  }
}

/** A first send, or another one after a send that provably did not leave. From any other state nothing may be sent. */
function startSending(payout: Payout, atMs: number): Payout {
  if (payout.state !== 'accepted' && payout.state !== 'sending') return payout;
  return { ...payout, state: 'sending', sendAttempts: payout.sendAttempts + 1, notSentAtMs: null, updatedAtMs: atMs };
}

/**
 * The run before the reset may have sent what this one knows nothing of. Without an order, that is a doubt: asked about for a day, then
 * a person decides. From here on nothing is sent, cancelled or expired as if it were known that nothing left.
 */
function applyReset(payout: Payout, atMs: number): Payout {
  const noted = note(payout, plainNote('workflow', 'reset'), { atMs });
  if (!canStillBeSent(payout) || isContradicted(payout)) return noted;
  const cleared = clearAttention(noted);
  return doubt(isSilence(cleared.attention) ? { ...cleared, attention: null } : cleared, atMs);
}

/** "No such order" moves nothing: the create call may still be on its way. About an order that was seen it is an alarm. */
function applyNotFound(payout: Payout, atMs: number): Payout {
  const wasSeen = payout.orderId !== null;
  const noted = note(payout, plainNote('poll', 'not_found'), { atMs, contradicts: wasSeen });
  const asked = { ...noted, lastAskedAtMs: atMs, claim: noted.claim && { ...noted.claim, asked: true, reached: true } };
  return wasSeen ? setAttention(asked, 'order_not_found') : clearAttention(asked);
}

const ATTENTION_OF: Readonly<Record<NoAnswer, AttentionReason>> = {
  silent: 'gateway_unreachable',
  unreadable: 'gateway_unreadable',
  forbidden: 'gateway_forbids',
  not_asked: 'gateway_unreachable',
};
const WORD_OF: Readonly<Record<NoAnswer, string>> = {
  silent: 'unanswered',
  unreadable: 'unreadable',
  forbidden: 'forbidden',
  not_asked: 'unanswered',
};

function applyUnanswered(payout: Payout, evidence: Extract<Evidence, { kind: 'unanswered' }>): Payout {
  const { atMs, claimExpired, noAnswer = 'silent' } = evidence;
  const noted = note(payout, plainNote('poll', WORD_OF[noAnswer]), { atMs });
  const claim = noted.claim && { ...noted.claim, asked: true };
  const asked = { ...noted, lastAskedAtMs: atMs, claim };
  if (isFinalState(payout.state)) return asked;
  const open = setAttention(asked, ATTENTION_OF[noAnswer]);
  if (!claimExpired || claim === null || claim.reached || payout.state === 'needs_review') return open;
  return settle(clearAttention(open), {
    status: claim.status,
    by: 'callback',
    confirmed: false,
    reason: claim.reason,
    atMs,
  });
}

/** A polling that was started anew in the meantime has not ended. */
function applyFastPollingEnded(payout: Payout, evidence: Extract<Evidence, { kind: 'fast_polling_ended' }>): Payout {
  if (evidence.pollingSinceMs !== payout.pollingSinceMs) return payout;
  const ended = note(payout, plainNote('clock', 'fast_gear_ended'), { atMs: evidence.atMs });
  const slowed: Payout = { ...ended, lastAskedAtMs: evidence.atMs, polling: 'slow' };
  if (evidence.answered || isFinalState(payout.state)) return slowed;
  return setAttention(slowed, ATTENTION_OF[evidence.noAnswer ?? 'silent']);
}

/** Nobody came in time. Provably nothing was sent, so that this is final; whoever comes later finds it so. */
function applyExpired(payout: Payout, atMs: number): Payout {
  if (payout.state !== 'awaiting_details') return payout;
  const noted = note(payout, plainNote('clock', 'details_ended'), { atMs });
  return settle(clearAttention(noted), { status: 'expired', by: 'clock', confirmed: true, reason: null, atMs });
}

function applyGivenUp(payout: Payout, evidence: { atMs: number; what: GivenUp }): Payout {
  if (evidence.what === 'details') return applyExpired(payout, evidence.atMs);
  const noted = note(payout, plainNote('clock', `${evidence.what}_ended`), { atMs: evidence.atMs });
  if (isFinalState(payout.state)) {
    return payout.confirmed ? noted : { ...setAttention(noted, 'never_confirmed'), confirmationGivenUp: true };
  }
  return review(noted, evidence.what === 'backoff' ? 'outcome_unknown' : 'deadline_passed');
}
