import {
  type AskedAnswer,
  applyAnswer,
  applyClock,
  applyDetails,
  applyEvidence,
  applySubmissionResult,
  applyWatchResult,
  type EvidenceContext,
  recordApprovers,
  recordCallback,
} from '../domain/apply-evidence';
import type { HookAnswer } from '../domain/hook';
import type { HoldAnswer } from '../domain/limits';
import type { OperatorOrder } from '../domain/operator';
import type { Submission, WatchResult } from '../domain/order-report';
import { isFinalState, openPayout, type Payout } from '../domain/payout';
import type { TimelineStep } from '../domain/view';
import type { PayoutInput } from '../workflows/messages';

/** One event of a payout's recorded history that says something about the payout; values already decoded. */
export type Recorded =
  | { readonly type: 'started'; readonly input: PayoutInput }
  | { readonly type: 'task_started'; readonly atMs: number }
  | { readonly type: 'signalled'; readonly message: unknown; readonly atMs: number }
  | { readonly type: 'detailed'; readonly details: unknown; readonly atMs: number }
  | { readonly type: 'returned'; readonly atMs: number }
  | { readonly type: 'approvers'; readonly message: unknown; readonly atMs: number }
  | { readonly type: 'sending'; readonly atMs: number }
  | { readonly type: 'held'; readonly answer: HoldAnswer | null; readonly atMs: number }
  | { readonly type: 'consulted'; readonly answer: HookAnswer | null; readonly atMs: number }
  | { readonly type: 'reset'; readonly atMs: number }
  | { readonly type: 'operated'; readonly order: OperatorOrder; readonly atMs: number }
  | { readonly type: 'submitted'; readonly submission: Submission | null; readonly atMs: number }
  | {
      readonly type: 'answered';
      readonly answer: AskedAnswer;
      readonly atMs: number;
      readonly isLocal: boolean;
    }
  | {
      readonly type: 'watched';
      readonly result: WatchResult | null;
      readonly pollingSinceMs: number;
      readonly atMs: number;
    };

export interface Projected {
  readonly payout: Payout;
  readonly steps: readonly TimelineStep[];
  /** The payout before the first workflow task and after each: what later history cannot change. */
  readonly decided: readonly Payout[];
}

const SIGNALS = ['signalled', 'detailed', 'returned', 'approvers'] as const;
type Change = (payout: Payout, context: EvidenceContext) => Payout;

/**
 * Projects a payout from its history: the same evidence through the same functions, in the order and at the times at which the workflow
 * applied it. Needs no worker and no query. What no workflow task has applied yet counts from when it was recorded, but ends nothing.
 */
export function projectHistory(recorded: readonly Recorded[]): Projected | null {
  const first = recorded[0];
  if (first?.type !== 'started') return null;
  const { input } = first;
  const { policy } = input;
  let payout = input.carried ?? openPayout(input.request, { ...input, atMs: input.acceptedAtMs });
  const steps: TimelineStep[] = [step(payout, { atMs: payout.createdAtMs, source: 'caller', what: 'accepted' })];
  if (input.carried === undefined) steps.push(...stepsBetween({ ...payout, evidence: [] }, payout, payout.createdAtMs));
  const decided: Payout[] = [];
  let taskAtMs = payout.createdAtMs;
  let signals: { change: Change; atMs: number }[] = [];
  let results: { change: Change; atMs: number }[] = [];

  const applyNow = (change: Change, atMs: number) => {
    const before = payout;
    payout = change(payout, { policy, atMs });
    steps.push(...stepsBetween(before, payout, atMs));
  };
  /** A workflow task applies its signals before its results. */
  const applyWaiting = (atMs: number) => {
    for (const { change } of [...signals, ...results]) applyNow(change, atMs);
    signals = [];
    results = [];
  };

  for (const event of recorded.slice(1)) {
    const change = changeOf(event);
    if (event.type === 'task_started') {
      decided.push(payout);
      taskAtMs = event.atMs;
      applyWaiting(taskAtMs);
      applyNow(applyClock, taskAtMs);
    } else if (event.type === 'started' || change === null) continue;
    else if (event.type === 'sending' || event.type === 'operated') applyNow(change, taskAtMs);
    else if (event.type === 'answered' && event.isLocal) applyNow(change, Math.max(taskAtMs, event.atMs));
    // A task applies a reset before everything else.
    else if (event.type === 'reset') signals.unshift({ change, atMs: event.atMs });
    else if (SIGNALS.some((type) => type === event.type)) signals.push({ change, atMs: event.atMs });
    else results.push({ change, atMs: event.atMs });
  }
  decided.push(payout);
  for (const { change, atMs } of [...signals, ...results]) {
    const next = change(payout, { policy, atMs });
    const ends = isFinalState(next.state) && !isFinalState(payout.state);
    // A signal that is still to come is applied before these: only a recorded task makes an end.
    if (ends) steps.push(...stepsBetween(payout, next, atMs).map((last) => ({ ...last, state: payout.state })));
    if (ends) break;
    applyNow(change, atMs);
  }
  return { payout, steps, decided };
}

