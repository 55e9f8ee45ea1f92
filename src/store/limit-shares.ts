import { setTimeout } from 'node:timers/promises';
import type { CurrencyCode } from '../domain/currencies';
import { limitsOfTenant, viewLimit } from '../domain/limit-rules';
import type { PolicyRule } from '../domain/policies';
import { DEFAULT_TENANT } from '../domain/tenants';
import type { LimitReader } from './limits';

/** Of one limit per day or month, the parts of its cap that are used and held: 1 is all of it. */
export interface LimitShare {
  readonly tenant: string;
  readonly rule: string;
  readonly used: number;
  readonly held: number;
}

const KEPT_MS = 20_000;
const PAUSE_MS = 50;
/** Tenants and currencies that are read; each is a call that describes one workflow. */
const MOST_READ = 200;

/**
 * The shares of all limits, for who reads them again and again: an answer never waits, and starts a new reading when the last one is old.
 * Limits are found by the rules and the tenants of keys, and by no list. A tenant and currency that cannot be read keeps what it had.
 */
export function createLimitShares(deps: {
  readonly rules: readonly PolicyRule[];
  readonly limits: LimitReader;
  readonly tenants: () => readonly string[];
  readonly now: () => number;
  readonly pauseMs?: number;
}): () => readonly LimitShare[] {
  const { rules, limits, tenants, now, pauseMs = PAUSE_MS } = deps;
  let latest: ReadonlyMap<string, readonly LimitShare[]> = new Map();
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let isReading = false;

  async function readOf(tenant: string, currency: CurrencyCode): Promise<LimitShare[]> {
    const usage = (await limits.readUsage({ tenant, currency }))?.usage ?? [];
    const own = limitsOfTenant(rules, tenant).filter((limit) => limit.currency === currency);
    return own.map((limit) => {
      const { rule, cap, used, held } = viewLimit(limit, usage, now());
      return { tenant, rule, used: Number(used) / Number(cap), held: Number(held) / Number(cap) };
    });
  }

  async function readAll(): Promise<void> {
    const read = new Map<string, readonly LimitShare[]>();
    const pairs = [...new Set([DEFAULT_TENANT, ...tenants()])].flatMap((tenant) => {
      const currencies = new Set(limitsOfTenant(rules, tenant).map(({ currency }) => currency));
      return [...currencies].map((currency) => ({ tenant, currency }));
    });
    for (const { tenant, currency } of pairs.slice(0, MOST_READ)) {
      const name = `${tenant} ${currency}`;
      read.set(name, await readOf(tenant, currency).catch(() => latest.get(name) ?? []));
      await setTimeout(pauseMs, undefined, { ref: false });
    }
    latest = read;
  }

  return () => {
    if (!isReading && now() - triedAtMs >= KEPT_MS) {
      isReading = true;
      void readAll().finally(() => {
        triedAtMs = now();
        isReading = false;
      });
    }
    return [...latest.values()].flat();
  };
}
