import { isCurrencyCode } from '../domain/currencies';
import { formatDecimal, parseDecimal } from '../domain/money';
import { type AttentionReason, FINAL_STATES } from '../domain/payout';
import { searchAttributes, UNMATCHED_CALLBACK, UNMATCHED_CALLBACK_WORKFLOW_TYPE } from '../workflows/messages';
import { NOTIFICATION_DEAD, NOTIFICATION_WORKFLOW_TYPE, readNotificationId } from '../workflows/notification-messages';
import { oneOf, PAYOUT_RUNS, WAITING_STATES } from './list-filter';
import { type ListedPayout, type PayoutList, readText } from './payout-list';
import { shareAnswers } from './shared-answers';
import type { Visibility, VisibleRun } from './visibility';

/** Something that calls for a person: a payout, callbacks about an unknown payout, or notifications that could not be delivered. */
export interface QueueItem
  extends Pick<ListedPayout, 'state' | 'endpoint' | 'amount' | 'currency' | 'orderId' | 'deadline'> {
  readonly kind: 'payout' | 'unmatched_callback' | 'notification';
  readonly attention: AttentionReason | typeof UNMATCHED_CALLBACK | typeof NOTIFICATION_DEAD;
  readonly clientOrderId: string;
  /** Of notifications; null for anything else. */
  readonly subscriber: string | null;
  /** When the payout was made or closed, or the first callback or notification came: ISO 8601. */
  readonly since: string;
}

export interface AttentionQueue {
  /** Oldest first. */
  readonly items: readonly QueueItem[];
  /** Of the payouts among them, by currency: how many, and their sum as a decimal string. */
  readonly totals: readonly { readonly currency: string; readonly count: number; readonly amount: string }[];
  /** True when there are more than are read at once. */
  readonly hasMore: boolean;
}

/** So many payouts, unmatched callbacks and notifications at most, each. */
const MOST_OF_A_KIND = 1_000;

const QUEUE_KEPT_MS = 3_000;
const COUNTS_KEPT_MS = 10_000;

export type Counts = ReturnType<typeof createCounts>;

/** What there is, slightly behind: everyone who asks within a few seconds gets the same answer. */
export function createCounts(deps: {
  readonly visibility: Visibility;
  readonly list: Pick<PayoutList, 'page'>;
  readonly now: () => number;
}) {
  const { visibility, list, now } = deps;
  const shareQueue = shareAnswers<AttentionQueue>({ keepMs: QUEUE_KEPT_MS, now });
  const shareCounts = shareAnswers<Awaited<ReturnType<typeof count>>>({ keepMs: COUNTS_KEPT_MS, now });
  const readQueue = () => shareQueue('', () => readAttentionQueue(visibility, list));

  /** How many payouts there are. Question by question: the server groups by nothing but the status of a run, and takes few a second. */
  async function count() {
    const countEach = async <Name extends string>(names: readonly Name[], runs: string) => {
      const counts = {} as Record<Name, number>;
      for (const name of names)
        counts[name] = await visibility.count(`${runs} AND ${oneOf(searchAttributes.state.name, [name])}`);
      return counts;
    };
    const running = `${PAYOUT_RUNS} AND ${oneOf('ExecutionStatus', ['Running'])}`;
    const queue = await readQueue();
    const attention: Partial<Record<QueueItem['attention'], number>> = {};
    for (const { attention: reason } of queue.items) attention[reason] = (attention[reason] ?? 0) + 1;
    return {
      open: await visibility.count(running),
      /** Of the open ones; the rest are `open` in lists too. */
      waiting: await countEach(WAITING_STATES, running),
      final: await countEach(FINAL_STATES, PAYOUT_RUNS),
      /** What calls for a person, by reason, as it is in the queue; reasons of none are left out. */
      attention,
      hasMoreAttention: queue.hasMore,
    };
  }

  return {
    /** Everything that calls for a person. */
    readQueue,
    count: () => shareCounts('', count),
  };
}

async function readAttentionQueue(visibility: Visibility, list: Pick<PayoutList, 'page'>): Promise<AttentionQueue> {
  const payouts = await list.page({ attention: 'any' }, { token: null, limit: MOST_OF_A_KIND });
  const others = async (type: string) =>
    await visibility.list(
      `${oneOf('WorkflowType', [type])} AND ${oneOf('ExecutionStatus', ['Running'])} AND ${searchAttributes.attention.name} IS NOT NULL`,
      { size: MOST_OF_A_KIND, token: null },
    );
  const unmatched = await others(UNMATCHED_CALLBACK_WORKFLOW_TYPE);
  const notifications = await others(NOTIFICATION_WORKFLOW_TYPE);
  const items = [
    ...payouts.rows.flatMap(itemOfPayout),
    ...unmatched.runs.map(itemOfCallbacks),
    ...notifications.runs.flatMap(itemOfNotifications),
  ];
  return {
    items: items.sort((left, right) => (left.since < right.since ? -1 : 1)),
    totals: sumByCurrency(items),
    hasMore: payouts.next !== null || unmatched.next !== null || notifications.next !== null,
  };
}

function itemOfPayout({ attention, problem: _, outcome: __, createdAt, closedAt, ...row }: ListedPayout): QueueItem[] {
  return attention === null
    ? []
    : [{ kind: 'payout', ...row, attention, subscriber: null, since: closedAt ?? createdAt }];
}

const NO_PAYOUT = { state: null, amount: null, currency: null, deadline: null } as const;

function itemOfCallbacks(run: VisibleRun): QueueItem {
  return {
    ...NO_PAYOUT,
    kind: 'unmatched_callback',
    attention: UNMATCHED_CALLBACK,
    clientOrderId: run.workflowId.split(':')[1] ?? '',
    subscriber: null,
    endpoint: readText(run, 'endpoint'),
    orderId: readText(run, 'orderId'),
    since: new Date(run.startedAtMs).toISOString(),
  };
}

function itemOfNotifications(run: VisibleRun): QueueItem[] {
  const named = readNotificationId(run.workflowId);
  if (named === null) return [];
  const since = new Date(run.startedAtMs).toISOString();
  return [
    {
      ...NO_PAYOUT,
      ...named,
      kind: 'notification',
      attention: NOTIFICATION_DEAD,
      endpoint: null,
      orderId: null,
      since,
    },
  ];
}

function sumByCurrency(items: readonly QueueItem[]): AttentionQueue['totals'] {
  const sums = new Map<string, { count: number; minor: bigint }>();
  for (const { amount, currency } of items) {
    if (amount === null || currency === null) continue;
    const { count, minor } = sums.get(currency) ?? { count: 0, minor: 0n };
    sums.set(currency, { count: count + 1, minor: minor + parseDecimal(amount, currency).minor });
  }
  return [...sums].flatMap(([currency, { count, minor }]) =>
    isCurrencyCode(currency) ? [{ currency, count, amount: formatDecimal({ minor, currency }) }] : [],
  );
}
