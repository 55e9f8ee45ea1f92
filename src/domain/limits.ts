import type { CurrencyCode } from './currencies';

/** A calendar day or month, in a time zone. */
export const LIMIT_WINDOWS = ['day', 'month'] as const;
export type LimitWindow = (typeof LIMIT_WINDOWS)[number];

/** One day (`2026-11-29`) or month (`2026-11`), and when it begins and ends, in epoch milliseconds. As text they are ordered as in time. */
export interface Period {
  readonly period: string;
  readonly beginsAtMs: number;
  readonly endsAtMs: number;
}

/** What one rule allows in a day or a month, and how much of it a payout takes. JSON-safe; amounts are integers of minor units. */
export interface LimitClaim {
  readonly tenant: string;
  /** What is counted together: payouts of the tenant in this currency, perhaps to one kind of destination or endpoint. */
  readonly key: string;
  /** The name of the rule, as people see it. */
  readonly rule: string;
  readonly window: LimitWindow;
  readonly zone: string;
  readonly capMinor: number;
  readonly amountMinor: number;
  readonly currency: CurrencyCode;
  /** What happens to a payout when there is no room: it is refused, or waits for the next period. */
  readonly over: 'refuse' | 'wait';
}

/** A claim in the period in which it is asked for, which the asker computed: the book reads no zone data, for a replay may have other. */
export interface DatedClaim extends LimitClaim, Period {}

/** Takes the amount of a payout from its limits: from all of them or from none. */
export interface HoldOrder {
  readonly kind: 'hold';
  readonly id: string;
  readonly claims: readonly DatedClaim[];
  /** Who asked waits no longer for the answer: what comes later holds nothing. */
  readonly validUntilMs: number;
}

/** Ends a hold: what was paid stays used, what provably was not is free again. */
export interface SettleOrder {
  readonly kind: 'settle';
  readonly id: string;
  readonly how: 'commit' | 'release';
}
export type LimitOrder = HoldOrder | SettleOrder;

/** `over`: nothing was held; the first limit without room, and when its next period begins. `late`, `full`: asked again. */
export type LimitAnswer =
  | { readonly outcome: 'held' }
  | { readonly outcome: 'over'; readonly rule: string; readonly over: LimitClaim['over']; readonly untilMs: number }
  | { readonly outcome: 'late' | 'full' | 'settled' };

export type HoldAnswer = Extract<LimitAnswer, { readonly outcome: 'held' | 'over' }>;

/** What is used of one limit in its present period. */
export interface LimitUsage {
  readonly key: string;
  readonly rule: string;
  readonly window: LimitWindow;
  readonly zone: string;
  readonly capMinor: number;
  readonly period: string;
  readonly endsAtMs: number;
  readonly committedMinor: number;
  readonly heldMinor: number;
}

/** The whole book, as one run hands it to the next. JSON-safe and bounded. */
export interface CarriedBook {
  readonly usage: readonly LimitUsage[];
  /** Open holds, by what they are taken from: those of the same counters and periods have it written once. */
  readonly holds: readonly { readonly from: readonly string[]; readonly of: readonly (readonly [string, number])[] }[];
  /** Lately settled, and when. */
  readonly settled: readonly (readonly [string, number])[];
}

/** How long one who asks for a hold may wait for the answer. */
export const HOLD_VALID_MS = 10_000;
/** For so long a hold that is asked for after it was settled is known, with much room for clocks that differ. */
const SETTLED_KEPT_MS = 60_000;
/** Together below what one payload may have. Characters: ids are of very different length. */
const MOST_OPEN_CHARS = 1_200_000;
const MOST_SETTLED = 6_000;
const CHARS_EACH = 20;
const MOST_COUNTERS = 200;

interface Hold {
  readonly amountMinor: number;
  readonly from: readonly string[];
}

const counterOf = ({ key, window, zone }: Pick<LimitClaim, 'key' | 'window' | 'zone'>): string =>
  [key, window, zone].join(' ');
const placeOf = (counter: string, { period }: Pick<Period, 'period'>): string => `${counter} ${period}`;

/**
 * The holds and the used amounts of one tenant and currency. Total over every order, in any order and however often it is given; not
 * pure, because copying it for each of a hundred payouts a second would be what it does most. No clock: times come with the orders.
 *
 * At every moment what is committed and held in a period is at most the cap of the claim that was held last.
 */
