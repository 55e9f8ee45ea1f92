import type { AttentionReason, FinalState } from '../domain/payout';
import {
  LATE_EVENTS_WORKFLOW_TYPE,
  PAYOUT_WORKFLOW_TYPE,
  payoutIdPrefix,
  searchAttributes,
} from '../workflows/messages';
import { BROKEN_OFF, type ListedPayout, type ListedState, OPEN_ATTRIBUTES } from './listed-payout';

/** What a list is asked for; null asks for everything. Times are epoch milliseconds, from inclusive, to exclusive. */
export interface ListFilter {
  readonly states: readonly ListedState[] | null;
  readonly outcome: FinalState | null;
  readonly attention: AttentionReason | 'any' | null;
  readonly endpoint: string | null;
  readonly currency: string | null;
  readonly orderId: string | null;
  /** The whole id, or its beginning. */
  readonly clientOrderId: { readonly text: string; readonly isPrefix: boolean } | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

export const EVERYTHING: ListFilter = {
  ...{ states: null, outcome: null, attention: null, endpoint: null, currency: null },
  ...{ orderId: null, clientOrderId: null, fromMs: null, toMs: null },
};

/** Every value in a query is made of these: none can end its quotes. */
const PLAIN = /^[A-Za-z0-9._:-]{1,200}$/;

/** @throws RangeError for a value that could be read as anything else */
function quote(value: string): string {
  if (!PLAIN.test(value)) throw new RangeError('visibility query: expected letters, digits and . _ : - only');
  return `'${value}'`;
}

export function oneOf(attribute: string, values: readonly string[]): string {
  return `${attribute} IN (${values.map(quote).join(', ')})`;
}

/** Of a workflow that was continued, the last run alone. */
export const LAST_RUNS = "ExecutionStatus != 'ContinuedAsNew'";
export const PAYOUT_RUNS = `${oneOf('WorkflowType', [PAYOUT_WORKFLOW_TYPE])} AND ${LAST_RUNS}`;

/**
 * The filter as a query. With `attention` it also finds the late callbacks that call for it and the runs that were broken off:
 * their payouts need it although their own attributes cannot say so any more.
 */
export function formatQuery(filter: ListFilter): string {
  const { states, outcome, attention, endpoint, currency, orderId, clientOrderId, fromMs, toMs } = filter;
  const { state: stateName, attention: attentionName } = searchAttributes;
  const own = [PAYOUT_RUNS];
  if (states !== null)
    own.push(
      oneOf(
        stateName.name,
        states.flatMap((state) => (state === 'open' ? OPEN_ATTRIBUTES : [state])),
      ),
    );
  if (outcome !== null) own.push(oneOf(searchAttributes.outcome.name, [outcome]));
  if (endpoint !== null) own.push(oneOf(searchAttributes.endpoint.name, [endpoint]));
  if (currency !== null) own.push(oneOf(searchAttributes.currency.name, [currency]));
  if (orderId !== null) own.push(oneOf(searchAttributes.orderId.name, [orderId]));
  if (clientOrderId !== null) {
    const id = payoutIdPrefix + clientOrderId.text;
    own.push(clientOrderId.isPrefix ? `WorkflowId STARTS_WITH ${quote(id)}` : oneOf('WorkflowId', [id]));
  }
  if (fromMs !== null) own.push(`StartTime >= '${new Date(fromMs).toISOString()}'`);
  if (toMs !== null) own.push(`StartTime < '${new Date(toMs).toISOString()}'`);
  if (attention === null) return own.join(' AND ');
  const isCalled = attention === 'any' ? `${attentionName.name} IS NOT NULL` : oneOf(attentionName.name, [attention]);
  const isBrokenOff =
    attention === 'any' || attention === 'not_followed' ? ` OR ${oneOf('ExecutionStatus', BROKEN_OFF)}` : '';
  const late = `(${oneOf('WorkflowType', [LATE_EVENTS_WORKFLOW_TYPE])} AND ${isCalled})`;
  return `(${own.join(' AND ')} AND (${isCalled}${isBrokenOff})) OR ${late}`;
}

/** Whether a row is one that was asked for. Some stores compare without case, and a late callback knows little of its payout. */
export function matches(row: ListedPayout, filter: ListFilter): boolean {
  const { states, outcome, attention, endpoint, currency, orderId, clientOrderId, fromMs, toMs } = filter;
  const createdAtMs = Date.parse(row.createdAt);
  const isNamed =
    clientOrderId === null ||
    (clientOrderId.isPrefix
      ? row.clientOrderId.startsWith(clientOrderId.text)
      : row.clientOrderId === clientOrderId.text);
  return (
    isNamed &&
    (states === null || (row.state !== null && states.includes(row.state))) &&
    (outcome === null || row.outcome === outcome) &&
    (attention === null || (attention === 'any' ? row.attention !== null : row.attention === attention)) &&
    (endpoint === null || row.endpoint === endpoint) &&
    (currency === null || row.currency === currency) &&
    (orderId === null || row.orderId === orderId) &&
    (fromMs === null || createdAtMs >= fromMs) &&
    (toMs === null || createdAtMs < toMs)
  );
}
