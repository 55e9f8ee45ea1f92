import type { DatedClaim, LimitOrder } from './limits';

/** True for a list of orders that the book can take: an update may be sent by hand. */
export function areLimitOrders(value: unknown): value is readonly LimitOrder[] {
  return Array.isArray(value) && value.length > 0 && value.every(isLimitOrder);
}

function isLimitOrder(value: unknown): value is LimitOrder {
  const { kind, id, how, claims, validUntilMs } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || id === '') return false;
  if (kind === 'settle') return how === 'commit' || how === 'release';
  if ((kind !== 'hold' && kind !== 'fund') || typeof validUntilMs !== 'number' || !Array.isArray(claims)) return false;
  const amounts = new Set(claims.map((claim: Partial<DatedClaim> | null) => claim?.amountMinor));
  return claims.length > 0 && (kind === 'fund' || amounts.size === 1) && claims.every(isClaim);
}

function isClaim(value: unknown): value is DatedClaim {
  const {
    tenant,
    key,
    rule,
    window,
    zone,
    capMinor,
    amountMinor,
    over,
    period,
    beginsAtMs,
    endsAtMs,
    fundedBy = 'x',
  } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const areTexts = [tenant, key, rule, zone, period, fundedBy].every((text) => typeof text === 'string' && text !== '');
  const areAmounts = [capMinor, amountMinor].every((minor) => Number.isSafeInteger(minor) && Number(minor) >= 0);
  const areTimes = [beginsAtMs, endsAtMs].every((ms) => Number.isSafeInteger(ms));
  const areWords = (window === 'day' || window === 'month') && (over === 'refuse' || over === 'wait');
  return areTexts && areAmounts && areTimes && areWords;
}
