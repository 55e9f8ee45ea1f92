import { isCurrencyCode } from '../domain/currencies';
import { type ClientOrderId, isClientOrderId } from '../domain/ids';
import { formatDecimal } from '../domain/money';
import { type AttentionReason, FINAL_STATES, type FinalState } from '../domain/payout';
import { payoutIdPrefix, searchAttributes } from '../workflows/messages';
import type { VisibleRun } from './visibility';

/** The states in which an open payout waits for something, written as it enters them. */
export const WAITING_STATES = ['awaiting_details', 'unconfirmed', 'awaiting_receiver', 'needs_review'] as const;
/** `open`: accepted, sending or processing. Which one costs an event of history each, so only the payout itself says. */
export const LISTED_STATES = ['open', ...WAITING_STATES, ...FINAL_STATES] as const;
export type ListedState = (typeof LISTED_STATES)[number];
/** The attributes that read as `open` in a list. */
export const OPEN_ATTRIBUTES: readonly string[] = ['open', 'accepted', 'sending', 'processing'];

/** `unreadable`: what is stored of it cannot be read with the keys of this process. `stuck`: its workflow cannot go on. */
export const LIST_PROBLEMS = ['unreadable', 'stuck'] as const;

/** A payout in a list: what visibility stores of it, a moment behind. Null is what is not stored. */
export interface ListedPayout {
  readonly clientOrderId: ClientOrderId;
  readonly state: ListedState | null;
  readonly outcome: FinalState | null;
  readonly attention: AttentionReason | null;
  readonly problem: (typeof LIST_PROBLEMS)[number] | null;
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

/** The row of a run, by what is stored beside it alone; null for a workflow that was started by hand under another id. */
export function listRun(run: VisibleRun): ListedPayout | null {
  const clientOrderId = run.workflowId.slice(payoutIdPrefix.length);
  if (!run.workflowId.startsWith(payoutIdPrefix) || !isClientOrderId(clientOrderId)) return null;
  const stored = readText(run, 'state');
  const name = stored !== null && OPEN_ATTRIBUTES.includes(stored) ? 'open' : stored;
  const state = LISTED_STATES.find((listed) => listed === name) ?? null;
  const outcome = FINAL_STATES.find((final) => final === state) ?? null;
  const isBrokenOff = BROKEN_OFF.some((status) => status === run.status);
  const [endpoint, currency] = [readText(run, 'endpoint'), readText(run, 'currency')];
  const amount = readAmount(run, currency);
  const isWhole = run.hasReadableMemo && state !== null && endpoint !== null && amount !== null;
  return {
    ...{ clientOrderId, state, outcome, endpoint, amount, currency },
    attention: isBrokenOff && outcome === null ? 'not_followed' : attentionOf(run),
    problem: !isWhole ? 'unreadable' : run.attributes.TemporalReportedProblems != null ? 'stuck' : null,
    orderId: readText(run, 'orderId'),
    createdAt: new Date(run.startedAtMs).toISOString(),
    closedAt: run.closedAtMs === null ? null : new Date(run.closedAtMs).toISOString(),
  };
}

/** Why a person should look, as the run itself says. */
export function attentionOf(run: VisibleRun): AttentionReason | null {
  return readText(run, 'attention') as AttentionReason | null;
}

function readAmount({ attributes }: VisibleRun, currency: string | null): string | null {
  const minor = attributes[searchAttributes.amountMinor.name];
  if (currency === null || !isCurrencyCode(currency) || typeof minor !== 'number') return null;
  return formatDecimal({ minor: BigInt(minor), currency });
}

function readText({ attributes }: VisibleRun, name: keyof typeof searchAttributes): string | null {
  const value = attributes[searchAttributes[name].name];
  return typeof value === 'string' ? value : null;
}