export class LimitBook {
  readonly #counters = new Map<string, LimitUsage>();
  readonly #holds = new Map<string, Hold>();
  readonly #settled = new Map<string, number>();
  #openChars = 0;

  constructor(carried?: CarriedBook) {
    for (const usage of carried?.usage ?? []) this.#counters.set(counterOf(usage), usage);
    for (const { from, of } of carried?.holds ?? [])
      for (const [id, amountMinor] of of) this.#open(id, { amountMinor, from });
    for (const [id, atMs] of carried?.settled ?? []) this.#settled.set(id, atMs);
  }

  /** @returns what became of a hold; `settled` for the end of one, also when it is not there (any more) */
  apply(order: LimitOrder, atMs: number): LimitAnswer {
    return order.kind === 'hold' ? this.#hold(order, atMs) : this.#settle(order, atMs);
  }

  /** What is used now. A period that has passed is not shown: nothing is used in the present one. */
  usage(atMs: number): LimitUsage[] {
    return [...this.#counters.values()].filter(({ endsAtMs }) => atMs < endsAtMs);
  }

  /** What the next run needs: holds and sums of periods that have passed count for nothing any more. */
  carry(atMs: number): CarriedBook {
    const usage = this.usage(atMs);
    const places = new Set(usage.map((counter) => placeOf(counterOf(counter), counter)));
    const groups = new Map<string, { from: readonly string[]; of: [string, number][] }>();
    for (const [id, { amountMinor, from }] of this.#holds) {
      if (!from.some((place) => places.has(place))) continue;
      const name = from.join('\n');
      const group = groups.get(name) ?? { from, of: [] };
      group.of.push([id, amountMinor]);
      groups.set(name, group);
    }
    this.#forgetSettled(atMs);
    return { usage, holds: [...groups.values()], settled: [...this.#settled] };
  }

  #hold({ id, claims, validUntilMs }: HoldOrder, atMs: number): LimitAnswer {
    const unique = [...new Map(claims.map((claim) => [counterOf(claim), claim]))];
    const from = unique.map(([name, claim]) => placeOf(name, claim));
    if (!unique.every(([name, claim]) => this.#isPresent(name, claim, atMs))) return { outcome: 'late' };
    const known = this.#holds.get(id);
    if (known?.from.join() === from.join()) return { outcome: 'held' };
    if (atMs > validUntilMs || this.#wasSettled(id, atMs)) return { outcome: 'late' };
    // What it holds already, in another day of the same month perhaps, is room for itself; without enough room it keeps that.
    const ownOf = (name: string, claim: DatedClaim) =>
      known?.from.includes(placeOf(name, claim)) ? known.amountMinor : 0;
    const full = unique.find(([name, claim]) => {
      const { committedMinor, heldMinor } = this.#counterOf(name, claim);
      return claim.amountMinor > claim.capMinor - committedMinor - heldMinor + ownOf(name, claim);
    });
    if (full !== undefined) {
      const { rule, over, endsAtMs: untilMs } = full[1];
      return { outcome: 'over', rule, over, untilMs };
    }
    const added = unique.filter(([name]) => !this.#counters.has(name)).length;
    if (this.#openChars + id.length + CHARS_EACH > MOST_OPEN_CHARS || this.#counters.size + added > MOST_COUNTERS) {
      this.#makeRoom(atMs);
      return { outcome: 'full' };
    }
    if (known !== undefined) this.#drop(id, known, 'release');
    for (const [name, claim] of unique) {
      const usage = this.#counterOf(name, claim);
      this.#counters.set(name, { ...usage, heldMinor: usage.heldMinor + claim.amountMinor });
    }
    this.#open(id, { amountMinor: claims[0]?.amountMinor ?? 0, from });
    return { outcome: 'held' };
  }

  #settle({ id, how }: SettleOrder, atMs: number): LimitAnswer {
    const hold = this.#holds.get(id);
    if (hold !== undefined) this.#drop(id, hold, how);
    // One that a slow call brings after its end must hold nothing.
    this.#settled.delete(id);
    this.#settled.set(id, atMs);
    this.#forgetSettled(atMs);
    return { outcome: 'settled' };
  }

  #drop(id: string, hold: Hold, how: SettleOrder['how']): void {
    this.#holds.delete(id);
    this.#openChars -= id.length + CHARS_EACH;
    for (const place of hold.from) this.#take(place, hold.amountMinor, how);
  }

  /** Of a period that has passed nothing is kept. */
  #take(place: string, amountMinor: number, how: SettleOrder['how']): void {
    const name = place.slice(0, place.lastIndexOf(' '));
    const usage = this.#counters.get(name);
    if (usage === undefined || placeOf(name, usage) !== place) return;
    const committedMinor = usage.committedMinor + (how === 'commit' ? amountMinor : 0);
    this.#counters.set(name, { ...usage, heldMinor: usage.heldMinor - amountMinor, committedMinor });
  }

  #open(id: string, hold: Hold): void {
    this.#holds.set(id, hold);
    this.#openChars += id.length + CHARS_EACH;
  }

  /** False for a period that has not begun, or has passed: the clock here decides, and one that is put back opens none that has passed. */
  #isPresent(name: string, { period, beginsAtMs, endsAtMs }: DatedClaim, atMs: number): boolean {
    const known = this.#counters.get(name);
    const isTurn = known === undefined || known.period === period || (known.period < period && known.endsAtMs <= atMs);
    return isTurn && beginsAtMs <= atMs && atMs < endsAtMs;
  }

  /** The counter as a claim finds it, with the cap that the claim brings. */
  #counterOf(name: string, { key, rule, window, zone, capMinor, period, endsAtMs }: DatedClaim): LimitUsage {
    const known = this.#counters.get(name);
    const sums = known?.period === period ? known : { committedMinor: 0, heldMinor: 0 };
    const { committedMinor, heldMinor } = sums;
    return { key, rule, window, zone, capMinor, period, endsAtMs, committedMinor, heldMinor };
  }

