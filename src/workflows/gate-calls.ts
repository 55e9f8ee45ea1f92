import { CancellationScope, log, proxyActivities } from '@temporalio/workflow';
import type { HookActivities } from '../activities/hook-activities';
import type { LimitActivities } from '../activities/limit-activities';
import { applyEvidence } from '../domain/apply-evidence';
import { endOfHold } from '../domain/apply-gate';
import type { HookAnswer, HookClaim, HookQuestion } from '../domain/hook';
import { type Labels, labelsOf } from '../domain/labels';
import type { HoldAnswer } from '../domain/limits';
import { isFinalState, type Payout } from '../domain/payout';
import { completeRequest, maskDestination, type PayoutRequest } from '../domain/payout-request';
import type { PayoutPolicy } from '../domain/poll-plan';
import { tenantOf } from '../domain/tenants';
import type { Inbox } from './inbox';
import type { PayoutInput } from './messages';
import { hookOptions, limitOptions } from './policies';
import type { Collected } from './receiver-signals';

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
  let holding = new CancellationScope();
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
      const { limits: claims } = gate;
      holding = new CancellationScope();
      holding.run(() => holdLimit({ clientOrderId, claims })).then(take, () => take(null));
    },
    isOpen: ({ gate }) => !isSettled && gate?.limits !== undefined && (wasAsked || gate.limit !== undefined),
    async settle({ clientOrderId, gate, state, ...rest }) {
      isSettled = true;
      // Asked for again and again, it could be held long after it was settled.
      if (isHolding) holding.cancel();
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

/** Asking the hook of one payout. One without a hook makes no call. */
export interface HookCalls {
  /** Asks for the word that the payout needs; once at a time. */
  ask(current: Payout): void;
  areIdle(): boolean;
}

export function createHookCalls(
  { request, policy }: PayoutInput,
  { inbox, collected }: { readonly inbox: Inbox; readonly collected: Collected },
): HookCalls {
  let isAsking = false;
  const take = (answer: HookAnswer | null) => {
    isAsking = false;
    const atMs = Date.now();
    inbox.put((payout) => applyEvidence(payout, { kind: 'hook', answer, atMs }, { policy, atMs }));
  };
  return {
    ask(current) {
      const { gate, endpoint } = current;
      const complete = completeRequest(request, collected.details);
      if (isAsking || gate?.hook === undefined || complete === null) return;
      isAsking = true;
      const { askHook } = proxyActivities<HookActivities>(hookOptions(gate.hook));
      const known = { ...current, tenant: tenantOf(current), endpoint, requester: gate.requester };
      askHook(hookQuestion(gate.hook, complete, known)).then(take, () => take(null));
    },
    areIdle: () => !isAsking,
  };
}

/** The question about a payout: its facts, its reference and tags, and what else the rule names. */
export function hookQuestion(
  { rule, timeoutMs, send }: HookClaim,
  request: PayoutRequest,
  known: Labels & { readonly tenant: string; readonly endpoint: string; readonly requester?: string | undefined },
): HookQuestion {
  const { clientOrderId, amount, currency, destination } = request;
  const { metadata, ...labels } = labelsOf(known);
  const optional = { ...request, ...(metadata && { metadata }) };
  const named = send.filter((field) => optional[field as keyof typeof optional] !== undefined);
  return {
    ...{ rule, timeoutMs },
    data: {
      ...{ clientOrderId, tenant: known.tenant, endpoint: known.endpoint, amount, currency },
      ...{ requestedBy: known.requester ?? null, destinationType: destination.type },
      ...{ destinationMasked: maskDestination(destination), ...labels },
      ...Object.fromEntries(named.map((field) => [field, optional[field as keyof typeof optional]])),
    },
  };
}
