import type { CurrencyCode } from './currencies';
import type { GuardedAct } from './gate';
import type { HookClaim } from './hook';
import type { LimitClaim } from './limits';
import { parseDecimal } from './money';
import type { Destination } from './payout-request';

/** What a payout has to be for a rule to be about it; a field that is left out lets everything pass. */
export interface PolicyMatch {
  readonly tenant?: readonly string[] | undefined;
  readonly endpoint?: readonly string[] | undefined;
  readonly currency?: readonly string[] | undefined;
  /** A decimal string in the one currency of the rule. */
  readonly amountFrom?: string | undefined;
  readonly destinationKind?: readonly Destination['type'][] | undefined;
  readonly newReceiver?: boolean | undefined;
}

interface Approvals {
  readonly needed: number;
  readonly expiresInMs: number;
}

/** What a rule may ask for. Each effect is decided by the first rule that matches and has it. */
export interface PolicyEffects {
  /** A reason for the caller. */
  readonly deny?: string | undefined;
  /** Of the send. `needed` 0: none, whatever a later rule says. */
  readonly approvals?: Approvals | undefined;
  /** Of acts of operators. */
  readonly guard?: (Approvals & { readonly acts: readonly GuardedAct[] }) | undefined;
  /** Held for one approval if the same amount was asked for to the same destination so long ago or less. */
  readonly hold?: { readonly withinMs: number; readonly expiresInMs: number } | undefined;
  /** The service that is asked before the send. */
  readonly hook?: Omit<HookClaim, 'rule'> | undefined;
  /** In the one currency of the rule; see `decideLimits`. */
  readonly limit?: LimitEffect | undefined;
}

export interface LimitEffect {
  readonly amount: string;
  readonly per: 'transaction' | LimitClaim['window'];
  readonly zone: string;
  readonly over: LimitClaim['over'];
}

export interface PolicyRule extends PolicyEffects {
  readonly name: string;
  readonly match: PolicyMatch;
}

/** Of each the first rule that matches counts. */
export const EFFECTS = ['deny', 'approvals', 'guard', 'hold', 'hook'] as const satisfies (keyof PolicyEffects)[];
export type Effect = (typeof EFFECTS)[number];

/** What is known of a payout when it is asked for. */
export interface PolicyFacts {
  readonly tenant: string;
  readonly endpoint: string;
  readonly currency: CurrencyCode;
  readonly amount: string;
  /** Several when the Receiver chooses. */
  readonly destinationKinds: readonly Destination['type'][];
  /** True if no payout to this destination was approved yet, or the destination is not known; null if that was not looked up. */
  readonly isNewReceiver: boolean | null;
}

/** An effect with the rule that it comes from. */
export interface Ruled<Value> {
  readonly rule: string;
  readonly effect: Value;
}

export type Decision = { readonly [Name in Effect]: Ruled<NonNullable<PolicyEffects[Name]>> | null };

/** Decides by the rules, top down: of each effect the first rule that matches counts. Pure. */
export function decide(rules: readonly PolicyRule[], facts: PolicyFacts): Decision {
  const matching = rules.filter((rule) => findMismatch(rule.match, facts) === null);
  const first = <Name extends Effect>(name: Name): Decision[Name] => {
    const found = matching.find((rule) => rule[name] !== undefined);
    return (found === undefined ? null : { rule: found.name, effect: found[name] }) as Decision[Name];
  };
  return {
    ...{ deny: first('deny'), approvals: first('approvals'), guard: first('guard') },
    ...{ hold: first('hold'), hook: first('hook') },
  };
}

/** True if a rule may depend on whether the Receiver is new: only then is it looked up. */
export function asksForNewReceiver(rules: readonly PolicyRule[], facts: PolicyFacts): boolean {
  return rules.some(
    ({ match: { newReceiver, ...rest } }) => newReceiver !== undefined && findMismatch(rest, facts) === null,
  );
}

/** The first field in which a payout is not what a rule is about; null when it is. */
export function findMismatch(match: PolicyMatch, facts: PolicyFacts): keyof PolicyMatch | null {
  const { tenant, endpoint, currency, amountFrom, destinationKind, newReceiver } = match;
  if (tenant?.includes(facts.tenant) === false) return 'tenant';
  if (endpoint?.includes(facts.endpoint) === false) return 'endpoint';
  if (currency?.includes(facts.currency) === false) return 'currency';
  if (amountFrom !== undefined && minor(facts.amount, facts) < minor(amountFrom, facts)) return 'amountFrom';
  // What a Receiver may still choose counts: a rule must not be passed by leaving the choice open.
  if (destinationKind !== undefined && !facts.destinationKinds.some((kind) => destinationKind.includes(kind)))
    return 'destinationKind';
  // What was not looked up counts as new: the rule that asks for more must not be missed.
  return newReceiver !== undefined && newReceiver !== (facts.isNewReceiver ?? true) ? 'newReceiver' : null;
}

function minor(amount: string, { currency }: PolicyFacts): bigint {
  return parseDecimal(amount, currency).minor;
}
