import type { HookClaim, HookWord } from './hook';
import type { LimitClaim } from './limits';

/** When a payout is to be sent, in epoch milliseconds. JSON-safe. */
export interface Schedule {
  readonly executeAtMs: number;
  /** Only of a time that the endpoint's calendar moved: the one that was asked for, and why it was moved. */
  readonly moved?: { readonly fromMs: number; readonly because: string };
}

/** Why approvals are asked for: a rule about such payouts, the same payout a short time ago, or the word of a hook. */
export type Because = 'rule' | 'duplicate' | 'hook';

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
  /** Persons who approved the send; from the start, those who approved the batch that it is a row of. */
  readonly approvedBy?: readonly string[];
  /** When it was accepted there were too few others who could approve it. */
  readonly isBlocked?: true;
  /** Acts upon it that need approvals of their own. */
  readonly guard?: ApprovalRule & { readonly acts: readonly GuardedAct[] };
  readonly schedule?: Schedule;
  /** Limits that it takes from, right before it is sent. */
  readonly limits?: readonly LimitClaim[];
  /** The service that is asked about it, after everything else. */
  readonly hook?: HookClaim;
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
  /** Until when they may. */
  readonly approvalUntilMs?: number;
  readonly waitingAct?: WaitingAct;
  /** Since when the payout may be sent: the time to get it sent begins then. */
  readonly releasedAtMs?: number;
  /** Since when its limits are held, or when that is tried again; absent before the first try. */
  readonly limit?: { readonly heldAtMs: number } | { readonly nextTryAtMs: number };
  /** What the hook said last; absent before, and when it is to be asked again. */
  readonly word?: HookWord;
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

type Hooked = Pick<GateRecord, 'hook' | 'word'>;
type Held = Hooked & { readonly hook: HookClaim; readonly word: Extract<HookWord, { verdict: 'hold' }> };

/** Lists change, and a send may be tried for a day: an older "allow" is asked for again. */
const ALLOW_VALID_MS = 3_600_000;

/** True while the hook has to be asked before anything is sent. */
export function needsWord(gate: Hooked | undefined, nowMs: number): gate is Hooked & { readonly hook: HookClaim } {
  if (gate?.hook === undefined) return false;
  return lacksWord(gate) || (gate.word?.verdict === 'allow' && nowMs >= gate.word.atMs + ALLOW_VALID_MS);
}

/** True while there is no word of the hook at all. */
export function lacksWord(gate: Hooked | undefined): boolean {
  return gate?.hook !== undefined && gate.word === undefined;
}

/** True for what the hook held, released or not. */
export function wasHeld(gate: Hooked | undefined): gate is Held {
  return gate?.hook !== undefined && gate.word?.verdict === 'hold';
}

/** True while persons have to release what the hook held. */
export function isHeld(gate: Hooked | undefined): gate is Held {
  return wasHeld(gate) && gate.word.approvedBy.length < gate.hook.needed;
}

/** Why a person should look at what was held: what the hook said, or that it said nothing that can be used. */
export function attentionOfHold({ reason }: Held['word']): 'hook_held' | 'hook_unanswered' {
  return reason === null ? 'hook_unanswered' : 'hook_held';
}

/** Where a payout is on its way to the send, once its destination is known. `held`: by the hook, until persons release it. */
export type GateState = 'awaiting_approval' | 'held' | 'scheduled' | 'accepted';

/** What a gate lets a payout be at this time. Nothing is sent unless it is `accepted`. */
export function gateStateAt(gate: GateRecord, atMs: number): GateState {
  const { approval, approvedBy = [], schedule } = gate;
  if (approval !== undefined && approvedBy.length < approval.needed) return 'awaiting_approval';
  if (isHeld(gate)) return 'held';
  return schedule !== undefined && atMs < schedule.executeAtMs ? 'scheduled' : 'accepted';
}

/** What waits for approvals, or did last: an act, the release of what the hook held, or the send. */
export function approvalOf(gate: GateRecord | undefined): (Pick<ApprovalRule, 'rule' | 'needed'> & Approvals) | null {
  if (gate?.waitingAct !== undefined && gate.guard !== undefined)
    return { ...gate.guard, because: 'rule', approvedBy: gate.waitingAct.approvedBy };
  if (wasHeld(gate)) return { ...gate.hook, because: 'hook', approvedBy: gate.word.approvedBy };
  return gate?.approval === undefined ? null : { ...gate.approval, approvedBy: gate.approvedBy ?? [] };
}

interface Approvals {
  readonly because: Because;
  readonly approvedBy: readonly string[];
}

/** The gate as if the hook had never been asked. */
export function withoutWord({ word: _word, ...gate }: GateRecord): GateRecord {
  return gate;
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

/** What rules decide about a payout when it is accepted. */
export type GateDecision =
  | { readonly isDenied: true; readonly rule: string; readonly reason: string }
  /** `gate` is null when nothing has to happen first. */
  | { readonly isDenied: false; readonly gate: Gate | null };

/** What a rule has against a payout; null for nothing. */
export function denialOf(decision: GateDecision): { readonly field: string; readonly expected: string } | null {
  if (!decision.isDenied) return null;
  return { field: 'policy', expected: `no payout that rule ${decision.rule} denies: ${decision.reason}` };
}

/** The input with what has to happen first. */
export function withGate<Input extends { readonly gate?: Gate }>(input: Input, decision: GateDecision | null): Input {
  const gate = decision === null || decision.isDenied ? null : decision.gate;
  return gate === null ? input : { ...input, gate: { ...gate, ...input.gate } };
}
