import { isCurrencyCode } from '../../domain/currencies';
import { type ClientOrderId, isClientOrderId } from '../../domain/ids';
import { formatDecimal } from '../../domain/money';
import {
  type AttentionReason,
  FINAL_STATES,
  type FinalState,
  isFinalState,
  type PayoutState,
} from '../../domain/payout';
import { payoutIdPrefix } from '../../workflows/messages';
import type { Reading } from '../payouts';
import { viewPayout } from '../view';
import type { VisibleRun } from './visibility';

/** A payout in a list: what can be told of thousands without reading each. Everything else is at its own address. */
export interface ListedPayout {
  readonly clientOrderId: string;
  readonly state: PayoutState;
  readonly outcome: FinalState | null;
  readonly attention: AttentionReason | null;
  readonly endpoint: string;
  readonly amount: string;
  readonly currency: string;
  readonly orderId: string | null;
  /** When Temporal stored it, by Temporal's clock: what lists are sorted and filtered by. */
  readonly createdAt: string;
  /** When nothing was left to do about it; null while something is. */
  readonly closedAt: string | null;
}

/** The payout that a run belongs to, or null for a workflow that somebody started by hand under another id. */
export function payoutOf(run: VisibleRun): ClientOrderId | null {
  if (!run.workflowId.startsWith(payoutIdPrefix)) return null;
  const clientOrderId = run.workflowId.slice(payoutIdPrefix.length);
  return isClientOrderId(clientOrderId) ? clientOrderId : null;
}

/**
 * A payout told by the attributes of its run, which are the truth once the run has completed: they were written with its end. Null when
 * they are not, and the history must be read.
 */
export function listCompleted(run: VisibleRun, lateAttention: AttentionReason | null): ListedPayout | null {
  const { ExecutionStatus, PayoutState: state, PayoutEndpoint, PayoutCurrency, ...rest } = run.attributes;
  const clientOrderId = payoutOf(run);
  if (ExecutionStatus !== 'Completed' || clientOrderId === null || run.amountMinor === null) return null;
  if (PayoutCurrency === undefined || !isCurrencyCode(PayoutCurrency) || PayoutEndpoint === undefined) return null;
  const outcome = FINAL_STATES.find((final) => final === state);
  if (outcome === undefined) return null;
  return {
    clientOrderId,
    state: outcome,
    outcome,
    attention: (rest.PayoutAttention as AttentionReason | undefined) ?? lateAttention,
    endpoint: PayoutEndpoint,
    amount: formatDecimal({ minor: BigInt(run.amountMinor), currency: PayoutCurrency }),
    currency: PayoutCurrency,
    orderId: rest.GatewayOrderId ?? null,
    createdAt: createdAtOf(run),
    closedAt: isoOf(run.closedAtMs),
  };
}

/** A payout told by its history; its place in the list is that of its run. */
export function listRead(run: VisibleRun, { payout, lateEvents, isClosed }: Reading): ListedPayout {
  const { clientOrderId, state, attention, endpoint, amount, currency, orderId } = viewPayout(payout, lateEvents);
  return {
    ...{ clientOrderId, state, outcome: isFinalState(state) ? state : null, attention },
    ...{ endpoint, amount, currency, orderId, createdAt: createdAtOf(run) },
    closedAt: isClosed ? isoOf(run.closedAtMs ?? payout.updatedAtMs) : null,
  };
}

function createdAtOf(run: VisibleRun): string {
  return new Date(Math.floor(run.startUs / 1_000)).toISOString();
}

function isoOf(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}
