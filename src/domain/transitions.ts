import { applyHook, applyLimit, holdingAnew } from './apply-gate';
import { applyApprovers, expireApproval, withoutAct } from './approvals';
import { type Evidence, note, plainNote, reportNote, saysForbidden } from './evidence';
import { lacksWord, needsHold } from './gate';
import { applyOperator } from './operator-acts';
import type { NoAnswer, NotSentCause, OrderReport, Submission } from './order-report';
import {
  type AttentionReason,
  advance,
  awaitsApproval,
  canStillBeSent,
  clearAttention,
  isContradicted,
  isFinalState,
  isFollowed,
  isInReview,
  isScheduled,
  isSending,
  isSilence,
  maySend,
  type Payout,
  setAttention,
  takesDetails,
} from './payout';
import { applyReport, callPerson, doubt, endUnsent, follow, reached, review, settle } from './settlement';

/** The evidence of one kind. */
type Of<Kind extends Evidence['kind']> = Extract<Evidence, { kind: Kind }>;

/**
 * The payout after one more piece of evidence: total over every state and every evidence, pure, and the only way a state changes.
 * A final state is never left and never replaced; what contradicts it is recorded and needs attention.
 */
export function apply(payout: Payout, evidence: Evidence): Payout {
  const after = applyOne(payout, evidence);
  // An act waits for approvals as long as a person decides: what it was about has changed since.
  return after.gate?.waitingAct === undefined || isInReview(after) ? after : { ...after, gate: withoutAct(after.gate) };
}

function applyOne(payout: Payout, evidence: Evidence): Payout {
  const { atMs } = evidence;
  switch (evidence.kind) {
    case 'details':
      return applyDetails(payout, evidence);
    case 'sending':
      return startSending(payout, atMs);
    case 'submission':
      return applySubmission(payout, evidence.submission, atMs);
    case 'report':
      return applyReport(payout, evidence.report, atMs);
    case 'other_endpoint':
      return note(payout, plainNote('callback', 'other_endpoint'), { atMs, contradicts: true });
    case 'not_found':
      return applyNotFound(payout, atMs);
    case 'unanswered':
      return applyUnanswered(payout, evidence);
    case 'fast_polling_ended':
      return applyFastPollingEnded(payout, evidence);
    case 'returned':
      return isReturnWorthAsking(payout, atMs) ? note(payout, plainNote('receiver', 'returned'), { atMs }) : payout;
    case 'due':
      return applyDue(payout, atMs);
    case 'limit':
      return applyLimit(payout, evidence.answer, atMs);
    case 'hook':
      return applyHook(payout, evidence.answer, atMs);
    case 'operator':
      return applyOperator(payout, evidence.order, atMs);
    case 'approvers':
      return applyApprovers(payout, evidence.isBlocked, atMs);
    case 'reset':
      return applyReset(payout, atMs);
    case 'given_up':
      return applyGivenUp(payout, evidence);
  }
}

/**
 * The Receiver said where the money goes: the first word counts, and none after the payout went on, was cancelled or expired. A second
 * one is noted, because two people may have had the link; so is the address each came from.
 */
function applyDetails(payout: Payout, { destination, enteredFrom, atMs }: Of<'details'>): Payout {
  if (payout.collecting === undefined) return payout;
  const isTaken = takesDetails(payout);
  const entry = plainNote('receiver', isTaken ? 'details' : 'details_too_late');
  const noted = note(payout, enteredFrom === null ? entry : { ...entry, enteredFrom }, { atMs });
  if (!isTaken) return noted;
  return advance({ ...noted, destination, collecting: { ...payout.collecting, gotAtMs: atMs } }, atMs);
}

/** The clock alone does not make it so: the gate says whether the payout may be sent by now. */
function applyDue(payout: Payout, atMs: number): Payout {
  if (!isScheduled(payout)) return payout;
  const released = advance(payout, atMs);
  return isScheduled(released) ? payout : note(released, plainNote('clock', 'due'), { atMs });
}

/** A first send, or another one after a send that provably did not leave. From any other state nothing may be sent. */
function startSending(payout: Payout, atMs: number): Payout {
  if (!maySend(payout) || needsHold(payout.gate) || lacksWord(payout.gate)) return payout;
  return { ...payout, state: 'sending', sendAttempts: payout.sendAttempts + 1, notSentAtMs: null, updatedAtMs: atMs };
}

