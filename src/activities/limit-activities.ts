import { ApplicationFailure } from '@temporalio/common';
import { createDating } from '../domain/limit-rules';
import { HOLD_VALID_MS, type HoldAnswer, type LimitAnswer, type LimitClaim, type LimitOrder } from '../domain/limits';
import type { FundBatchOrder, HoldLimitOrder, SettleLimitOrder } from '../workflows/limit-messages';

/** Where limits are kept. */
export interface LimitLedger {
  /** @throws when the answer is not known: the same order is given again */
  apply(claim: HoldLimitOrder['claims'][number], order: LimitOrder): Promise<LimitAnswer>;
}

export type LimitActivities = ReturnType<typeof createLimitActivities>;

/** Holding and settling, at least once each: the ledger recognises a repeated order. */
export function createLimitActivities({ ledger, now }: { readonly ledger: LimitLedger; readonly now: () => number }) {
  const date = createDating();
  const give = async (kind: 'hold' | 'fund', id: string, claims: readonly LimitClaim[]): Promise<HoldAnswer> => {
    const askedAtMs = now();
    const order = { kind, id, claims: date(claims, askedAtMs), validUntilMs: askedAtMs + HOLD_VALID_MS };
    const answer = await ledger.apply(claimOf(claims), order);
    if (answer.outcome === 'held' || answer.outcome === 'over') return answer;
    throw ApplicationFailure.create({ message: `the limit's answer: ${answer.outcome}`, type: 'LimitNotHeld' });
  };
  const freeFunds = async ({ id, claims }: FundBatchOrder) => {
    for (const ofOne of byCurrency(claims)) await ledger.apply(claimOf(ofOne), { kind: 'settle', id, how: 'release' });
  };
  return {
    /** @throws ApplicationFailure LimitNotHeld, retryable: it came too late, in no present period, or there is no room for one more payout */
    holdLimit: async ({ clientOrderId, claims }: HoldLimitOrder) => await give('hold', clientOrderId, claims),

    /** The sums of a batch in every currency: all of them, or none. @throws ApplicationFailure like `holdLimit` */
    async fundBatch({ id, claims }: FundBatchOrder): Promise<HoldAnswer> {
      const held: LimitClaim[] = [];
      for (const ofOne of byCurrency(claims)) {
        const answer = await give('fund', id, ofOne);
        if (answer.outcome === 'over') {
          await freeFunds({ id, claims: held });
          return answer;
        }
        held.push(...ofOne);
      }
      return { outcome: 'held' };
    },

    /** What no payout of a batch has taken. */
    freeFunds,

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

/** Each currency has a ledger of its own. */
function byCurrency(claims: readonly LimitClaim[]): readonly (readonly LimitClaim[])[] {
  const currencies = [...new Set(claims.map(({ currency }) => currency))];
  return currencies.map((currency) => claims.filter((claim) => claim.currency === currency));
}
