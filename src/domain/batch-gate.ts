import type { ApprovalRule, Gate, Schedule } from './gate';
import type { LimitClaim } from './limits';

/** What has to happen before the first row of a batch starts, as decided when the batch was taken. JSON-safe. */
export interface BatchGate {
  /** The person who asked for the batch: never one who approves it. */
  readonly requester: string;
  readonly approval?: BatchApproval;
  /** When it was taken there were too few others who could approve it. */
  readonly isBlocked?: true;
  readonly schedule?: Schedule;
  /** What its rows take from limits, in sum: held once, before any of them starts. */
  readonly limits?: readonly LimitClaim[];
}

/** One approval for all rows: the most that any of the rules asks for. */
export interface BatchApproval extends Pick<ApprovalRule, 'needed' | 'expiresInMs'> {
  readonly rules: readonly string[];
}

/** How far the gate of a batch has come. */
export interface BatchGateRecord {
  readonly approvedBy: readonly string[];
  readonly schedule?: Schedule;
  /** Since when its sum is held, or when that is tried again and the rule without room; absent before the first try. */
  readonly limit?: { readonly heldAtMs: number } | { readonly nextTryAtMs: number; readonly rule: string };
}

/** What a batch has done for its rows before they start. JSON-safe. */
export interface Cleared {
  readonly approvedBy: readonly string[];
  readonly isFunded: boolean;
}

/** The id of a batch's hold on limits: no payout has such an id. */
export function batchHoldId(batchId: string): string {
  return `batch:${batchId}`;
}

/**
 * The gate of a row as its batch leaves it: approved where the batch's approval covers its rule, and its limits taken out of the hold of
 * the batch, which has nothing for a row with a time of its own. What its own rule asks beyond that it still waits for.
 */
export function clearRow(gate: Gate, batch: { readonly id: string; readonly gate: BatchGate } & Cleared): Gate {
  const { approvedBy } = batch;
  const { rules = [], needed = 0 } = batch.gate.approval ?? {};
  const { approval, limits, schedule } = gate;
  const isCovered =
    approval?.because === 'rule' && rules.includes(approval.rule) && approvedBy.length >= Math.max(needed, 1);
  const isFunded = batch.isFunded && schedule === undefined;
  const fundedBy = batchHoldId(batch.id);
  return {
    ...gate,
    ...(isCovered && { approvedBy: [...approvedBy] }),
    ...(isFunded && limits && { limits: limits.map((claim) => ({ ...claim, fundedBy })) }),
  };
}
