import { shownAttention } from './approvals';
import { approvalOf, isHeld, wasHeld } from './gate';
import { labelsOf } from './labels';
import type { LateNotice } from './notification';
import { ACTIONS, listAllowedActions } from './operator';
import { lastWordOf } from './order-report';
import { type AttentionReason, detailsUntil, isFinalState, isSettled, type Payout, type PayoutState } from './payout';
import { furthestReturn, type SettlementWord } from './returns';
import { tenantOf } from './tenants';

/** One step of the timeline: when, who said it, what was said, and the state after it. */
export interface TimelineStep {
  readonly atMs: number;
  readonly source: string;
  readonly what: string;
  readonly state: PayoutState;
  readonly orderId: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
  /** The rule of the policies that it is about. */
  readonly rule: string | null;
  /** The network address that details were entered from: for operators alone. */
  readonly enteredFrom: string | null;
}

/**
 * A payout as callers see it. No account data beyond a masked tail.
 * @param receiverPage the Receiver's page, for a caller who may hand it on; null for everyone else, who then sees the gateway's form
 * neither: anyone who holds either link can act as the Receiver
 */
export function viewPayout(payout: Payout, lateEvents: readonly LateNotice[] = [], receiverPage: string | null = null) {
  const events = lateEvents.filter(({ acknowledgedBy }) => acknowledgedBy === undefined);
  const seen = lateEvents.findLast(({ acknowledgedBy }) => acknowledgedBy !== undefined);
  const attention = attentionOf(payout, lateEvents);
  const canAcknowledge = attention !== null && isClosed(payout);
  return {
    clientOrderId: payout.clientOrderId,
    tenant: tenantOf(payout),
    state: payout.state,
    outcome: isFinalState(payout.state) ? payout.state : null,
    settlement: settlementOf(payout, lateEvents),
    attention,
    acknowledged: seen === undefined ? null : viewAcknowledgement(seen),
    settledBy: payout.settledBy,
    confirmed: payout.confirmed,
    orderId: payout.orderId,
    endpoint: payout.endpoint,
    amount: payout.amount,
    actualAmount: payout.actualAmount,
    currency: payout.currency,
    actualCurrency: payout.actualCurrency,
    destination: payout.destination,
    ...labelsOf(payout),
    detailsUntil: iso(detailsUntil(payout)),
    ...viewSchedule(payout),
    approval: viewApproval(payout),
    redirectTo: receiverPage === null ? null : payout.redirectTo,
    receiverPage,
    reason: payout.reason,
    agreedAt: {
      submission: iso(payout.agreedAtMs.submission),
      poll: iso(payout.agreedAtMs.poll),
      callback: iso(payout.agreedAtMs.callback),
      operator: iso(payout.agreedAtMs.operator),
    },
    createdAt: new Date(payout.createdAtMs).toISOString(),
    updatedAt: new Date(payout.updatedAtMs).toISOString(),
    settledAt: iso(payout.settledAtMs),
    allowedActions: [...listAllowedActions(payout), ...(canAcknowledge ? (['acknowledge'] as const) : [])],
    lateEvents: events.map(({ workflowId, atMs, what, isConfirmed }) => ({
      workflowId,
      at: new Date(atMs).toISOString(),
      what,
      confirmed: isConfirmed,
    })),
  };
}

/**
 * Why a person should look, until a person has: what came after the end of a payout needs attention like what came before it. What
 * changed a payout after it was acknowledged (a reset) was not seen.
 */
export function attentionOf(payout: Payout, lateEvents: readonly LateNotice[]): AttentionReason | null {
  const seenAtMs = lateEvents.findLast(({ acknowledgedBy }) => acknowledgedBy !== undefined)?.atMs ?? 0;
  const own = seenAtMs > payout.updatedAtMs ? null : shownAttention(payout);
  return own ?? lateEvents.find(({ attention }) => attention !== null)?.attention ?? null;
}

/** What became of the money of an approved payout; null for any other. */
function settlementOf(payout: Payout, lateEvents: readonly LateNotice[]): SettlementWord | null {
  if (payout.state !== 'approved') return null;
  return furthestReturn([payout.returned, ...lateEvents.map(({ settlement }) => settlement)]) ?? 'paid';
}

/** What may be done with a payout: the acts of operators on an open one, and that a closed one's attention is acknowledged. */
export const ALLOWED_ACTIONS = [...ACTIONS, 'acknowledge'] as const;
export type AllowedAction = (typeof ALLOWED_ACTIONS)[number];

/** True when no workflow is left that could be operated. */
export function isClosed(payout: Payout): boolean {
  return isSettled(payout) || payout.attention === 'not_followed';
}

function viewAcknowledgement({ atMs, acknowledgedBy }: LateNotice) {
  return { at: new Date(atMs).toISOString(), by: acknowledgedBy?.actor ?? '', reason: acknowledgedBy?.reason ?? '' };
}

/** One step of a payout's timeline as callers see it; where details came from is for operators alone. */
export function viewStep(step: TimelineStep, { isOperator }: { readonly isOperator: boolean }) {
  const { atMs, enteredFrom, ...rest } = step;
  return { at: new Date(atMs).toISOString(), ...rest, enteredFrom: isOperator ? enteredFrom : null };
}

/** What the gateway said last about how the payout ended. */
export function viewLastWord(payout: Payout) {
  const word = lastWordOf(payout);
  return word === null ? null : { status: word.status, source: word.source, at: new Date(word.atMs).toISOString() };
}

/** A late event as a step after the last: the final stays what it was. */
export function viewLateEvent(payout: Payout, event: LateNotice) {
  const { state, orderId } = payout;
  return {
    at: new Date(event.atMs).toISOString(),
    source: event.acknowledgedBy ? 'operator' : 'callback',
    what: event.acknowledgedBy ? event.what : `late: ${event.what}${event.isConfirmed ? '' : ' (not confirmed)'}`,
    state,
    orderId,
    actor: event.acknowledgedBy?.actor ?? null,
    reason: event.acknowledgedBy?.reason ?? event.attention,
    rule: null,
    enteredFrom: null,
  };
}

/** What needs or needed approvals, of which rule, and who gave them. Persons, by the names of their keys. */
function viewApproval({ gate, state }: Payout) {
  const asked = approvalOf(gate);
  if (asked === null) return null;
  const { waitingAct: act, requester = null } = gate ?? {};
  const { rule, because, needed, approvedBy } = asked;
  const sendUntilMs = isHeld(gate) ? gate.word.untilMs : gate?.approvalUntilMs;
  const untilMs = act === undefined ? (state === 'awaiting_approval' ? sendUntilMs : null) : act.untilMs;
  return {
    of: act === undefined ? 'send' : [act.action, act.resolution].filter((word) => word !== null).join(' '),
    ...{ rule, because, needed, approvedBy: [...approvedBy] },
    requestedBy: act === undefined ? requester : act.person,
    until: iso(untilMs),
    reason: act === undefined && wasHeld(gate) ? gate.word.reason : null,
  };
}

/** When it is to be sent. Of a time that was moved, the one that was asked for, and why. */
function viewSchedule({ gate }: Payout) {
  const { executeAtMs, moved } = gate?.schedule ?? {};
  return { executeAt: iso(executeAtMs), movedFrom: iso(moved?.fromMs), movedBecause: moved?.because ?? null };
}

function iso(atMs: number | null | undefined): string | null {
  return atMs === null || atMs === undefined ? null : new Date(atMs).toISOString();
}
