import type { Gate, GateDecision } from '../domain/gate';
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

/** What a row has to wait for if it is the same payout again, and how long ago that may be. */
export interface RowHold {
  readonly withinMs: number;
  readonly gate: Gate;
}

/** Decides, when a payout is accepted, what has to happen before it is sent. */
export interface Gates {
  /** Asks Temporal only what a rule depends on. */
  decide(asked: AskedPayout): Promise<GateDecision>;
  /** The same for a row of a batch. Asks Temporal nothing: every Receiver counts as new, and a duplicate is looked for when it starts. */
  decideAlone(asked: AskedPayout): GateDecision & { readonly hold?: RowHold };
}

/** @param approversFor the persons who may approve payouts of a tenant */
export function createGates(deps: {
  readonly rules: readonly PolicyRule[];
  readonly visibility: Pick<Visibility, 'count'>;
  readonly approversFor: (tenant: string) => readonly string[];
}): Gates {
  const { rules, visibility, approversFor } = deps;
  const { destinationHash: HASH, outcome: OUTCOME } = searchAttributes;

  /** Of its own tenant alone: what others pay is nothing that a payout may show. */
  const isNew = async ({ facts, destinationHash: hash }: AskedPayout) => {
    if (hash === null) return true;
    const query = [PAYOUT_RUNS, oneOf(HASH.name, [hash]), oneOf(OUTCOME.name, ['approved'])].join(' AND ');
    return (await visibility.count(query + andTenants([facts.tenant]))) === 0;
  };

  const searchTwin = createTwinSearch(visibility);
  const hasTwin = ({ request, facts: { tenant }, destinationHash, atMs }: AskedPayout, withinMs: number) =>
    searchTwin({ request, tenant, destinationHash, atMs }, withinMs);

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
      const [decided, limits] = [decide(rules, facts), decideLimits(rules, facts)];
      const decision = settle(asked, decided, { isTwin: false, ...limits });
      if (decided.hold === null || asked.destinationHash === null) return decision;
      const again = settle(asked, decided, { isTwin: true, ...limits });
      const { withinMs } = decided.hold.effect;
      return again.isDenied || again.gate === null ? decision : { ...decision, hold: { withinMs, gate: again.gate } };
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

/** What may be the same payout again. */
interface Candidate {
  readonly request: Pick<AskedRequest, 'clientOrderId' | 'amount' | 'currency'>;
  readonly tenant: string;
  /** Null while the Receiver has not said where the money goes. */
  readonly destinationHash: string | null;
  readonly atMs: number;
  /** Of its own batch nothing counts: rows that are alike were warned of. */
  readonly batch?: string | undefined;
}

/** Finds whether the same amount to the same destination was paid lately, or may still be; slightly behind. */
export function createTwinSearch(visibility: Pick<Visibility, 'count'>) {
  const {
    destinationHash: HASH,
    outcome: OUTCOME,
    currency: CURRENCY,
    amountMinor: AMOUNT,
    batch: BATCH,
  } = searchAttributes;
  return async ({ request, tenant, destinationHash, atMs, batch }: Candidate, withinMs: number): Promise<boolean> => {
    if (destinationHash === null) return false;
    const { minor } = parseDecimal(request.amount, request.currency);
    const query = [
      PAYOUT_RUNS,
      oneOf(HASH.name, [destinationHash]),
      oneOf(CURRENCY.name, [request.currency]),
      `${AMOUNT.name} = ${minor}`,
      `StartTime >= '${new Date(atMs - withinMs).toISOString()}'`,
      `(${OUTCOME.name} IS NULL OR ${oneOf(OUTCOME.name, ['approved'])})`,
      `WorkflowId != '${payoutWorkflowId(request.clientOrderId)}'`,
      ...(batch === undefined ? [] : [`(${BATCH.name} IS NULL OR ${BATCH.name} != '${batch}')`]),
    ];
    return (await visibility.count(query.join(' AND ') + andTenants([tenant]))) > 0;
  };
}
