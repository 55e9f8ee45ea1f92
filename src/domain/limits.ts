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
  /** The hold of its batch, which it takes its part out of while there is one. */
  readonly fundedBy?: string;
}

/** A claim in the period in which it is asked for, which the asker computed: the book reads no zone data, for a replay may have other. */
export interface DatedClaim extends LimitClaim, Period {}

/** Takes the amount of a payout from its limits: from all of them or from none. */
export interface HoldOrder {
  /** `fund`: the sums of a batch, each limit with an amount of its own. */
  readonly kind: 'hold' | 'fund';
  readonly id: string;
  readonly claims: readonly DatedClaim[];
  /** Who asked waits no longer for the answer: what comes later holds nothing. */
  readonly validUntilMs: number;
}

/** Ends a hold, or what is left of the sums of a batch: what was paid stays used, what provably was not is free again. */
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
  /** What is left of the sums of batches, by what they are taken from. */
  readonly funds?: readonly (readonly [string, readonly (readonly [string, number])[]])[];
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

type Hold = { readonly amountMinor: number; readonly from: readonly string[] };

const counterOf = ({ key, window, zone }: Pick<LimitClaim, 'key' | 'window' | 'zone'>): string =>
  [key, window, zone].join(' ');
const placeOf = (counter: string, { period }: Pick<Period, 'period'>): string => `${counter} ${period}`;

/** `ownOf`: what one who asks holds already, by place: room for itself. */
type Taking = { readonly atMs: number; readonly ownOf: (place: string) => number; readonly drop: () => void };

/** A claim by the name of its counter, and the counter's period. */
type Counted = readonly [name: string, of: { readonly claim: DatedClaim; readonly place: string }];
const uniqueOf = (claims: readonly DatedClaim[]): readonly Counted[] => [
  ...new Map(claims.map((claim) => [counterOf(claim), { claim, place: placeOf(counterOf(claim), claim) }])),
];

/**
 * The holds and the used amounts of one tenant and currency. Total over every order, in any order and however often it is given; not
 * pure, because copying it for each of a hundred payouts a second would be what it does most. No clock: times come with the orders.
 *
 * At every moment what is committed and held in a period is at most the cap of the claim that was held last.
 */
export class LimitBook {
  #counters = new Map<string, LimitUsage>();
  #holds = new Map<string, Hold>();
  #funds = new Map<string, Map<string, number>>();
  readonly #settled = new Map<string, number>();
  #openChars = 0;

  constructor(carried?: CarriedBook) {
    for (const usage of carried?.usage ?? []) this.#counters.set(counterOf(usage), usage);
    for (const { from, of } of carried?.holds ?? [])
      for (const [id, amountMinor] of of) this.#open(id, { amountMinor, from });
    for (const [id, left] of carried?.funds ?? []) this.#funds.set(id, new Map(left));
    for (const [id, atMs] of carried?.settled ?? []) this.#settled.set(id, atMs);
  }

