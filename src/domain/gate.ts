import type { LimitClaim } from './limits';

/** When a payout is to be sent, in epoch milliseconds. JSON-safe. */
export interface Schedule {
  readonly executeAtMs: number;
  /** Only of a time that the endpoint's calendar moved: the one that was asked for, and why it was moved. */
  readonly moved?: { readonly fromMs: number; readonly because: string };
}

/** Why approvals are asked for: a rule about such payouts, or the same payout a short time ago. */
export type Because = 'rule' | 'duplicate';

/** How many persons must approve something, and how long they may take. */
export interface ApprovalRule {
  /** The name of the rule. */
  readonly rule: string;
  readonly needed: number;
  readonly expiresInMs: number;
}

/** Acts of operators that a rule may ask approvals for. */
export const GUARDED_ACTS = ['resend', 'resolve'] as const;
export type GuardedAct = (typeof GUARDED_ACTS)[number];

/** What has to happen before a payout is sent, as decided when it was accepted; without one it is sent at once. JSON-safe. */
export interface Gate {
  /** The person who asked for the payout: never one who approves it. */
  readonly requester?: string;
  readonly approval?: ApprovalRule & { readonly because: Because };
  /** When it was accepted there were too few others who could approve it. */
  readonly isBlocked?: true;
  /** Acts upon it that need approvals of their own. */
  readonly guard?: ApprovalRule & { readonly acts: readonly GuardedAct[] };
  readonly schedule?: Schedule;
  /** Limits that it takes from, right before it is sent. */
  readonly limits?: readonly LimitClaim[];
}

/** An act that waits for approvals. */
export interface WaitingAct {
  readonly id: string;
  readonly actor: string;
  /** The person behind the actor. */
  readonly person: string;
  readonly reason: string;
  readonly action: GuardedAct;
  /** Of a resolve. */
  readonly resolution: string | null;
  /** Of a resolve: the word of the gateway that it contradicts, as in the order. */
  readonly against?: string | null;
  readonly untilMs: number;
  readonly approvedBy: readonly string[];
}

/** The gate in the record of a payout, with how far it has come. */
export interface GateRecord extends Gate {
  /** Persons who approved the send. */
  readonly approvedBy?: readonly string[];
  /** Until when they may. */
  readonly approvalUntilMs?: number;
  readonly waitingAct?: WaitingAct;
  /** Since when the payout may be sent: the time to get it sent begins then. */
  readonly releasedAtMs?: number;
  /** Since when its limits are held, or when that is tried again; absent before the first try. */
  readonly limit?: { readonly heldAtMs: number } | { readonly nextTryAtMs: number };
}

/** True while nothing may be sent, because the limits that it takes from are not held. */
export function needsHold(
  gate: GateRecord | undefined,
): gate is GateRecord & { readonly limits: readonly LimitClaim[] } {
  return gate?.limits !== undefined && (gate.limit === undefined || 'nextTryAtMs' in gate.limit);
}

/** Limits are held anew before the next send: a hold of before may be there or not, and is ended with the payout. */
export function holdAnew(gate: GateRecord): GateRecord {
  return gate.limits === undefined ? gate : { ...gate, limit: { nextTryAtMs: 0 } };
}

/** When a hold is due that is needed, in epoch milliseconds; at once before the first try. */
export function holdDueAt({ limit }: GateRecord): number {
  return limit !== undefined && 'nextTryAtMs' in limit ? limit.nextTryAtMs : 0;
}

/** Where a payout is on its way to the send, once its destination is known. */
export type GateState = 'awaiting_approval' | 'scheduled' | 'accepted';

/** What a gate lets a payout be at this time. Nothing is sent unless it is `accepted`. */
export function gateStateAt({ approval, approvedBy = [], schedule }: GateRecord, atMs: number): GateState {
  if (approval !== undefined && approvedBy.length < approval.needed) return 'awaiting_approval';
  return schedule !== undefined && atMs < schedule.executeAtMs ? 'scheduled' : 'accepted';
}

/** True for a value that is a schedule: an update may be sent by hand. */
export function isSchedule(value: unknown): value is Schedule {
  const { executeAtMs, moved } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { fromMs, because } = (moved ?? { fromMs: 0, because: 'x' }) as Readonly<Record<string, unknown>>;
  return isTime(executeAtMs) && isTime(fromMs) && typeof because === 'string';
}

/** The range of `Date`, beyond which a time cannot be written. */
function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && Math.abs(value as number) <= 8.64e15;
}
