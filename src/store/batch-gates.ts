import type { BatchGate } from '../domain/batch-gate';
import type { CurrencyCode } from '../domain/currencies';
import type { ApprovalRule, Gate, Schedule } from '../domain/gate';
import type { LimitClaim } from '../domain/limits';
import { formatDecimal, parseDecimal } from '../domain/money';
import { decide, type PolicyFacts, type PolicyRule } from '../domain/policies';

/** A limit that a batch could never be held in. */
export interface ExceededLimit {
  readonly rule: string;
  readonly amount: string;
}

/** Sums up what rules ask of the rows of one batch. */
export interface BatchGateSum {
  /** A row and its own gate. */
  add(facts: Omit<PolicyFacts, 'isNewReceiver'>, gate: Gate | undefined): void;
  /** What has to happen before the first row; null for nothing. */
  end(schedule: Schedule | null): {
    readonly gate: BatchGate | null;
    readonly exceeded: readonly ExceededLimit[];
    readonly totals: readonly { readonly currency: string; readonly count: number; readonly amount: string }[];
  };
}

export type SumUp = (by: { readonly tenant: string; readonly requester: string }) => BatchGateSum;

/**
 * A batch asks for the most that rules ask of any of its rows, or of its sum: by rows that are small enough nobody gets around a rule
 * about amounts. As sum counts that of the whole batch in the currency of a row.
 */
export function createSumUp({
  rules,
  approversFor,
}: {
  readonly rules: readonly PolicyRule[];
  readonly approversFor: (tenant: string) => readonly string[];
}): SumUp {
  return ({ tenant, requester }) => sumUp(rules, { requester, approvers: approversFor(tenant) });
}

function sumUp(
  rules: readonly PolicyRule[],
  { requester, approvers }: { readonly requester: string; readonly approvers: readonly string[] },
): BatchGateSum {
  const kinds = new Map<string, Omit<PolicyFacts, 'isNewReceiver'>>();
  const sums = new Map<CurrencyCode, { readonly count: number; readonly minor: bigint }>();
  const asked = new Map<string, ApprovalRule>();
  const claims = new Map<string, LimitClaim>();

  const askedOfSums = () =>
    [...kinds.values()].flatMap((facts) => {
      const { currency } = facts;
      const amount = formatDecimal({ minor: sums.get(currency)?.minor ?? 0n, currency });
      const { approvals } = decide(rules, { ...facts, amount, isNewReceiver: null });
      return approvals === null || approvals.effect.needed === 0 ? [] : [{ rule: approvals.rule, ...approvals.effect }];
    });

  return {
    add(facts, gate) {
      const { endpoint, currency, amount, destinationKinds } = facts;
      const kind = [endpoint, currency, ...destinationKinds].join(' ');
      if (!kinds.has(kind)) kinds.set(kind, facts);
      const { count, minor } = sums.get(currency) ?? { count: 0, minor: 0n };
      sums.set(currency, { count: count + 1, minor: minor + parseDecimal(amount, currency).minor });
      if (gate?.approval !== undefined) asked.set(gate.approval.rule, gate.approval);
      // A row with a time of its own is held in the period of that time.
      for (const claim of gate?.schedule === undefined ? (gate?.limits ?? []) : []) {
        const name = [claim.key, claim.window, claim.zone].join(' ');
        const amountMinor = (claims.get(name)?.amountMinor ?? 0) + claim.amountMinor;
        claims.set(name, { ...claim, amountMinor });
      }
    },

    end(schedule) {
      const approvals = [...asked.values(), ...askedOfSums()];
      const needed = Math.max(0, ...approvals.map((each) => each.needed));
      const approval = {
        rules: [...new Set(approvals.map(({ rule }) => rule))],
        needed,
        expiresInMs: Math.min(...approvals.map(({ expiresInMs }) => expiresInMs)),
      };
      const isBlocked = approvers.filter((person) => person !== requester).length < needed;
      const isOver = ({ amountMinor, capMinor }: LimitClaim) => amountMinor > capMinor;
      const all = [...claims.values()];
      // Where rows may wait for the next period, a batch that is too large for one is held row by row.
      const limits = all.filter((claim) => !isOver(claim));
      const exceeded = all.filter((claim) => isOver(claim) && claim.over === 'refuse');
      const isFree = needed === 0 && schedule === null && limits.length === 0;
      const gate: BatchGate = {
        ...{ requester, ...(needed > 0 && { approval }), ...(isBlocked && { isBlocked }) },
        ...{ ...(schedule && { schedule }), ...(limits.length > 0 && { limits }) },
      };
      return {
        gate: isFree ? null : gate,
        totals: [...sums].map(([currency, { count, minor }]) => ({
          ...{ currency, count, amount: formatDecimal({ minor, currency }) },
        })),
        exceeded: exceeded.map(({ rule, capMinor, currency }) => ({
          rule,
          amount: `${formatDecimal({ minor: BigInt(capMinor), currency })} ${currency}`,
        })),
      };
    },
  };
}
