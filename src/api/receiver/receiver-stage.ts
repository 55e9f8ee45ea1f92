import { createHash } from 'node:crypto';
import { type AttentionReason, detailsUntil, type Payout, type PayoutState } from '../../domain/payout';
import type { Reading } from '../../store/payouts';

/** What the Receiver sees of a payout. Less than its state: nothing of the gateway, of doubts or of attention by name. */
export type ReceiverStage = 'details' | 'working' | 'form' | 'checking' | 'paid' | 'not_paid' | 'cancelled' | 'expired';

const STAGE_OF: Readonly<Record<PayoutState, ReceiverStage>> = {
  awaiting_details: 'details',
  awaiting_approval: 'working',
  scheduled: 'working',
  accepted: 'working',
  sending: 'working',
  unconfirmed: 'working',
  processing: 'working',
  awaiting_receiver: 'form',
  needs_review: 'checking',
  approved: 'paid',
  declined: 'not_paid',
  filtered: 'not_paid',
  error: 'not_paid',
  rejected: 'not_paid',
  cancelled: 'cancelled',
  expired: 'expired',
};

/** With one of these, a final is no longer certain enough to promise. */
const DOUBTS: readonly (AttentionReason | null)[] = [
  'conflict',
  'amount_mismatch',
  'order_id_mismatch',
  'post_payout_event',
];

/**
 * The stage of a payout for its Receiver. Total over every state. A form whose time is over is not shown any more, also while no
 * worker is there to end the payout.
 */
export function stageOf({ payout, lateEvents }: Pick<Reading, 'payout' | 'lateEvents'>, nowMs: number): ReceiverStage {
  const stage = STAGE_OF[payout.state];
  if (stage === 'details') return nowMs < (detailsUntil(payout) ?? 0) ? 'details' : 'expired';
  if (stage === 'form') return payout.redirectTo === null ? 'working' : 'form';
  // That a person has seen a reversal brings no money back to the Receiver.
  const reasons = lateEvents.map(({ attention, acknowledged = null }) => attention ?? acknowledged);
  const isDoubted = [payout.attention, ...reasons].some((reason) => DOUBTS.includes(reason));
  return isDoubted && stage !== 'working' ? 'checking' : stage;
}

/** True when nothing more will happen that the Receiver should wait for. */
export function isOver(stage: ReceiverStage): boolean {
  return stage === 'paid' || stage === 'not_paid' || stage === 'cancelled' || stage === 'expired';
}

/** A name for what the Receiver sees: it changes when the page would look different. */
export function stageTag(payout: Payout, stage: ReceiverStage): string {
  const seen = [stage, payout.redirectTo, payout.destination].join('\n');
  return createHash('sha256').update(seen).digest('base64url').slice(0, 16);
}

const PAUSES_S = [
  { untilS: 60, everyS: 5 },
  { untilS: 600, everyS: 15 },
  { untilS: 3_600, everyS: 60 },
] as const;
const LONGEST_PAUSE_S = 300;

/** Seconds until a page without script looks again: the longer nothing happened, the longer. */
export function pauseAfter(quietMs: number): number {
  return PAUSES_S.find(({ untilS }) => quietMs < untilS * 1_000)?.everyS ?? LONGEST_PAUSE_S;
}
