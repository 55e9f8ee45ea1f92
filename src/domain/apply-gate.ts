import { note, plainNote } from './evidence';
import { attentionOfHold, holdAnew, needsHold, needsWord } from './gate';
import type { HookAnswer } from './hook';
import type { HoldAnswer, SettleOrder } from './limits';
import {
  advance,
  clearAttention,
  type FinalState,
  isFinalState,
  isUnsent,
  isWithoutDoubt,
  maySend,
  type Payout,
  setAttention,
} from './payout';
import { endUnsent, review, settle } from './settlement';

/** A limit without room is asked again so often: what others do not pay is free before the next period. */
const TRIED_EVERY_MS = 3_600_000;

/** What came of a hold; null when the call itself was lost, which is tried again like a limit without room. */
export function applyLimit(payout: Payout, answer: HoldAnswer | null, atMs: number): Payout {
  const { gate } = payout;
  if (!needsHold(gate)) return payout;
  // It ended or was put off meanwhile: a limit counts in the period of the send, so it is held anew before that.
  if (!maySend(payout)) return isFinalState(payout.state) ? payout : { ...payout, gate: holdAnew(gate) };
  if (answer?.outcome === 'held') {
    const held: Payout = { ...payout, gate: { ...gate, limit: { heldAtMs: atMs }, releasedAtMs: atMs } };
    return clearAttention(note(held, plainNote('workflow', 'limit_held'), { atMs }));
  }
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

/**
 * The word of the hook; null when there was none in time. Only "allow" lets the payout go on: a denial ends it, and everything else is
 * for a person. A word about a payout that has moved on meanwhile changes nothing.
 */
export function applyHook(payout: Payout, answer: HookAnswer | null, atMs: number): Payout {
  const { gate } = payout;
  const isWaiting = maySend(payout) && (isUnsent(payout) || payout.notSentAtMs !== null);
  if (!isWaiting || !needsWord(gate, atMs)) return payout;
  const reason = answer !== null && 'reason' in answer ? answer.reason : null;
  const entry = { ...plainNote('policy', wordFor(answer)), rule: gate.hook.rule, ...(reason !== null && { reason }) };
  const noted = note(payout, entry, { atMs });
  switch (answer?.verdict) {
    case 'allow':
      return { ...noted, gate: { ...gate, word: { verdict: 'allow', atMs } } };
    case 'deny': {
      const denied = { code: 'hook_denied', message: reason };
      return endUnsent(clearAttention(noted), {
        ...({ status: 'cancelled', by: 'policy', confirmed: true } as const),
        ...{ reason: denied, atMs },
      });
    }
    case 'hold':
    case 'unusable':
    case undefined: {
      const untilMs = atMs + gate.hook.expiresInMs;
      const word = { verdict: 'hold', reason, untilMs, approvedBy: [] } as const;
      const held = advance({ ...noted, notSentAtMs: null, gate: { ...gate, word } }, atMs);
      return setAttention(held, attentionOfHold(word));
    }
  }
}

function wordFor(answer: HookAnswer | null): string {
  switch (answer?.verdict) {
    case 'allow':
      return 'hook_allowed';
    case 'deny':
      return 'hook_denied';
    case 'hold':
      return 'hook_held';
    case 'unusable':
      return `hook_unusable_${answer.cause}`;
    case undefined:
      return 'hook_silent';
  }
}
