import { log, proxyActivities } from '@temporalio/workflow';
import type { LimitActivities } from '../activities/limit-activities';
import { applyEvidence } from '../domain/apply-evidence';
import { endOfHold } from '../domain/apply-limit';
import type { HoldAnswer } from '../domain/limits';
import { isFinalState, type Payout } from '../domain/payout';
import type { PayoutPolicy } from '../domain/poll-plan';
import type { Inbox } from './inbox';
import { limitOptions } from './policies';

/** The holds of one payout on its limits. One without limits makes none. */
export interface LimitCalls {
  /** Asks for the hold that the payout needs; once at a time. */
  hold(current: Payout): void;
  /** True while a hold that was asked for is not settled. */
  isOpen(current: Payout): boolean;
  /** Settles it, however long that takes. */
  settle(current: Payout): Promise<void>;
  areIdle(): boolean;
}

export function createLimitCalls({ policy, inbox }: { policy: PayoutPolicy; inbox: Inbox }): LimitCalls {
  const { holdLimit, settleLimit } = proxyActivities<LimitActivities>(limitOptions());
  let isHolding = false;
  /** One whose answer is not known may be held all the same. */
  let wasAsked = false;
  let isSettled = false;
  const take = (answer: HoldAnswer | null) => {
    isHolding = false;
    const atMs = Date.now();
    inbox.put((payout) => applyEvidence(payout, { kind: 'limit', answer, atMs }, { policy, atMs }));
  };
  return {
    hold({ clientOrderId, gate }) {
      if (isHolding || gate?.limits === undefined) return;
      isHolding = true;
      wasAsked = true;
      holdLimit({ clientOrderId, claims: gate.limits }).then(take, () => take(null));
    },
    isOpen: ({ gate }) => !isSettled && gate?.limits !== undefined && (wasAsked || gate.limit !== undefined),
    async settle({ clientOrderId, gate, state, ...rest }) {
      isSettled = true;
      if (gate?.limits === undefined || !isFinalState(state)) return;
      const how = endOfHold({ clientOrderId, state, ...rest });
      try {
        await settleLimit({ clientOrderId, claims: gate.limits, how });
      } catch {
        // It is tried without end, so this is a defect; the payout must not stay open for it, and its amount stays held.
        log.error('a hold on a limit could not be settled');
      }
    },
    areIdle: () => !isHolding,
  };
}
