import type { CurrencyCode } from '../../../src/domain/currencies';
import { createDating } from '../../../src/domain/limit-rules';
import {
  type CarriedBook,
  type DatedClaim,
  HOLD_VALID_MS,
  type LimitAnswer,
  LimitBook,
  type LimitClaim,
  type Period,
  type SettleOrder,
} from '../../../src/domain/limits';
import { isFinalState, type Payout } from '../../../src/domain/payout';
import type { Random } from '../../support/random';
import type { SimulatedGateway } from './simulated-gateway';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How far each is ahead of UTC where the simulation plays, in January: the judge's own calendar. */
const ZONES = { UTC: 0, 'Asia/Tokyo': 9 * HOUR, 'Pacific/Auckland': 13 * HOUR } as const;
const dateNow = createDating();
const dated = new Map<string, readonly Period[]>();

/** As a worker does; a great many payouts have few hours between them, and periods of these zones begin with one. */
function date(claims: readonly LimitClaim[], atMs: number): DatedClaim[] {
  const name = `${claims[0]?.zone} ${claims.length} ${Math.floor(atMs / HOUR)}`;
  const periods = dated.get(name) ?? dateNow(claims, Math.floor(atMs));
  dated.set(name, periods);
  return claims.map((claim, at) => {
    const { period = '', beginsAtMs = 0, endsAtMs = 0 } = periods[at] ?? {};
    return { ...claim, period, beginsAtMs, endsAtMs };
  });
}

/** What the judge knows of one payout that takes from the limit. */
interface Member {
  readonly amountMinor: number;
  readonly gateway: SimulatedGateway;
  current: Payout;
  /** When it was held last, and when what was sent last was held. */
  heldAtMs: number | null;
  sentHeldAtMs: number | null;
  isFreed: boolean;
}

export type SimulatedLimit = ReturnType<typeof createSimulatedLimit>;

/** One day's limit, often with a month's, that several payouts take from; and what is true of it, by the gateways' orders. */
export function createSimulatedLimit(random: Random, mostMinor: number) {
  const zones = Object.keys(ZONES) as (keyof typeof ZONES)[];
  const zone = zones[Math.floor(random() * zones.length)] ?? 'UTC';
  const over = random() < 0.5 ? 'refuse' : 'wait';
  const windows = random() < 0.6 ? (['day'] as const) : (['day', 'month'] as const);
  const capOf = { day: Math.ceil(mostMinor * (1 + random() * 2)), month: Math.ceil(mostMinor * (2 + random() * 2)) };
  const members = new Map<string, Member>();
  let book = new LimitBook();
  let violation: string | null = null;

  const claimsOf = (amountMinor: number): LimitClaim[] =>
    windows.map((window) => ({
      ...{ tenant: 'default', key: window, rule: window, window, zone, over, capMinor: capOf[window] },
      ...{ amountMinor, currency: 'EUR' as CurrencyCode },
    }));
  const periodOf = (window: 'day' | 'month', atMs: number): string | number => {
    const local = atMs + ZONES[zone];
    return window === 'day' ? Math.floor(local / DAY) : new Date(local).toISOString().slice(0, 7);
  };

  /** Paid, or perhaps still to be paid: by the gateway's order, or because a call that may have made one is not settled. */
  function isOwed({ gateway: { orders, truth }, current, sentHeldAtMs, isFreed }: Member, atMs: number): boolean {
    const isUnpaid = truth === 'declined' || truth === 'filtered';
    if (orders.some(({ finalAtMs }) => !isUnpaid || atMs < finalAtMs)) return true;
    return sentHeldAtMs !== null && !isFreed && !isFinalState(current.state);
  }

  /** Only a send makes more owed, and only an order to the limit makes less used. */
  function judge(atMs: number): string | null {
    const owing = [...members.values()].filter((member) => isOwed(member, atMs));
    const usage = book.usage(atMs);
    for (const window of windows) {
      const sums = new Map<string | number, number>();
      for (const { sentHeldAtMs, amountMinor } of owing) {
        if (sentHeldAtMs === null) return 'sent without a hold on its limits';
        const period = periodOf(window, sentHeldAtMs);
        sums.set(period, (sums.get(period) ?? 0) + amountMinor);
      }
      const cap = capOf[window];
      for (const sum of sums.values()) if (sum > cap) return `over the limit: ${sum} of ${cap} in a ${window}`;
      const counted = usage.find(({ key }) => key === window);
      const used = (counted?.committedMinor ?? 0) + (counted?.heldMinor ?? 0);
      if (used > cap) return `over the limit by its own count: ${used} of ${cap} in a ${window}`;
      const owed = sums.get(periodOf(window, atMs)) ?? 0;
      if (owed > used) return `freed while it may be paid: ${owed} owed, ${used} used in a ${window}`;
    }
    return null;
  }

  /** The workflow of a limit goes on as a new run now and then. */
  function perhapsNewRun(atMs: number): void {
    if (random() < 0.1) book = new LimitBook(JSON.parse(JSON.stringify(book.carry(atMs))) as CarriedBook);
  }

  return {
    claimsOf,
    /** The first promise that was broken; null for none. */
    violation: () => violation,
    join: (id: string, { gateway, current }: Pick<Member, 'gateway' | 'current'>, amountMinor: number) => {
      members.set(id, { gateway, current, amountMinor, heldAtMs: null, sentHeldAtMs: null, isFreed: false });
    },
    /** What a worker asked at one time, as it arrives at another. */
    hold(
      id: string,
      claims: readonly LimitClaim[],
      { askedAtMs, atMs }: { askedAtMs: number; atMs: number },
    ): LimitAnswer {
      perhapsNewRun(atMs);
      const order = {
        kind: 'hold',
        id,
        claims: date(claims, askedAtMs),
        validUntilMs: askedAtMs + HOLD_VALID_MS,
      } as const;
      const answer = book.apply(order, atMs);
      const member = members.get(id);
      if (member !== undefined && answer.outcome === 'held') member.heldAtMs = atMs;
      violation ??= judge(atMs);
      return answer;
    },
    settle(id: string, how: SettleOrder['how'], atMs: number): void {
      perhapsNewRun(atMs);
      book.apply({ kind: 'settle', id, how }, atMs);
      const member = members.get(id);
      if (member === undefined) return;
      member.heldAtMs = null;
      member.isFreed = how === 'release';
      violation ??= judge(atMs);
    },
    see(id: string, current: Payout): void {
      const member = members.get(id);
      if (member !== undefined) member.current = current;
    },
    sent(id: string, atMs: number): void {
      const member = members.get(id);
      if (member !== undefined) Object.assign(member, { sentHeldAtMs: member.heldAtMs, isFreed: false });
      violation ??= judge(atMs);
    },
    /** What is wrong about the hold of one that has ended: it was neither kept as used nor freed. */
    judgeEnd(id: string, { state }: Payout, atMs: number): string | null {
      const isHeld = book.carry(atMs).holds.some(({ of }) => of.some(([held]) => held === id));
      return isHeld && isFinalState(state) ? `still held, although it ended ${state}` : null;
    },
  };
}
