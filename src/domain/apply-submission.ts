import { applyReport } from './apply-report';
import { clearAttention, note, plainNote, reportNote, setAttention } from './evidence';
import type { OrderId } from './ids';
import type { NotSentCause, OrderReport, Submission } from './order-report';
import { type AttentionReason, isFinalState, type Payout } from './payout';
import { doubt, follow, review, settle } from './settlement';

/** Whom a send that did not leave calls; null: the next try heals it, and nobody can do more. */
const ATTENTION_OF: Readonly<Record<NotSentCause, AttentionReason | null>> = {
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

/** What came of the call that creates the order. A doubt is a state, never a refusal. */
export function applySubmission(payout: Payout, submission: Submission, atMs: number): Payout {
  switch (submission.outcome) {
    case 'accepted':
      return applyAccepted(payout, submission, atMs);
    case 'adopted':
      return applyAdopted(payout, submission.report, atMs);
    case 'refused':
      return applyRefused(payout, submission, atMs);
    case 'not_sent': {
      const noted = note(payout, plainNote('submission', `not_sent_${submission.cause}`), { atMs });
      if (payout.state !== 'sending') return noted;
      // A paused endpoint got no call: its pause is flat, and the growth of the others must not be counted up by it.
      const isUncalled = submission.cause === 'endpoint_paused' && payout.notSentAtMs === null;
      const sendAttempts = payout.sendAttempts - (isUncalled ? 1 : 0);
      const unsent = { ...noted, sendAttempts, notSentAtMs: atMs };
      const attention = ATTENTION_OF[submission.cause];
      return attention === null ? clearAttention(unsent) : setAttention(unsent, attention);
    }
    case 'unconfirmed':
      return applyUnconfirmed(payout, submission, atMs);
  }
}

function applyAccepted(
  payout: Payout,
  accepted: { orderId: OrderId; serialNumber: string | null },
  atMs: number,
): Payout {
  const { orderId, serialNumber } = accepted;
  const differs = payout.orderId !== null && payout.orderId !== orderId;
  const entry = { source: 'submission', what: 'accepted', orderId, stage: null, serialNumber } as const;
  const noted = note(payout, entry, { atMs, contradicts: differs });
  if (differs)
    return isFinalState(payout.state) ? setAttention(noted, 'order_id_mismatch') : review(noted, 'order_id_mismatch');
  return follow(clearAttention({ ...noted, orderId }), atMs);
}

/** The call found an order and sent nothing. Unless an earlier call of this payout may have made it, a person confirms that it is ours. */
function applyAdopted(payout: Payout, report: OrderReport, atMs: number): Payout {
  const noted = note(payout, plainNote('submission', 'adopted'), { atMs });
  const orderId = payout.orderId ?? report.orderId;
  if (payout.unconfirmedSinceMs !== null) return applyReport(noted, report, atMs);
  if (payout.state === 'sending') return applyReport({ ...noted, notSentAtMs: atMs }, report, atMs);
  if (isFinalState(payout.state)) return setAttention(applyReport(noted, report, atMs), 'adopted_unseen');
  return review({ ...note(noted, reportNote(report), { atMs }), orderId }, 'adopted_unseen');
}

/**
 * A refusal is final, unless an order of ours was seen or an earlier call ended in doubt (it may be refused for being the second):
 * then a person decides.
 */
function applyRefused(payout: Payout, refused: Extract<Submission, { outcome: 'refused' }>, atMs: number): Payout {
  // A 403 counts as "not accepted"; of one that was accepted after all this may be the refusal of the second.
  const wasForbidden = payout.evidence.some(({ what }) => what === 'not_sent_forbidden');
  const hasDoubt = payout.unconfirmedSinceMs !== null || wasForbidden;
  const mayExist = payout.orderId !== null || hasDoubt || payout.state !== 'sending';
  const entry = { ...plainNote('submission', 'refused'), serialNumber: refused.serialNumber };
  const noted = note(payout, entry, { atMs, contradicts: mayExist });
  if (isFinalState(payout.state)) return setAttention(noted, 'conflict');
  if (mayExist) return review(noted, 'conflict');
  return settle(clearAttention(noted), {
    status: 'rejected',
    by: 'submission',
    confirmed: true,
    reason: refused.reason,
    atMs,
  });
}

function applyUnconfirmed(
  payout: Payout,
  unconfirmed: { cause: string; orderId: OrderId | null },
  atMs: number,
): Payout {
  const entry = { ...plainNote('submission', `unconfirmed_${unconfirmed.cause}`), orderId: unconfirmed.orderId };
  const noted = note(payout, entry, { atMs });
  if (payout.state !== 'sending') return noted;
  const orderId = noted.orderId ?? unconfirmed.orderId;
  return doubt({ ...clearAttention(noted), orderId }, atMs);
}