/** What came of the call that creates the order. A doubt is a state, never a refusal. */
function applySubmission(payout: Payout, submission: Submission, atMs: number): Payout {
  switch (submission.outcome) {
    case 'accepted':
      return applyAccepted(payout, submission, atMs);
    case 'adopted':
      return applyAdopted(payout, submission.report, atMs);
    case 'refused':
      return applyRefused(payout, submission, atMs);
    case 'not_sent':
      return applyNotSent(payout, submission.cause, atMs);
    case 'unconfirmed':
      return applyUnconfirmed(payout, submission, atMs);
  }
}

type Outcome<Name extends Submission['outcome']> = Extract<Submission, { outcome: Name }>;

function applyAccepted(payout: Payout, { orderId, serialNumber }: Outcome<'accepted'>, atMs: number): Payout {
  const differs = payout.orderId !== null && payout.orderId !== orderId;
  const entry = { ...plainNote('submission', 'accepted'), orderId, serialNumber };
  const noted = note(payout, entry, { atMs, contradicts: differs });
  return differs ? callPerson(noted, 'order_id_mismatch') : follow(clearAttention({ ...noted, orderId }), atMs);
}

/** The call found an order and sent nothing. Unless an earlier call of this payout may have made it, a person confirms that it is ours. */
function applyAdopted(payout: Payout, report: OrderReport, atMs: number): Payout {
  const noted = note(payout, plainNote('submission', 'adopted'), { atMs });
  if (payout.unconfirmedSinceMs !== null) return applyReport(noted, report, atMs);
  if (isSending(payout)) return applyReport({ ...noted, notSentAtMs: atMs }, report, atMs);
  if (isFinalState(payout.state)) return setAttention(applyReport(noted, report, atMs), 'adopted_unseen');
  const orderId = payout.orderId ?? report.orderId;
  return review({ ...note(noted, reportNote(report), { atMs }), orderId }, 'adopted_unseen');
}

/**
 * A refusal is final, unless our order was seen or an earlier call ended in doubt (it may be refused for being the second):
 * then a person decides.
 */
function applyRefused(payout: Payout, { reason, serialNumber }: Outcome<'refused'>, atMs: number): Payout {
  const hasDoubt = payout.unconfirmedSinceMs !== null || payout.evidence.some(saysForbidden);
  const mayExist = payout.orderId !== null || hasDoubt || !isSending(payout);
  const entry = { ...plainNote('submission', 'refused'), serialNumber };
  const noted = note(payout, entry, { atMs, contradicts: mayExist });
  if (mayExist) return callPerson(noted, 'conflict');
  return settle(clearAttention(noted), { status: 'rejected', by: 'submission', confirmed: true, reason, atMs });
}

/** The attention of a send that did not leave; null if the next try resolves it and a person can do no more. */
const ATTENTION_OF_UNSENT: Readonly<Record<NotSentCause, AttentionReason | null>> = {
  unreachable: 'gateway_unreachable',
  probe_unanswered: 'gateway_unreachable',
  probe_unreadable: 'gateway_unreadable',
  past_deadline: 'gateway_unreachable',
  payload_refused: 'gateway_unreachable',
  forbidden: 'gateway_forbids',
  endpoint_paused: 'endpoint_paused',
  not_taken: 'endpoint_not_served',
  worker_unfit: 'endpoint_not_served',
  not_recorded: null,
  lost_before_record: null,
};

function applyNotSent(payout: Payout, cause: NotSentCause, atMs: number): Payout {
  const noted = note(payout, plainNote('submission', `not_sent_${cause}`), { atMs });
  if (!isSending(payout)) return noted;
  // A paused endpoint got no call: its pause is flat, and the growth of the others must not be counted up by it.
  const isUncalled = cause === 'endpoint_paused' && payout.notSentAtMs === null;
  const unsent = { ...noted, sendAttempts: payout.sendAttempts - (isUncalled ? 1 : 0), notSentAtMs: atMs };
  const attention = ATTENTION_OF_UNSENT[cause];
  return attention === null ? clearAttention(unsent) : setAttention(unsent, attention);
}

function applyUnconfirmed(payout: Payout, { cause, orderId }: Outcome<'unconfirmed'>, atMs: number): Payout {
  const noted = note(payout, { ...plainNote('submission', `unconfirmed_${cause}`), orderId }, { atMs });
  if (!isSending(payout)) return noted;
  return doubt({ ...clearAttention(noted), orderId: noted.orderId ?? orderId }, atMs);
}

/** "No such order" moves nothing: the create call may still be on its way. About an order that was seen it is an alarm. */
function applyNotFound(payout: Payout, atMs: number): Payout {
  const wasSeen = payout.orderId !== null;
  const noted = note(payout, plainNote('poll', 'not_found'), { atMs, contradicts: wasSeen });
  const asked = { ...noted, ...reached(noted, atMs) };
  return wasSeen ? setAttention(asked, 'order_not_found') : clearAttention(asked);
}

