import { defineUpdate } from '@temporalio/workflow';
import type { ClientOrderId } from '../domain/ids';
import type { CarriedBook, LimitAnswer, LimitClaim, LimitOrder, LimitUsage, SettleOrder } from '../domain/limits';

/** The contract of the workflow that keeps the limits of one tenant and currency. No handler code. */
export const LIMIT_WORKFLOW_TYPE = 'limit';

export function limitWorkflowId({ tenant, currency }: Pick<LimitClaim, 'tenant' | 'currency'>): string {
  return `limit:${tenant}:${currency}`;
}

export interface LimitInput {
  /** Set by continue-as-new only. */
  readonly carried?: CarriedBook;
}

/** Many orders in one, answered one by one. */
export const limitUpdate = defineUpdate<readonly LimitAnswer[], [readonly LimitOrder[]]>('limit');
/** Most orders in one update: what a workflow task does in moments. */
export const MOST_LIMIT_ORDERS = 200;
export const LIMIT_ORDERS_REFUSED = 'LimitOrdersRefused';

/** The memo that holds the usage: it is read by describing the workflow, a moment behind, with no worker. */
export const MEMO_LIMIT_USAGE = 'limitUsage';
export interface PublishedUsage {
  readonly usage: readonly LimitUsage[];
  readonly atMs: number;
}

/** The contract of the activities that hold and settle for one payout. */
export interface HoldLimitOrder {
  readonly clientOrderId: ClientOrderId;
  readonly claims: readonly LimitClaim[];
}
export interface SettleLimitOrder extends HoldLimitOrder {
  readonly how: SettleOrder['how'];
}

/** The contract of the activities that hold the sums of a batch before it starts, and free what is left of them at its end. */
export interface FundBatchOrder {
  readonly id: string;
  readonly claims: readonly LimitClaim[];
}