function changeOf(event: Recorded): Change | null {
  switch (event.type) {
    case 'started':
    case 'task_started':
      return null;
    case 'signalled':
      return (payout, at) => recordCallback(payout, event.message, at);
    case 'detailed':
      return (payout, at) => applyDetails(payout, event.details, at);
    case 'returned':
      return (payout, at) => applyEvidence(payout, { kind: 'returned', atMs: at.atMs }, at);
    case 'approvers':
      return (payout, at) => recordApprovers(payout, event.message, at);
    case 'operated': {
      const { order } = event;
      return (payout, at) => applyEvidence(payout, { kind: 'operator', order, atMs: at.atMs }, at);
    }
    case 'reset':
      return (payout, at) => applyEvidence(payout, { kind: 'reset', atMs: at.atMs }, at);
    case 'sending':
      return (payout, at) => applyEvidence(payout, { kind: 'sending', atMs: at.atMs }, at);
    case 'held':
      return (payout, at) => applyEvidence(payout, { kind: 'limit', answer: event.answer, atMs: at.atMs }, at);
    case 'consulted':
      return (payout, at) => applyEvidence(payout, { kind: 'hook', answer: event.answer, atMs: at.atMs }, at);
    case 'submitted':
      return (payout, at) => applySubmissionResult(payout, event.submission, at);
    case 'answered':
      return (payout, at) => applyAnswer(payout, event.answer, at);
    case 'watched':
      return (payout, at) => applyWatchResult(payout, event.result, { ...at, pollingSinceMs: event.pollingSinceMs });
  }
}

/** What one change added to the evidence, or a bare change of state, as steps. */
function stepsBetween(before: Payout, after: Payout, atMs: number): TimelineStep[] {
  if (after.sendAttempts > before.sendAttempts) return [step(after, { atMs, source: 'workflow', what: 'sending' })];
  const known = new Set(before.evidence);
  const added = after.evidence.filter((entry) => !known.has(entry));
  if (added.length > 0) {
    return added.map(({ source, what, orderId, operator, enteredFrom, rule, reason }) => ({
      ...step(after, { atMs, source, what }),
      // The one that was reported: perhaps not the payout's.
      orderId: orderId ?? after.orderId,
      actor: operator?.actor ?? null,
      reason: operator?.reason ?? reason ?? null,
      enteredFrom: enteredFrom ?? null,
      rule: rule ?? null,
    }));
  }
  return before.state === after.state ? [] : [step(after, { atMs, source: 'clock', what: after.state })];
}

const NOBODY = { actor: null, reason: null, enteredFrom: null, rule: null };

function step(payout: Payout, what: { atMs: number; source: string; what: string }): TimelineStep {
  return { ...what, state: payout.state, orderId: payout.orderId, ...NOBODY };
}
