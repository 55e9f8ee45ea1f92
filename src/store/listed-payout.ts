import { isCurrencyCode } from '../domain/currencies';
import { type ClientOrderId, isClientOrderId } from '../domain/ids';
import { formatDecimal } from '../domain/money';
import { type AttentionReason, FINAL_STATES, type FinalState } from '../domain/payout';
import { payoutIdPrefix, searchAttributes } from '../workflows/messages';
import type { VisibleRun } from './visibility';

/** `open`: accepted, sending or processing. Which one costs an event of history each, so only the payout itself says. */
export const LISTED_STATES = [
  ...(['open', 'awaiting_details', 'unconfirmed', 'awaiting_receiver', 'needs_review'] as const),
  ...FINAL_STATES,
] as const;
export type ListedState = (typeof LISTED_STATES)[number];
/** How the attribute of a payout that is `open` may read. */
export const OPEN_ATTRIBUTES: readonly string[] = ['open', 'accepted', 'sending', 'processing'];

/** `unreadable`: what is stored of it cannot be read with the keys of this process. `stuck`: its workflow cannot go on. */
export const LIST_PROBLEMS = ['unreadable', 'stuck'] as const;
export type ListProblem = (typeof LIST_PROBLEMS)[number];

/** A payout in a list: what visibility stores of it, a moment behind. Null is what is not stored. */
export interface ListedPayout {
  readonly clientOrderId: ClientOrderId;
  readonly state: ListedState | null;
  readonly outcome: FinalState | null;
  readonly attention: AttentionReason | null;
  readonly problem: ListProblem | null;
  readonly endpoint: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly orderId: string | null;
  /** When Temporal stored it, by Temporal's clock. */
  readonly createdAt: string;
  /** When nothing was left to do about it; null while something is. */
  readonly closedAt: string | null;
}

/** The ways in which a run ends that are no payout's end. */
export const BROKEN_OFF = ['Failed', 'Canceled', 'Terminated', 'TimedOut'] as const;

/** The payout that a run belongs to; null for a workflow that was started by hand under another id. */
export function payoutOf({ workflowId }: VisibleRun): ClientOrderId | null {
  const clientOrderId = workflowId.slice(payoutIdPrefix.length);
  return workflowId.startsWith(payoutIdPrefix) && isClientOrderId(clientOrderId) ? clientOrderId : null;
}

/** The row of a run of a payout, by its search attributes alone: they are written at its start, at its end and when it needs someone. */
export function listRun(run: VisibleRun): ListedPayout | null {
  const clientOrderId = payoutOf(run);
  if (clientOrderId === null) return null;
  const state = readState(run);
  const outcome = FINAL_STATES.find((final) => final === state) ?? null;
  const isBrokenOff = BROKEN_OFF.some((status) => status === run.status);
  const endpoint = text(run, searchAttributes.endpoint.name);
  const amount = readAmount(run);
  const isWhole = run.hasReadableMemo && state !== null && endpoint !== null && amount.amount !== null;
  return {
    clientOrderId,
    state,
    outcome,
    attention: isBrokenOff && outcome === null ? 'not_followed' : attentionOf(run),
    problem: !isWhole ? 'unreadable' : run.attributes.TemporalReportedProblems != null ? 'stuck' : null,
    endpoint,
    ...amount,
    orderId: text(run, searchAttributes.orderId.name),
    createdAt: new Date(run.startedAtMs).toISOString(),
    closedAt: run.closedAtMs === null ? null : new Date(run.closedAtMs).toISOString(),
  };
}

/** Why a person should look, as the run itself says. */
export function attentionOf(run: VisibleRun): AttentionReason | null {
  return text(run, searchAttributes.attention.name) as AttentionReason | null;
}

function readState(run: VisibleRun): ListedState | null {
  const state = text(run, searchAttributes.state.name);
  if (state !== null && OPEN_ATTRIBUTES.includes(state)) return 'open';
  return LISTED_STATES.find((listed) => listed === state) ?? null;
}

function readAmount(run: VisibleRun): Pick<ListedPayout, 'amount' | 'currency'> {
  const minor = run.attributes[searchAttributes.amountMinor.name];
  const currency = text(run, searchAttributes.currency.name);
  if (currency === null || !isCurrencyCode(currency) || typeof minor !== 'number') return { amount: null, currency };
  return { amount: formatDecimal({ minor: BigInt(minor), currency }), currency };
}

function text({ attributes }: VisibleRun, name: string): string | null {
  const value = attributes[name];
  return typeof value === 'string' ? value : null;
}
