import type { CurrencyCode } from './currencies';
import type { DatedClaim, LimitClaim, LimitUsage, LimitWindow } from './limits';
import { formatDecimal, parseDecimal } from './money';
import { type Calendar, createCalendar } from './periods';
import { findMismatch, type LimitEffect, type PolicyFacts, type PolicyRule } from './policies';

/** A rule with a limit, and the one currency that it has. */
interface LimitRule {
  readonly rule: string;
  readonly currency: CurrencyCode;
  readonly limit: LimitEffect;
}

/** What limits ask of a payout. Other than of other effects, every rule that matches counts. */
export interface LimitDecision {
  /** The rule whose limit per transaction it exceeds by itself; null for none. */
  readonly exceeded: { readonly rule: string; readonly amount: string } | null;
  readonly claims: readonly LimitClaim[];
}

export function decideLimits(rules: readonly PolicyRule[], facts: PolicyFacts): LimitDecision {
  const { tenant, currency } = facts;
  const amountMinor = minorOf(facts.amount, currency);
  const matching = listLimits(rules.filter(({ match }) => findMismatch(match, facts) === null));
  const exceeded = matching.find(
    ({ limit }) => limit.per === 'transaction' && amountMinor > minorOf(limit.amount, currency),
  );
  const claims = matching.flatMap(({ rule, limit: { amount, per, zone, over } }): LimitClaim[] =>
    per === 'transaction'
      ? []
      : [
          {
            tenant,
            currency,
            key: rule,
            rule,
            window: per,
            zone,
            over,
            amountMinor,
            capMinor: minorOf(amount, currency),
          },
        ],
  );
  return { exceeded: exceeded === undefined ? null : { rule: exceeded.rule, amount: exceeded.limit.amount }, claims };
}

/** Limits per day and month of one tenant. */
export function limitsOfTenant(rules: readonly PolicyRule[], tenant: string): readonly LimitRule[] {
  const own = rules.filter(({ match }) => match.tenant === undefined || match.tenant.includes(tenant));
  return listLimits(own).filter(({ limit }) => limit.per !== 'transaction');
}

/** Puts claims into their periods at a moment. Keeps a calendar for each zone: there are as many as rules name. */
export function createDating(): (claims: readonly LimitClaim[], atMs: number) => DatedClaim[] {
  const calendars = new Map<string, Calendar>();
  const calendarOf = (zone: string): Calendar => {
    const calendar = calendars.get(zone) ?? createCalendar(zone);
    calendars.set(zone, calendar);
    return calendar;
  };
  return (claims, atMs) =>
    claims.map((claim) => ({ ...claim, ...calendarOf(claim.zone).periodAt(claim.window, atMs) }));
}

/** One limit as people see it: amounts as decimals, in its present period. */
export function viewLimit({ rule, currency, limit }: LimitRule, usage: readonly LimitUsage[], atMs: number) {
  const window = limit.per as LimitWindow;
  const { period, endsAtMs } = createCalendar(limit.zone).periodAt(window, atMs);
  const found = usage.find(
    (each) => each.key === rule && each.window === window && each.zone === limit.zone && each.period === period,
  );
  const capMinor = minorOf(limit.amount, currency);
  const [usedMinor, heldMinor] = [found?.committedMinor ?? 0, found?.heldMinor ?? 0];
  const write = (minor: number) => formatDecimal({ minor: BigInt(minor), currency });
  return {
    ...{ rule, currency, per: window, zone: limit.zone, over: limit.over, period },
    ...{ cap: write(capMinor), used: write(usedMinor), held: write(heldMinor) },
    left: write(Math.max(0, capMinor - usedMinor - heldMinor)),
    endsAt: new Date(endsAtMs).toISOString(),
  };
}

function listLimits(rules: readonly PolicyRule[]): LimitRule[] {
  return rules.flatMap(({ name, match, limit }) =>
    limit === undefined ? [] : [{ rule: name, currency: match.currency?.[0] as CurrencyCode, limit }],
  );
}

const minorOf = (amount: string, currency: CurrencyCode): number => Number(parseDecimal(amount, currency).minor);
