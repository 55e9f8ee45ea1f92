import { note, plainNote } from './evidence';
import { attentionOfHold, type GateRecord, isHeld, type WaitingAct, wasHeld, withoutWord } from './gate';
import { askedWordOf, type OperatorOrder, personOf } from './operator';
import { lastWordOf } from './order-report';
import {
  type AttentionReason,
  advance,
  awaitsApproval,
  clearAttention,
  type Payout,
  setAttention,
  takesDetails,
} from './payout';
import { endUnsent } from './settlement';

type Of<Action extends OperatorOrder['action']> = Extract<OperatorOrder, { readonly action: Action }>;

/** True for an act that needs approvals: it is asked for first, and done once they are there. */
export function isGuarded(payout: Payout, order: OperatorOrder): order is Of<'resend'> | Of<'resolve'> {
  const acts = payout.gate?.guard?.acts ?? [];
  if (order.action === 'resend') return acts.includes('resend');
  if (order.action !== 'resolve' || order.resolution === 'processing') return false;
  return acts.includes('resolve') && lastWordOf(payout)?.status !== order.resolution;
}

/** The payout with an act that waits for approvals. */
export function askApproval(payout: Payout, order: Of<'resend'> | Of<'resolve'>, atMs: number): Payout {
  const { id, actor, reason, action } = order;
  const { gate } = payout;
  if (gate?.guard === undefined) return payout;
  const { rule, expiresInMs } = gate.guard;
  const waitingAct: WaitingAct = {
    ...{ id, actor, reason, action, person: personOf(order), approvedBy: [] },
    ...(order.action === 'resolve' ? { resolution: order.resolution, against: order.against } : { resolution: null }),
    untilMs: atMs + expiresInMs,
  };
  const entry = { ...plainNote('operator', askedWordOf(order)), operator: { id, actor, reason }, rule };
  return { ...note(payout, entry, { atMs }), gate: { ...gate, waitingAct } };
}

/** One more person approves. `released`: the act that was waiting for this, to be done now. */
export function approve(
  payout: Payout,
  order: Of<'approve'>,
  atMs: number,
): { readonly payout: Payout; readonly released: OperatorOrder | null } {
  const { gate } = payout;
  const person = personOf(order);
  if (gate?.waitingAct !== undefined) {
    const act = { ...gate.waitingAct, approvedBy: [...gate.waitingAct.approvedBy, person] };
    const isEnough = act.approvedBy.length >= (gate.guard?.needed ?? 1);
    const next = isEnough ? withoutAct(gate) : { ...gate, waitingAct: act };
    return { payout: { ...payout, gate: next }, released: isEnough ? orderOf(act) : null };
  }
  const schedule = later(gate?.schedule, order.notBefore);
  const by = isHeld(gate)
    ? { word: { ...gate.word, approvedBy: [...gate.word.approvedBy, person] } }
    : { approvedBy: [...(gate?.approvedBy ?? []), person] };
  const approved = { ...gate, ...by, ...(schedule && { schedule }) };
  const moved = advance({ ...payout, gate: approved }, atMs);
  return { payout: moved.state === payout.state ? moved : clearAttention(moved), released: null };
}

/** A person refuses: what was not sent ends for good, an act that waits is not done. */
export function reject(payout: Payout, atMs: number): Payout {
  if (payout.gate?.waitingAct !== undefined) return { ...payout, gate: withoutAct(payout.gate) };
  const settlement = { status: 'cancelled', by: 'operator', confirmed: true, reason: null, atMs } as const;
  return endUnsent({ ...payout, attention: null }, settlement);
}

/** True when it is the approval of the send that is taken back: not of an act, and not while the hook holds the payout. */
export function takesBackSend(gate: GateRecord | undefined, order: OperatorOrder): boolean {
  const isOfOther = gate?.waitingAct !== undefined || isHeld(gate);
  return !isOfOther && gate?.approvedBy?.includes(personOf(order)) === true;
}