  /** A moment ago. Later, it is asked for again by a person, after a reset. */
  #wasSettled(id: string, atMs: number): boolean {
    return atMs - (this.#settled.get(id) ?? Number.NEGATIVE_INFINITY) <= SETTLED_KEPT_MS;
  }

  #forgetSettled(atMs: number): void {
    for (const [id, settledAtMs] of this.#settled) {
      if (atMs - settledAtMs <= SETTLED_KEPT_MS && this.#settled.size <= MOST_SETTLED) return;
      this.#settled.delete(id);
    }
  }

  /** Drops what has passed, as the end of a run does. */
  #makeRoom(atMs: number): void {
    const kept = new LimitBook(this.carry(atMs));
    this.#counters.clear();
    for (const [name, usage] of kept.#counters) this.#counters.set(name, usage);
    this.#holds.clear();
    this.#openChars = 0;
    for (const [id, hold] of kept.#holds) this.#open(id, hold);
  }
}

/** True for a list of orders that the book can take: an update may be sent by hand. */
export function areLimitOrders(value: unknown): value is readonly LimitOrder[] {
  return Array.isArray(value) && value.length > 0 && value.every(isLimitOrder);
}

function isLimitOrder(value: unknown): value is LimitOrder {
  const { kind, id, how, claims, validUntilMs } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || id === '') return false;
  if (kind === 'settle') return how === 'commit' || how === 'release';
  if (kind !== 'hold' || typeof validUntilMs !== 'number' || !Array.isArray(claims)) return false;
  const amounts = new Set(claims.map((claim: Partial<LimitClaim> | null) => claim?.amountMinor));
  return claims.length > 0 && amounts.size === 1 && claims.every(isClaim);
}

function isClaim(value: unknown): value is DatedClaim {
  const { tenant, key, rule, window, zone, capMinor, amountMinor, over, period, beginsAtMs, endsAtMs } = (value ??
    {}) as Readonly<Record<string, unknown>>;
  const areTexts = [tenant, key, rule, zone, period].every((text) => typeof text === 'string' && text !== '');
  const areAmounts = [capMinor, amountMinor].every((minor) => Number.isSafeInteger(minor) && Number(minor) >= 0);
  const areTimes = [beginsAtMs, endsAtMs].every((ms) => Number.isSafeInteger(ms));
  const areWords = (window === 'day' || window === 'month') && (over === 'refuse' || over === 'wait');
  return areTexts && areAmounts && areTimes && areWords;
}
