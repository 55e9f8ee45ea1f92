import type { ClientOrderId } from '../../domain/ids';
import { type AttentionReason, type FinalState, isFinalState, type PayoutState } from '../../domain/payout';
import { PAYOUT_WORKFLOW_TYPE, payoutIdPrefix, payoutWorkflowId } from '../../workflows/messages';
import { allOf, anyOf, type Clause, noneOf, oneOf, started } from './clause';
import type { ListedPayout } from './listed-payout';

/** What a list is asked for; null asks for everything. Every value has been checked by its schema. */
export interface ListFilter {
  readonly states: readonly PayoutState[] | null;
  readonly outcome: FinalState | null;
  readonly attention: AttentionReason | 'any' | null;
  readonly endpoint: string | null;
  readonly currency: string | null;
  readonly orderId: string | null;
  /** The whole id, or how it begins. */
  readonly clientOrderId: { readonly text: string; readonly isPrefix: boolean } | null;
  /** Microseconds; from inclusive, to exclusive. */
  readonly fromUs: number | null;
  readonly toUs: number | null;
}

/** What the workflow publishes at once when a payout enters it. The other open states are only known from the history. */
export const PUBLISHED = ['awaiting_details', 'unconfirmed', 'awaiting_receiver', 'needs_review'] as const;

const ORDERLY = ['Running', 'Completed'];

/** Every payout run. */
export const PAYOUT_RUNS: Clause = oneOf('WorkflowType', [PAYOUT_WORKFLOW_TYPE]);

/** The ids of payouts about which a later callback calls for attention, which is not one of theirs; `many` when it may be any. */
export type LatelyCalled = readonly ClientOrderId[] | 'many';

/**
 * The runs among which every payout that matches is found, and some that do not: attributes of an open run lag behind, and are not
 * written on the fast path. A run that was continued, reset or ended by hand is always one: only its payout's history tells.
 */
export function candidatesOf(filter: ListFilter, late: LatelyCalled = []): Clause {
  const { states, outcome, attention, orderId } = filter;
  const telling: Clause[] = [];
  if (states !== null) {
    const published = states.filter((state) => isFinalState(state) || PUBLISHED.some((open) => open === state));
    const isAnyQuiet = published.length < states.length;
    telling.push(
      anyOf(
        ...(published.length > 0 ? [oneOf('PayoutState', published)] : []),
        ...(isAnyQuiet ? [oneOf('ExecutionStatus', ['Running'])] : []),
      ),
    );
  }
  if (outcome !== null) telling.push(oneOf('PayoutOutcome', [outcome]));
  if (attention !== null) telling.push(anyOf(attentionOf(attention), ...lately(late)));
  if (orderId !== null) telling.push(oneOf('GatewayOrderId', [orderId]));
  return allOf(
    PAYOUT_RUNS,
    ...fixedParts(filter),
    ...(telling.length > 0 ? [anyOf(allOf(...telling), noneOf('ExecutionStatus', ORDERLY))] : []),
  );
}

function attentionOf(attention: AttentionReason | 'any'): Clause {
  return attention === 'any' ? { is: 'set', attribute: 'PayoutAttention' } : oneOf('PayoutAttention', [attention]);
}

function lately(late: LatelyCalled): Clause[] {
  if (late === 'many') return [oneOf('ExecutionStatus', ['Completed'])];
  return late.length === 0 ? [] : [oneOf('WorkflowId', late.map(payoutWorkflowId))];
}

/** What never changes about a payout. */
function fixedParts({ endpoint, currency, clientOrderId, fromUs, toUs }: ListFilter): Clause[] {
  const parts: Clause[] = [];
  if (endpoint !== null) parts.push(oneOf('PayoutEndpoint', [endpoint]));
  if (currency !== null) parts.push(oneOf('PayoutCurrency', [currency]));
  if (clientOrderId !== null) {
    const id = payoutIdPrefix + clientOrderId.text;
    parts.push(clientOrderId.isPrefix ? { is: 'id_begins', prefix: id } : oneOf('WorkflowId', [id]));
  }
  if (fromUs !== null || toUs !== null) parts.push(started(fromUs, toUs));
  return parts;
}

/** Whether a payout, as it truly stands, is one that was asked for. */
export function matches(item: ListedPayout, filter: ListFilter): boolean {
  const { states, outcome, attention, orderId } = filter;
  if (states !== null && !states.includes(item.state)) return false;
  if (outcome !== null && item.outcome !== outcome) return false;
  if (attention !== null && (attention === 'any' ? item.attention === null : item.attention !== attention))
    return false;
  return orderId === null || item.orderId === orderId;
}
