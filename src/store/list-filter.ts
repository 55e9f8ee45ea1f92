import { parseDecimal } from '../domain/money';
import { type AttentionReason, FINAL_STATES, type FinalState } from '../domain/payout';
import type { SettlementWord } from '../domain/returns';
import type { Tenants } from '../domain/tenants';
import {
  LATE_EVENTS_WORKFLOW_TYPE,
  PAYOUT_WORKFLOW_TYPE,
  payoutIdPrefix,
  RETURNED_MARKS,
  searchAttributes,
} from '../workflows/messages';
import { andTenants, oneOf, quote } from './query-words';

export { andTenants, oneOf } from './query-words';

/** The states in which an open payout waits for something, written as it enters them. */
export const WAITING_STATES = [
  'awaiting_details',
  'awaiting_approval',
  'scheduled',
  'unconfirmed',
  'awaiting_receiver',
  'needs_review',
] as const;
/** `open`: accepted, sending or processing. Which one costs an event of history each, so only the payout itself says. */
export const LISTED_STATES = ['open', ...WAITING_STATES, ...FINAL_STATES] as const;
export type ListedState = (typeof LISTED_STATES)[number];
/** The attributes that read as `open` in a list. */
export const OPEN_ATTRIBUTES: readonly string[] = ['open', 'accepted', 'sending', 'processing'];
const attributesOf = (state: ListedState) => (state === 'open' ? OPEN_ATTRIBUTES : [state]);
/** Ends of a run that are not the end of its payout. */
export const BROKEN_OFF: readonly string[] = ['Failed', 'Canceled', 'Terminated', 'TimedOut'];

/** What a list is filtered by; a field that is not set lets everything pass. */
export interface ListFilter {
  readonly state?: readonly ListedState[] | undefined;
  readonly outcome?: FinalState | undefined;
  readonly settlement?: SettlementWord | undefined;
  readonly attention?: AttentionReason | 'any' | undefined;
  /** Whose payouts are listed. Said every time: what is forgotten here is seen by others. */
  readonly tenants: Tenants;
  /** With `attention`: what waits for approvals too. */
  readonly orAwaitsApproval?: true | undefined;
  readonly endpoint?: string | undefined;
  readonly currency?: string | undefined;
  readonly tag?: string | undefined;
  /** A decimal string in the currency; counts only with it. */
  readonly amount?: string | undefined;
  readonly orderId?: string | undefined;
  readonly batch?: string | undefined;
  /** The whole id, or its beginning followed by `*`. */
  readonly clientOrderId?: string | undefined;
  /** Inclusive; `createdTo` is exclusive. */
  readonly createdFrom?: Date | undefined;
  readonly createdTo?: Date | undefined;
}

/** Of a workflow that continued as new, the last run alone. */
export const LAST_RUNS = "ExecutionStatus != 'ContinuedAsNew'";
export const PAYOUT_RUNS = `${oneOf('WorkflowType', [PAYOUT_WORKFLOW_TYPE])} AND ${LAST_RUNS}`;

const { state: STATE, outcome: OUTCOME, attention: ATTENTION } = searchAttributes;

/** Of a payout whose run broke off without an outcome. No one follows it: that is its attention, whatever it needed before. */
const IS_NOT_FOLLOWED = `(${oneOf('ExecutionStatus', BROKEN_OFF)} AND ${OUTCOME.name} IS NULL)`;
const IS_FOLLOWED = `(${BROKEN_OFF.map((status) => `ExecutionStatus != '${status}'`).join(' AND ')} OR ${OUTCOME.name} IS NOT NULL)`;

const LATE_EVENTS = oneOf('WorkflowType', [LATE_EVENTS_WORKFLOW_TYPE]);
/** The runs of late events that learned of a return. */
export const returnRuns = (marks: readonly string[], tenants: Tenants): string =>
  `${LATE_EVENTS} AND ${oneOf(OUTCOME.name, marks)}${andTenants(tenants)}`;

/** The filter but for attention and returns, as a query for payouts. */
export function formatPayoutQuery({
  state,
  settlement,
  tenants,
  clientOrderId: id,
  amount,
  tag,
  createdFrom,
  createdTo,
  ...filter
}: ListFilter): string {
  const conditions = [PAYOUT_RUNS];
  if (state) conditions.push(oneOf(STATE.name, state.flatMap(attributesOf)));
  if (settlement) conditions.push(oneOf(OUTCOME.name, ['approved']));
  for (const field of ['outcome', 'endpoint', 'currency', 'orderId', 'batch'] as const) {
    const value = filter[field];
    if (value !== undefined) conditions.push(oneOf(searchAttributes[field].name, [value]));
  }
  if (tag !== undefined) conditions.push(oneOf(searchAttributes.tags.name, [tag]));
  if (amount !== undefined && filter.currency !== undefined)
    conditions.push(`${searchAttributes.amountMinor.name} = ${parseDecimal(amount, filter.currency).minor}`);
  if (id?.endsWith('*')) conditions.push(`WorkflowId STARTS_WITH ${quote(payoutIdPrefix + id.slice(0, -1))}`);
  else if (id !== undefined) conditions.push(oneOf('WorkflowId', [payoutIdPrefix + id]));
  if (createdFrom) conditions.push(`StartTime >= '${createdFrom.toISOString()}'`);
  if (createdTo) conditions.push(`StartTime < '${createdTo.toISOString()}'`);
  return conditions.join(' AND ') + andTenants(tenants);
}

/** With `attention` or a return it finds late events that say so: a payout that has closed cannot say so itself any more. */
export function formatQuery({ attention, orAwaitsApproval, ...filter }: ListFilter): string {
  const { settlement = 'paid' } = filter;
  if (settlement !== 'paid') return returnRuns(RETURNED_MARKS[settlement], filter.tenants);
  const payouts = formatPayoutQuery(filter);
  if (attention === undefined) return payouts;
  const isSet = attention === 'any' ? `${ATTENTION.name} IS NOT NULL` : oneOf(ATTENTION.name, [attention]);
  const isAboutThem = attention === 'any' || attention === 'not_followed';
  const isNeeded = isAboutThem ? `(${isSet} OR ${IS_NOT_FOLLOWED})` : `(${isSet} AND ${IS_FOLLOWED})`;
  const isAsked = orAwaitsApproval ? `(${isNeeded} OR ${oneOf(STATE.name, ['awaiting_approval'])})` : isNeeded;
  return `(${payouts} AND ${isAsked}) OR (${LATE_EVENTS} AND ${isSet}${andTenants(filter.tenants)})`;
}