const UNANSWERED: Readonly<Record<NoAnswer, { readonly attention: AttentionReason; readonly what: string }>> = {
  silent: { attention: 'gateway_unreachable', what: 'unanswered' },
  unreadable: { attention: 'gateway_unreadable', what: 'unreadable' },
  forbidden: { attention: 'gateway_forbids', what: 'forbidden' },
  not_asked: { attention: 'gateway_unreachable', what: 'unanswered' },
};

function applyUnanswered(payout: Payout, { atMs, claimExpired, noAnswer = 'silent' }: Of<'unanswered'>): Payout {
  const { attention, what } = UNANSWERED[noAnswer];
  const noted = note(payout, plainNote('poll', what), { atMs });
  const claim = noted.claim && { ...noted.claim, asked: true };
  const asked = { ...noted, lastAskedAtMs: atMs, claim };
  if (isFinalState(payout.state)) return asked;
  const open = setAttention(asked, attention);
  if (!claimExpired || claim === null || claim.reached || isInReview(payout)) return open;
  const { status, reason } = claim;
  return settle(clearAttention(open), { status, by: 'callback', confirmed: false, reason, atMs });
}

/** A polling that was started again in the meantime has not ended. */
function applyFastPollingEnded(payout: Payout, evidence: Of<'fast_polling_ended'>): Payout {
  const { atMs, answered, noAnswer = 'silent' } = evidence;
  if (evidence.pollingSinceMs !== payout.pollingSinceMs) return payout;
  const noted = note(payout, plainNote('clock', 'fast_polling_ended'), { atMs });
  const slowed: Payout = { ...noted, lastAskedAtMs: atMs, polling: 'slow' };
  return answered || isFinalState(payout.state) ? slowed : setAttention(slowed, UNANSWERED[noAnswer].attention);
}

/** Questions that returns of the Receiver may cause: anyone with the link can return as often as they like. */
const MOST_RETURNS = 20;
const BETWEEN_RETURNS_MS = 15_000;

/**
 * True when the Receiver's coming back from the gateway's form, which says nothing of how it went, is a reason to ask the order status
 * now: an order is followed, and there was no return a moment ago, nor a great many before.
 */
export function isReturnWorthAsking(payout: Payout, atMs: number): boolean {
  const returns = payout.evidence.filter(({ source, what }) => source === 'receiver' && what === 'returned');
  const times = returns.reduce((sum, entry) => sum + entry.times, 0);
  const lastAtMs = returns.at(-1)?.lastAtMs ?? Number.NEGATIVE_INFINITY;
  return isFollowed(payout) && times < MOST_RETURNS && atMs - lastAtMs >= BETWEEN_RETURNS_MS;
}

/**
 * The run before the reset may have sent what this one knows nothing of. Without an order, that is a doubt: asked about for a day, then
 * a person decides. From here on nothing is sent, cancelled or expired as if it were known that nothing left.
 */
function applyReset(payout: Payout, atMs: number): Payout {
  const noted = holdingAnew(note(payout, plainNote('workflow', 'reset'), { atMs }));
  if (!canStillBeSent(payout) || isContradicted(payout)) return noted;
  const cleared = clearAttention(noted);
  return doubt(isSilence(cleared.attention) ? { ...cleared, attention: null } : cleared, atMs);
}

/** A clock ran out. Only the end of the time to enter details or to approve is final: provably nothing was sent. */
function applyGivenUp(payout: Payout, { atMs, what }: Of<'given_up'>): Payout {
  const noted = note(payout, plainNote('clock', `${what}_ended`), { atMs });
  switch (what) {
    case 'details':
      if (!takesDetails(payout)) return payout;
      return endUnsent(clearAttention(noted), { status: 'expired', by: 'clock', confirmed: true, reason: null, atMs });
    case 'approval':
      return awaitsApproval(payout) || payout.gate?.waitingAct !== undefined ? expireApproval(noted, atMs) : payout;
    case 'backoff':
      return giveUp(noted, 'outcome_unknown');
    case 'sending':
    case 'horizon':
      return giveUp(noted, 'deadline_passed');
  }
}

function giveUp(payout: Payout, attention: AttentionReason): Payout {
  if (!isFinalState(payout.state)) return review(payout, attention);
  return payout.confirmed ? payout : { ...setAttention(payout, 'never_confirmed'), confirmationGivenUp: true };
}
