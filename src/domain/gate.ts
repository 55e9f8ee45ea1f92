import type { LimitClaim } from './limits';

/** When a payout is to be sent, in epoch milliseconds. JSON-safe. */
export interface Schedule {
  readonly executeAtMs: number;
  /** Only of a time that the endpoint's calendar moved: the one that was asked for, and why it was moved. */
  readonly moved?: { readonly fromMs: number; readonly because: string };
}

/** What has to happen before a payout is sent, as decided when it was accepted; without one it is sent at once. JSON-safe. */
export interface Gate {
  readonly schedule?: Schedule;
  /** Limits that it takes from, right before it is sent. */
  readonly limits?: readonly LimitClaim[];
}

/** The gate in the record of a payout, with how far it has come. */
export interface GateRecord extends Gate {
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

/** When a hold is due that is needed, in epoch milliseconds; at once before the first try. */
export function holdDueAt({ limit }: GateRecord): number {
  return limit !== undefined && 'nextTryAtMs' in limit ? limit.nextTryAtMs : 0;
}

/** Where a payout is on its way to the send, once its destination is known. */
export type GateState = 'scheduled' | 'accepted';

/** What a gate lets a payout be at this time. Nothing is sent unless it is `accepted`. */
export function gateStateAt({ schedule }: GateRecord, atMs: number): GateState {
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
