import { note, plainNote } from './evidence';
import { holdAnew, needsHold } from './gate';
import type { HoldAnswer, SettleOrder } from './limits';
import { clearAttention, type FinalState, isUnsent, isWithoutDoubt, type Payout, setAttention } from './payout';
import { review, settle } from './settlement';

/** A limit without room is asked again so often: what others do not pay is free before the next period. */
const TRIED_EVERY_MS = 3_600_000;

/** What came of a hold; null when the call itself was lost, which is tried again like a limit without room. */
export function applyLimit(payout: Payout, answer: HoldAnswer | null, atMs: number): Payout {
  const { gate } = payout;
  if (!needsHold(gate)) return payout;
  if (answer?.outcome === 'held') {
    const held: Payout = { ...payout, gate: { ...gate, limit: { heldAtMs: atMs }, releasedAtMs: atMs } };
    return clearAttention(note(held, plainNote('workflow', 'limit_held'), { atMs }));
  }
  // It was cancelled meanwhile.
  if (!isUnsent(payout)) return payout;
  const noted = note(payout, plainNote('workflow', answer === null ? 'limit_lost' : `limit_reached_${answer.rule}`), {
    atMs,
  });
  // A person had it sent again: it may have been sent before, and only a person may end it.
  if (!isWithoutDoubt(payout)) return review(noted, 'outcome_unknown');
  if (answer?.over === 'refuse') {
    const reason = { code: 'limit_reached', message: answer.rule };
    return settle(clearAttention(noted), { status: 'cancelled', by: 'policy', confirmed: true, reason, atMs });
  }
  const nextTryAtMs = Math.min(answer?.untilMs ?? Number.POSITIVE_INFINITY, atMs + TRIED_EVERY_MS);
  return setAttention({ ...noted, gate: { ...gate, limit: { nextTryAtMs } } }, 'limit_reached');
}

/** The payout with its limits to be held again, if it has any. */
export function holdingAnew(payout: Payout): Payout {
  return payout.gate === undefined ? payout : { ...payout, gate: holdAnew(payout.gate) };
}

/** Ends of which nothing was paid. An end in error is none: the gateway says that something went wrong. */
const IS_UNPAID: Readonly<Record<FinalState, boolean>> = {
  approved: false,
  declined: true,
  filtered: true,
  error: false,
  rejected: true,
  cancelled: true,
  expired: true,
};

/** What the end of a payout does to its hold: only what provably was not paid is free again. */
export function endOfHold({
  state,
  confirmed,
  attention,
}: Payout & { readonly state: FinalState }): SettleOrder['how'] {
  return IS_UNPAID[state] && confirmed && attention === null ? 'release' : 'commit';
}
