import { isCurrencyCode } from '../domain/currencies';
import { formatDecimal, parseDecimal } from '../domain/money';
import type { AttentionReason } from '../domain/payout';
import type { Tenants } from '../domain/tenants';
import { BATCH_WORKFLOW_TYPE, batchIdOf, batchState } from '../workflows/batch-messages';
import { searchAttributes, UNMATCHED_CALLBACK, UNMATCHED_CALLBACK_WORKFLOW_TYPE } from '../workflows/messages';
import { NOTIFICATION_DEAD, NOTIFICATION_WORKFLOW_TYPE, readNotificationId } from '../workflows/notification-messages';
import { andTenants, oneOf } from './list-filter';
import { type ListedPayout, type PayoutList, readTenant, readText } from './payout-list';
import type { Visibility, VisibleRun } from './visibility';

/** Of a payout or batch that needs a person for no attention of its own: it waits for approvals. */
export const AWAITING_APPROVAL = 'awaiting_approval';

/** Something that needs a person: a payout, a batch, callbacks about an unknown payout, or notifications that could not be delivered. */
export interface QueueItem
  extends Pick<ListedPayout, 'state' | 'endpoint' | 'amount' | 'currency' | 'orderId' | 'deadline' | 'tenant'> {
  readonly kind: 'payout' | 'batch' | 'unmatched_callback' | 'notification';
  readonly attention: AttentionReason | typeof AWAITING_APPROVAL | typeof UNMATCHED_CALLBACK | typeof NOTIFICATION_DEAD;
  /** Of a batch its own id: it is one item, and none of its rows is a payout yet. */
  readonly clientOrderId: string;
  /** Of notifications; null for anything else. */
  readonly subscriber: string | null;
  /** When the payout or batch was made, the payout closed, or the first callback or notification came: ISO 8601. */
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

/** At most this many payouts, batches, unmatched callbacks and notifications each. */
const MOST_OF_A_KIND = 1_000;

/** Everything of these tenants that needs a person; callbacks of unknown payouts are the default tenant's. Which payouts do is what a list filtered by attention finds: `list-filter.ts` and `payout-list.ts`. */
export async function readAttentionQueue(
  visibility: Visibility,
  list: Pick<PayoutList, 'page'>,
  tenants: Tenants,
): Promise<AttentionQueue> {
  const payouts = await list.page(
    { tenants, attention: 'any', orAwaitsApproval: true },
    { token: null, limit: MOST_OF_A_KIND },
  );
  const others = async (type: string, needsOne = `${searchAttributes.attention.name} IS NOT NULL`) =>
    await visibility.list(
      `${oneOf('WorkflowType', [type])} AND ${oneOf('ExecutionStatus', ['Running'])} AND ${needsOne}${andTenants(tenants)}`,
      { size: MOST_OF_A_KIND, token: null },
    );
  const batches = await others(BATCH_WORKFLOW_TYPE, oneOf(searchAttributes.state.name, Object.keys(BATCH_ATTENTIONS)));
  const unmatched = await others(UNMATCHED_CALLBACK_WORKFLOW_TYPE);
  const notifications = await others(NOTIFICATION_WORKFLOW_TYPE);
  const items = [
    ...payouts.rows.flatMap(itemOfPayout),
    ...batches.runs.flatMap(itemOfBatch),
    ...unmatched.runs.map(itemOfCallbacks),
    ...notifications.runs.flatMap(itemOfNotifications),
  ];
  return {
    items: items.sort((left, right) => (left.since < right.since ? -1 : 1)),
    totals: sumByCurrency(items),
    hasMore: [payouts, batches, unmatched, notifications].some(({ next }) => next !== null),
  };
}

function itemOfPayout({
  attention,
  problem: _,
  outcome: __,
  settlement: ___,
  createdAt,
  closedAt,
  ...row
}: ListedPayout): QueueItem[] {
  const reason = attention ?? (row.state === AWAITING_APPROVAL ? AWAITING_APPROVAL : null);
  return reason === null
    ? []
    : [{ kind: 'payout', ...row, attention: reason, subscriber: null, since: closedAt ?? createdAt }];
}

const NO_PAYOUT = { state: null, amount: null, currency: null, deadline: null } as const;

/** By the state in which a batch needs a person. */
const BATCH_ATTENTIONS: Readonly<Record<string, QueueItem['attention']>> = {
  [batchState('awaiting_approval')]: AWAITING_APPROVAL,
  [batchState('limit_reached')]: 'limit_reached',
};

function itemOfBatch(run: VisibleRun): QueueItem[] {
  const batchId = batchIdOf(run.workflowId);
  const attention = BATCH_ATTENTIONS[readText(run, 'state') ?? ''];
  if (batchId === null || attention === undefined) return [];
  const since = new Date(run.startedAtMs).toISOString();
  const none = { subscriber: null, endpoint: null, orderId: null };
  return [{ ...NO_PAYOUT, ...none, kind: 'batch', attention, clientOrderId: batchId, tenant: readTenant(run), since }];
}

function itemOfCallbacks(run: VisibleRun): QueueItem {
  return {
    ...NO_PAYOUT,
    kind: 'unmatched_callback',
    attention: UNMATCHED_CALLBACK,
    clientOrderId: run.workflowId.split(':')[1] ?? '',
    subscriber: null,
    endpoint: readText(run, 'endpoint'),
    tenant: readTenant(run),
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
      tenant: readTenant(run),
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