  /** @returns what became of a hold; `settled` for the end of one, also when it is not there (any more) */
  apply(order: LimitOrder, atMs: number): LimitAnswer {
    if (order.kind === 'settle') return this.#settle(order, atMs);
    return order.kind === 'fund' ? this.#fund(order, atMs) : this.#hold(order, atMs);
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
    const funds = [...this.#funds]
      .filter(([, left]) => [...left.keys()].some((place) => places.has(place)))
      .map(([id, left]) => [id, [...left]] as const);
    return { usage, holds: [...groups.values()], ...(funds.length > 0 && { funds }), settled: [...this.#settled] };
  }

  #hold({ id, claims, validUntilMs }: HoldOrder, atMs: number): LimitAnswer {
    const unique = uniqueOf(claims);
    const from = unique.map(([, { place }]) => place);
    if (!this.#arePresent(unique, atMs)) return { outcome: 'late' };
    const known = this.#holds.get(id);
    if (known?.from.join() === from.join()) return { outcome: 'held' };
    if (atMs > validUntilMs || this.#wasSettled(id, atMs)) return { outcome: 'late' };
    // What was held in a period that has passed is held in the present one; without enough room it keeps what it has.
    const refusal = this.#take(id, unique, {
      ...{ atMs, ownOf: (place) => (known?.from.includes(place) ? known.amountMinor : 0) },
      drop: () => known !== undefined && this.#drop(id, known, 'release'),
    });
    if (refusal !== null) return refusal;
    this.#open(id, { amountMinor: claims[0]?.amountMinor ?? 0, from });
    return { outcome: 'held' };
  }

  /** The same for the sums of a batch. Until it is settled it is known, also when its payouts have taken all of it. */
  #fund({ id, claims, validUntilMs }: HoldOrder, atMs: number): LimitAnswer {
    const unique = uniqueOf(claims);
    if (!this.#arePresent(unique, atMs)) return { outcome: 'late' };
    const known = this.#funds.get(id);
    if (known !== undefined && unique.every(([, { place }]) => known.has(place))) return { outcome: 'held' };
    if (this.#wasSettled(id, atMs) || atMs > validUntilMs) return { outcome: 'late' };
    if (known === undefined && this.#funds.size >= MOST_COUNTERS) return { outcome: 'full' };
    const ownOf = (place: string) => known?.get(place) ?? 0;
    const refusal = this.#take(id, unique, { atMs, ownOf, drop: () => this.#free(id) });
    if (refusal !== null) return refusal;
    this.#funds.set(id, new Map(unique.map(([, { place, claim }]) => [place, claim.amountMinor])));
    return { outcome: 'held' };
  }

  /** Takes claims from their limits, and drops what was held for them: null, or why there is no room. What a batch holds for them is held. */
  #take(id: string, unique: readonly Counted[], { atMs, ownOf, drop }: Taking): LimitAnswer | null {
    const counters = unique.map(([name, { claim, place }]) => {
      const fund = this.#funds.get(claim.fundedBy ?? '');
      const isFunded = (fund?.get(place) ?? 0) >= claim.amountMinor;
      return { name, claim, place, fund: isFunded ? fund : undefined };
    });
    const full = counters.find(({ name, claim, place, fund }) => {
      const { committedMinor, heldMinor } = this.#counterOf(name, claim);
      const room = claim.capMinor - committedMinor - heldMinor + ownOf(place);
      return fund === undefined && claim.amountMinor > room;
    });
    if (full !== undefined) {
      const { rule, over, endsAtMs: untilMs } = full.claim;
      return { outcome: 'over', rule, over, untilMs };
    }
    const added = counters.filter(({ name }) => !this.#counters.has(name)).length;
    if (this.#openChars + id.length + CHARS_EACH > MOST_OPEN_CHARS || this.#counters.size + added > MOST_COUNTERS) {
      this.#makeRoom(atMs);
      return { outcome: 'full' };
    }
    drop();
    for (const { name, claim, place, fund } of counters) {
      const [{ amountMinor }, usage] = [claim, this.#counterOf(name, claim)];
      if (fund === undefined) this.#counters.set(name, { ...usage, heldMinor: usage.heldMinor + amountMinor });
      else fund.set(place, (fund.get(place) ?? 0) - amountMinor);
    }
    return null;
  }

  #settle({ id, how }: SettleOrder, atMs: number): LimitAnswer {
    const hold = this.#holds.get(id);
    if (hold !== undefined) this.#drop(id, hold, how);
    this.#free(id);
    // One that a slow call brings after its end must hold nothing.
    this.#settled.delete(id);
    this.#settled.set(id, atMs);
    this.#forgetSettled(atMs);
    return { outcome: 'settled' };
  }

  #drop(id: string, hold: Hold, how: SettleOrder['how']): void {
    this.#holds.delete(id);
    this.#openChars -= id.length + CHARS_EACH;
    for (const place of hold.from) this.#end(place, hold.amountMinor, how);
  }

  /** What no payout of a batch has taken. */
  #free(id: string): void {
    for (const [place, leftMinor] of this.#funds.get(id) ?? []) this.#end(place, leftMinor, 'release');
    this.#funds.delete(id);
  }

  /** Of a period that has passed nothing is kept. */
  #end(place: string, amountMinor: number, how: SettleOrder['how']): void {
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
  #arePresent(unique: readonly Counted[], atMs: number): boolean {
    return unique.every(([name, { claim }]) => {
      const { period, beginsAtMs, endsAtMs } = claim;
      const known = this.#counters.get(name);
      const isTurn =
        known === undefined || known.period === period || (known.period < period && known.endsAtMs <= atMs);
      return isTurn && beginsAtMs <= atMs && atMs < endsAtMs;
    });
  }

  /** The counter as a claim finds it, with the cap that the claim brings. */
  #counterOf(name: string, { key, rule, window, zone, capMinor, period, endsAtMs }: DatedClaim): LimitUsage {
    const known = this.#counters.get(name);
    const { committedMinor = 0, heldMinor = 0 } = known?.period === period ? known : {};
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
    this.#counters = kept.#counters;
    this.#holds = kept.#holds;
    this.#openChars = kept.#openChars;
    this.#funds = kept.#funds;
  }
}
