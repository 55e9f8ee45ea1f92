import { setTimeout } from 'node:timers/promises';
import { LASTING_ATTENTIONS, PASSING_ATTENTIONS } from '../domain/payout';
import { ALL_TENANTS, DEFAULT_TENANT, MOST_TENANTS } from '../domain/tenants';
import { searchAttributes, UNMATCHED_CALLBACK } from '../workflows/messages';
import {
  NOTIFICATION_DEAD,
  NOTIFICATION_PENDING,
  NOTIFICATION_WORKFLOW_TYPE,
} from '../workflows/notification-messages';
import { type AWAITING_APPROVAL, type QueueItem, readAttentionQueue } from './attention-queue';
import { countPayouts } from './counts';
import { type ListedState, oneOf, WAITING_STATES } from './list-filter';
import { createPayoutList } from './payout-list';
import type { Visibility } from './visibility';

/** How old counts may be before a question has them read again. */
const KEPT_MS = 20_000;
/** Three questions a second: most of what a server with default settings takes is left to others. */
const PAUSE_MS = 340;

/** What waits for approvals has a state of its own. */
export type NeedsPerson = Exclude<QueueItem['attention'], typeof AWAITING_APPROVAL>;
const REASONS: readonly NeedsPerson[] = [
  ...PASSING_ATTENTIONS,
  ...LASTING_ATTENTIONS,
  UNMATCHED_CALLBACK,
  NOTIFICATION_DEAD,
];

export interface Needed {
  readonly reason: NeedsPerson;
  readonly tenant: string;
  readonly count: number;
  readonly sinceMs: number | null;
}

/** What there is, counted. Every state and reason is in it, also with none. */
export interface CountsReading {
  readonly states: Readonly<Record<ListedState, number>>;
  /** By reason and tenant. `sinceMs`: since when the oldest is there, epoch ms; null for none. */
  readonly attention: readonly Needed[];
  /** Notifications. */
  readonly pending: number;
  readonly dead: number;
}

/** Null before the first reading; then it is as old as the process. */
export interface LatestCounts {
  readonly reading: CountsReading | null;
  readonly ageMs: number;
}

/**
 * Counts for those who read them again and again. An answer never waits: it is the last reading, and starts a new one when that is old.
 * While nobody asks nothing is read. A reading that fails leaves the last one, and is made again as if it had been one.
 */
export function createCountsReader(deps: {
  readonly visibility: Visibility;
  readonly now: () => number;
  readonly pauseMs?: number;
}) {
  const { now, pauseMs = PAUSE_MS } = deps;
  const visibility = pace(deps.visibility, pauseMs);
  const list = createPayoutList({ visibility });
  const beganAtMs = now();
  let latest: { readonly reading: CountsReading; readonly atMs: number } | null = null;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let isReading = false;
  /** All that were seen: what is over is counted as none. */
  const tenants = new Set([DEFAULT_TENANT]);

  async function read(): Promise<CountsReading> {
    const { items } = await readAttentionQueue(visibility, list, ALL_TENANTS);
    const { open, waiting, final } = await countPayouts(visibility, ALL_TENANTS);
    const elsewhere = WAITING_STATES.reduce((sum, state) => sum + waiting[state], 0);
    return {
      states: { open: Math.max(0, open - elsewhere), ...waiting, ...final },
      attention: groupItems(items, tenants),
      pending: await visibility.count(notificationsIn(NOTIFICATION_PENDING)),
      dead: await visibility.count(notificationsIn(NOTIFICATION_DEAD)),
    };
  }

  return (): LatestCounts => {
    if (!isReading && now() - triedAtMs >= KEPT_MS) {
      isReading = true;
      read()
        .then(
          (reading) => {
            latest = { reading, atMs: now() };
          },
          () => {},
        )
        .finally(() => {
          triedAtMs = now();
          isReading = false;
        });
    }
    return { reading: latest?.reading ?? null, ageMs: now() - (latest?.atMs ?? beganAtMs) };
  };
}

function pace(visibility: Visibility, pauseMs: number): Visibility {
  const after = async <T>(answer: Promise<T>): Promise<T> => {
    const answered = await answer;
    await setTimeout(pauseMs, undefined, { ref: false });
    return answered;
  };
  return {
    count: (query) => after(visibility.count(query)),
    list: (query, page) => after(visibility.list(query, page)),
  };
}

/** The tenant of more of them than labels may have values. */
const OTHERS = 'others';

/** Oldest first, as the queue is. */
function groupItems(items: readonly QueueItem[], tenants: Set<string>): readonly Needed[] {
  const groups = new Map<string, { count: number; readonly since: string }>();
  for (const { attention, since, ...item } of items) {
    const tenant = tenants.has(item.tenant) || tenants.size < MOST_TENANTS ? item.tenant : OTHERS;
    tenants.add(tenant);
    const group = groups.get(`${attention} ${tenant}`) ?? { count: 0, since };
    groups.set(`${attention} ${tenant}`, group);
    group.count += 1;
  }
  return [...tenants].flatMap((tenant) =>
    REASONS.map((reason) => {
      const { count = 0, since } = groups.get(`${reason} ${tenant}`) ?? {};
      return { reason, tenant, count, sinceMs: since === undefined ? null : Date.parse(since) };
    }),
  );
}

function notificationsIn(state: string): string {
  const running = oneOf('ExecutionStatus', ['Running']);
  const isThere = oneOf(searchAttributes.state.name, [state]);
  return `${oneOf('WorkflowType', [NOTIFICATION_WORKFLOW_TYPE])} AND ${running} AND ${isThere}`;
}
