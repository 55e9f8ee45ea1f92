import type { Gate } from '../domain/gate';
import { decideLimits, type LimitDecision } from '../domain/limit-rules';
import { parseDecimal } from '../domain/money';
import type { AskedRequest } from '../domain/payout-request';
import { asksForNewReceiver, decide, type PolicyFacts, type PolicyRule } from '../domain/policies';
import { payoutWorkflowId, searchAttributes } from '../workflows/messages';
import { andTenants, oneOf, PAYOUT_RUNS } from './list-filter';
import type { Visibility } from './visibility';

/** A payout as it is asked for, with what rules are about. */
export interface AskedPayout {
  readonly request: AskedRequest;
  readonly facts: Omit<PolicyFacts, 'isNewReceiver'>;
  /** Null while the Receiver has not said where the money goes. */
  readonly destinationHash: string | null;
  /** The requester. */
  readonly requester: string;
  readonly atMs: number;
}

export type GateDecision =
  | { readonly isDenied: true; readonly rule: string; readonly reason: string }
  /** `gate` is null when nothing has to happen first. */
  | { readonly isDenied: false; readonly gate: Gate | null };

/** Decides, when a payout is accepted, what has to happen before it is sent. */
export interface Gates {
  /** Asks Temporal only what a rule depends on. */
  decide(asked: AskedPayout): Promise<GateDecision>;
  /** Asks Temporal nothing: every Receiver counts as new, and nothing as a duplicate. For the many rows of a batch. */
  decideAlone(asked: AskedPayout): GateDecision;
}

/** @param approversFor the persons who may approve payouts of a tenant */
export function createGates(deps: {
  readonly rules: readonly PolicyRule[];
  readonly visibility: Pick<Visibility, 'count'>;
  readonly approversFor: (tenant: string) => readonly string[];
}): Gates {
  const { rules, visibility, approversFor } = deps;
  const { destinationHash: HASH, outcome: OUTCOME, currency: CURRENCY, amountMinor: AMOUNT } = searchAttributes;

  /** Of its own tenant alone: what others pay is nothing that a payout may show. */
  const isNew = async ({ facts, destinationHash: hash }: AskedPayout) => {
    if (hash === null) return true;
    const query = [PAYOUT_RUNS, oneOf(HASH.name, [hash]), oneOf(OUTCOME.name, ['approved'])].join(' AND ');
    return (await visibility.count(query + andTenants([facts.tenant]))) === 0;
  };

  /** The same amount to the same destination, which was paid or may still be. */
  const hasTwin = async ({ facts, request, destinationHash: hash, atMs }: AskedPayout, withinMs: number) => {
    if (hash === null) return false;
    const { minor } = parseDecimal(request.amount, request.currency);
    const query = [
      PAYOUT_RUNS,
      oneOf(HASH.name, [hash]),
      oneOf(CURRENCY.name, [request.currency]),
      `${AMOUNT.name} = ${minor}`,
      `StartTime >= '${new Date(atMs - withinMs).toISOString()}'`,
      `(${OUTCOME.name} IS NULL OR ${oneOf(OUTCOME.name, ['approved'])})`,
      `WorkflowId != '${payoutWorkflowId(request.clientOrderId)}'`,
    ];
    return (await visibility.count(query.join(' AND ') + andTenants([facts.tenant]))) > 0;
  };

  function settle(
    { facts, requester }: AskedPayout,
    { deny, approvals, guard: guarded, hold, hook: asked }: Decided,
    { isTwin, exceeded, claims: limits }: LimitDecision & { readonly isTwin: boolean },
  ): GateDecision {
    if (deny !== null) return { isDenied: true, rule: deny.rule, reason: deny.effect };
    if (exceeded !== null) {
      const reason = `a payout of more than ${exceeded.amount} ${facts.currency}`;
      return { isDenied: true, rule: exceeded.rule, reason };
    }
    const approval = toApproval(approvals, isTwin ? hold : null);
    const guard = guarded === null || guarded.effect.needed === 0 ? null : { rule: guarded.rule, ...guarded.effect };
    const hook = asked === null ? null : { rule: asked.rule, ...asked.effect };
    if (approval === null && guard === null && hook === null && limits.length === 0)
      return { isDenied: false, gate: null };
    const others = approversFor(facts.tenant).filter((person) => person !== requester);
    const isBlocked = approval !== null && others.length < approval.needed;
    return {
      isDenied: false,
      gate: {
        ...{ requester, ...(approval && { approval }), ...(guard && { guard }), ...(isBlocked && { isBlocked }) },
        ...{ ...(limits.length > 0 && { limits }), ...(hook && { hook }) },
      },
    };
  }

  return {
    async decide(asked) {
      const base: PolicyFacts = { ...asked.facts, isNewReceiver: null };
      const isNewReceiver = asksForNewReceiver(rules, base) ? await isNew(asked) : null;
      const facts: PolicyFacts = { ...base, isNewReceiver };
      const decided = decide(rules, facts);
      const { deny, hold } = decided;
      const isTwin = deny === null && hold !== null && (await hasTwin(asked, hold.effect.withinMs));
      return settle(asked, decided, { isTwin, ...decideLimits(rules, facts) });
    },
    decideAlone(asked) {
      const facts: PolicyFacts = { ...asked.facts, isNewReceiver: null };
      return settle(asked, decide(rules, facts), { isTwin: false, ...decideLimits(rules, facts) });
    },
  };
}

type Decided = ReturnType<typeof decide>;

/** Held for being the same again, it needs at least one approval; a rule may ask for more. */
function toApproval(approvals: Decided['approvals'], hold: Decided['hold']): NonNullable<Gate['approval']> | null {
  if (approvals !== null && approvals.effect.needed > 0) {
    const { needed, expiresInMs } = approvals.effect;
    return { rule: approvals.rule, needed, expiresInMs, because: hold === null ? 'rule' : 'duplicate' };
  }
  return hold === null
    ? null
    : { rule: hold.rule, needed: 1, expiresInMs: hold.effect.expiresInMs, because: 'duplicate' };
}
