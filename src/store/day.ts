import { setTimeout } from 'node:timers/promises';
import { LruMap } from 'toad-cache';
import { BOUNDS } from '../config/bounds';
import type { Tenants } from '../domain/tenants';
import { searchAttributes } from '../workflows/messages';
import { andTenants, oneOf, PAYOUT_RUNS } from './list-filter';
import type { Visibility } from './visibility';

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Lists are a moment behind: an hour is over for them only after this. */
const LATE_MS = 300_000;
const KEPT_MS = 30_000;
/** Three questions a second: most of what a server with default settings takes is left to others. */
const PAUSE_MS = 340;

/** How many payouts closed within these many seconds. */
export const WITHIN_SECONDS = [60, 600, 3_600] as const;

/** One hour: null is what is not counted yet. */
export interface Hour {
  readonly start: string;
  readonly made: number | null;
  readonly paid: number | null;
}

export interface Day {
  /** The last 24, oldest first. */
  readonly hours: readonly Hour[];
  /** Open ones of which nobody knows the outcome. */
  readonly inDoubt: number | null;
  readonly closed: number | null;
  /** Of the closed ones, by `WITHIN_SECONDS`. */
  readonly closedWithin: readonly (number | null)[];
}

type Known = Pick<Hour, 'made' | 'paid'> & { readonly isOver: boolean };
type Now = Omit<Day, 'hours'>;
const UNKNOWN: Now = { inDoubt: null, closed: null, closedWithin: WITHIN_SECONDS.map(() => null) };

/** The last day of these tenants in numbers. Counted in the background, one question after another: an answer has what is counted by then. */
export function createDay(deps: {
  readonly visibility: Pick<Visibility, 'count'>;
  readonly now: () => number;
  readonly pauseMs?: number;
}) {
  const { visibility, now, pauseMs = PAUSE_MS } = deps;
  const days = new LruMap<() => Day>(BOUNDS.days.most);
  let last: Promise<unknown> = Promise.resolve();

  /** Questions of all days wait for each other: together they are no faster than one. */
  function count(query: string): Promise<number> {
    const answer = last.then(() => visibility.count(query));
    last = answer.then(() => setTimeout(pauseMs, undefined, { ref: false })).catch(() => undefined);
    return answer;
  }

  /** @throws what ended the counting; the next call begins again */
  function read(tenants: Tenants): Day {
    const name = String(tenants);
    const known =
      days.get(name) ?? countDay((condition) => count(`${PAYOUT_RUNS}${andTenants(tenants)} AND ${condition}`), now);
    days.set(name, known);
    return known();
  }

  return { read };
}

function countDay(count: (condition: string) => Promise<number>, now: () => number): () => Day {
  const hours = new LruMap<Known>(2 * HOURS);
  let latest = UNKNOWN;
  let countedAtMs = Number.NEGATIVE_INFINITY;
  let isCounting = false;
  let failure: unknown = null;

  async function countAll(): Promise<void> {
    const starts = listHours(now());
    // The newest first: it is looked at first.
    for (const fromMs of starts.toReversed()) {
      if (hours.get(String(fromMs))?.isOver) continue;
      const isOver = fromMs + HOUR_MS + LATE_MS <= now();
      const made = await count(within('StartTime', fromMs, fromMs + HOUR_MS));
      const paid = await count(
        `${oneOf(searchAttributes.outcome.name, ['approved'])} AND ${within('CloseTime', fromMs, fromMs + HOUR_MS)}`,
      );
      hours.set(String(fromMs), { made, paid, isOver });
    }
    const dayMs = starts[0] ?? 0;
    const closed = `CloseTime >= '${new Date(dayMs).toISOString()}'`;
    const closedWithin: number[] = [];
    for (const seconds of WITHIN_SECONDS)
      closedWithin.push(await count(`${closed} AND ExecutionDuration <= ${seconds * 1_000_000_000}`));
    latest = {
      closed: await count(closed),
      closedWithin,
      inDoubt: await count(
        `${oneOf('ExecutionStatus', ['Running'])} AND ${oneOf(searchAttributes.state.name, ['unconfirmed', 'needs_review'])}`,
      ),
    };
    countedAtMs = now();
  }

  return () => {
    if (failure !== null) {
      const error = failure;
      failure = null;
      throw error;
    }
    if (!isCounting && now() - countedAtMs >= KEPT_MS) {
      isCounting = true;
      countAll()
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => {
          isCounting = false;
        });
    }
    const known = listHours(now()).map((fromMs) => {
      const { made = null, paid = null } = hours.get(String(fromMs)) ?? {};
      return { start: new Date(fromMs).toISOString(), made, paid };
    });
    return { hours: known, ...latest };
  };
}

function listHours(nowMs: number): number[] {
  const lastMs = nowMs - (nowMs % HOUR_MS);
  return Array.from({ length: HOURS }, (_, at) => lastMs - (HOURS - 1 - at) * HOUR_MS);
}

function within(time: string, fromMs: number, toMs: number): string {
  return `${time} >= '${new Date(fromMs).toISOString()}' AND ${time} < '${new Date(toMs).toISOString()}'`;
}
