import { ApplicationFailure } from '@temporalio/common';
import { createDating } from '../domain/limit-rules';
import { HOLD_VALID_MS, type HoldAnswer, type LimitAnswer, type LimitOrder } from '../domain/limits';
import type { HoldLimitOrder, SettleLimitOrder } from '../workflows/limit-messages';

/** Where limits are kept. */
export interface LimitLedger {
  /** @throws when the answer is not known: the same order is given again */
  apply(claim: HoldLimitOrder['claims'][number], order: LimitOrder): Promise<LimitAnswer>;
}

export type LimitActivities = ReturnType<typeof createLimitActivities>;

/** Holding and settling, at least once each: the ledger recognises a repeated order. */
export function createLimitActivities({ ledger, now }: { readonly ledger: LimitLedger; readonly now: () => number }) {
  const date = createDating();
  return {
    /** @throws ApplicationFailure LimitNotHeld, retryable: it came too late, in no present period, or there is no room for one more payout */
    async holdLimit({ clientOrderId, claims }: HoldLimitOrder): Promise<HoldAnswer> {
      const askedAtMs = now();
      const answer = await ledger.apply(claimOf(claims), {
        ...{ kind: 'hold', id: clientOrderId, claims: date(claims, askedAtMs) },
        validUntilMs: askedAtMs + HOLD_VALID_MS,
      });
      if (answer.outcome === 'held' || answer.outcome === 'over') return answer;
      throw ApplicationFailure.create({ message: `the limit's answer: ${answer.outcome}`, type: 'LimitNotHeld' });
    },

    async settleLimit({ clientOrderId, claims, how }: SettleLimitOrder): Promise<void> {
      await ledger.apply(claimOf(claims), { kind: 'settle', id: clientOrderId, how });
    },
  };
}

/** All claims of a payout are of one tenant and currency. */
function claimOf([claim]: HoldLimitOrder['claims']) {
  if (claim === undefined) throw ApplicationFailure.nonRetryable('expected a claim');
  return claim;
}