/** A person takes an approval back. */
export function withdraw(payout: Payout, order: OperatorOrder, atMs: number): Payout {
  const { gate } = payout;
  const without = (persons: readonly string[] = []) => persons.filter((person) => person !== personOf(order));
  if (gate?.waitingAct !== undefined) {
    const waitingAct = { ...gate.waitingAct, approvedBy: without(gate.waitingAct.approvedBy) };
    return { ...payout, gate: { ...gate, waitingAct } };
  }
  if (takesBackSend(gate, order)) {
    const left = { ...withoutWord(gate ?? {}), approvedBy: without(gate?.approvedBy) };
    return advance({ ...payout, notSentAtMs: null, gate: left }, atMs);
  }
  if (!wasHeld(gate)) return payout;
  // The time begins anew only for what was released already.
  const { approvedBy, untilMs: givenMs } = gate.word;
  const untilMs = approvedBy.length < gate.hook.needed ? givenMs : atMs + gate.hook.expiresInMs;
  const word = { ...gate.word, approvedBy: without(approvedBy), untilMs };
  return advance(setAttention({ ...payout, notSentAtMs: null, gate: { ...gate, word } }, attentionOfHold(word)), atMs);
}

/** The time for approvals is over. */
export function expireApproval(payout: Payout, atMs: number): Payout {
  if (payout.gate?.waitingAct !== undefined) return { ...payout, gate: withoutAct(payout.gate) };
  const settlement = { status: 'expired', by: 'clock', confirmed: true, reason: null, atMs } as const;
  return endUnsent(clearAttention(payout), settlement);
}

/** The payout without the act that waits, once no person has to decide about it: the act no longer means what it did. */
export function withoutAct({ waitingAct: _dropped, ...gate }: GateRecord): GateRecord {
  return gate;
}

/** True when fewer others may approve the payout than it still needs; null when it waits for no approvals, now or after its details. */
export function lacksApprovers(payout: Payout, approvers: readonly string[]): boolean | null {
  const { approval, requester, approvedBy = [] } = payout.gate ?? {};
  // The release of what the hook held has an attention of its own.
  if (approval === undefined || isHeld(payout.gate) || !(awaitsApproval(payout) || takesDetails(payout))) return null;
  const others = approvers.filter((person) => person !== requester && !approvedBy.includes(person));
  return others.length < approval.needed - approvedBy.length;
}

/** What changed keys mean to a payout that waits for approvals, or will. */
export function applyApprovers(payout: Payout, isBlocked: boolean, atMs: number): Payout {
  const isKnown = isBlocked === (payout.gate?.isBlocked ?? false);
  if (isKnown || lacksApprovers(payout, []) === null) return payout;
  const { isBlocked: _before, ...gate } = payout.gate ?? {};
  const entry = {
    ...plainNote('policy', isBlocked ? 'approval_blocked' : 'approval_possible'),
    rule: gate.approval?.rule,
  };
  const judged = { ...note(payout, entry, { atMs }), gate: { ...gate, ...(isBlocked && { isBlocked }) } };
  if (!awaitsApproval(payout)) return judged;
  return isBlocked ? setAttention(judged, 'approval_blocked') : clearAttention(judged);
}

/** Why a person should look: while an act waits, at the act. What it is about stays the attention of the payout, and is that again. */
export function shownAttention({ gate, attention }: Payout): AttentionReason | null {
  return gate?.waitingAct === undefined ? attention : 'act_awaits_approval';
}

function orderOf({ id, actor, person, reason, action, resolution }: WaitingAct): OperatorOrder {
  const by = { id, actor, person, reason };
  return action === 'resend'
    ? { ...by, action }
    : { ...by, action, resolution: resolution as Of<'resolve'>['resolution'] };
}

function later(one: GateRecord['schedule'], other: GateRecord['schedule']): GateRecord['schedule'] {
  return (other?.executeAtMs ?? 0) > (one?.executeAtMs ?? 0) ? other : one;
}
