import { isHeld, isSchedule, type Schedule, wasHeld } from './gate';
import { contradictedWord } from './order-report';
import {
  awaitsApproval,
  isBeforeSend,
  isContradicted,
  isFinalState,
  isInReview,
  isSending,
  isUnsent,
  type Payout,
} from './payout';

/** What a person may find out about a payout that no machine may decide; `processing` hands it back to the machine. */
export const RESOLUTIONS = ['approved', 'declined', 'error', 'processing'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export const ACTIONS = [
  'check',
  'cancel',
  'reschedule',
  'approve',
  'reject',
  'withdraw',
  'resend',
  'resolve',
  'note',
] as const;
export type OperatorAction = (typeof ACTIONS)[number];

/** An operator's act on one payout. JSON-safe. `id` makes it one act however often it is sent. */
export type OperatorOrder = {
  readonly id: string;
  readonly actor: string;
  readonly reason: string;
  /** Who is behind the actor; absent when it is named like the actor. */
  readonly person?: string;
} & (
  | { readonly action: 'check' | 'cancel' | 'reject' | 'withdraw' | 'resend' | 'note' }
  /** `notBefore`: the next banking day, of an approval after the cut-off. */
  | { readonly action: 'approve'; readonly notBefore?: Schedule }
  /** `against`: the last word of the gateway that it contradicts, knowingly; null for none. Absent: not asked. */
  | { readonly action: 'resolve'; readonly resolution: Resolution; readonly against?: string | null }
  | { readonly action: 'reschedule'; readonly schedule: Schedule }
);

/** Why an act is not allowed now. `id_used`: another act has this id. */
export type OperatorRefusal =
  | 'id_used'
  | 'already_final'
  | 'not_followed'
  | 'already_sent'
  | 'not_sent_yet'
  | 'not_in_review'
  | 'order_is_known'
  | 'against_last_word'
  | 'no_destination'
  | 'not_awaiting_approval'
  | 'nothing_approved'
  | 'act_waits'
  | 'act_overtaken'
  | 'own_request'
  | 'already_approved'
  | 'not_approved_by_you';

/** True when this very act was done already: doing it again is answered, and changes nothing. */
export function isDone(payout: Payout, order: OperatorOrder): boolean {
  const fields = ['id', 'actor', 'reason'] as const;
  return payout.evidence.some(
    ({ what, operator }) =>
      wordsOf(order).includes(what) && fields.every((field) => operator?.[field] === order[field]),
  );
}

/** True when the id belongs to another act: of another kind, by another person, or for another reason. */
export function isIdUsed(payout: Payout, order: OperatorOrder): boolean {
  return !isDone(payout, order) && payout.evidence.some(({ operator }) => operator?.id === order.id);
}

/** The person who acts: one with two keys is one. */
export function personOf({ person, actor }: OperatorOrder): string {
  return person ?? actor;
}

/** Done, or asked for and waiting for approvals. */
const wordsOf = (order: OperatorOrder): readonly string[] => [wordOf(order), askedWordOf(order)];

/** The act as evidence has it when it waits for approvals. */
export function askedWordOf(order: OperatorOrder): string {
  return `${wordOf(order)}_asked`;
}

/** The act as evidence has it. */
export function wordOf(order: OperatorOrder): string {
  if (order.action === 'resolve') return `resolve_${order.resolution}`;
  if (order.action !== 'reschedule') return order.action;
  return `reschedule_${new Date(order.schedule.executeAtMs).toISOString()}`;
}

/** Why the act is not allowed in this state, or null when it is. Nothing that may have been sent can be cancelled or sent again unseen. */
export function refuseOperator(payout: Payout, order: OperatorOrder): OperatorRefusal | null {
  if (isIdUsed(payout, order)) return 'id_used';
  if (isDone(payout, order)) return null;
  return refuseAction(payout, order.action) ?? refusePerson(payout, order) ?? refuseResolution(payout, order);
}

/** The actions that the payout allows now. */
export function listAllowedActions(payout: Payout): OperatorAction[] {
  return ACTIONS.filter((action) => refuseAction(payout, action) === null);
}

/** Why the act is not allowed in this state, for any person. */
export function refuseAction(payout: Payout, action: OperatorAction): OperatorRefusal | null {
  if (isFinalState(payout.state)) return 'already_final';
  if (payout.attention === 'not_followed') return 'not_followed';
  if (action === 'note') return null;
  switch (action) {
    case 'check':
      if (awaitsApproval(payout) && isHeld(payout.gate)) return null;
      return isUnsent(payout) || isSending(payout) ? 'not_sent_yet' : null;
    case 'cancel':
    case 'reschedule':
      return isBeforeSend(payout) ? null : 'already_sent';
    case 'approve':
    case 'reject':
      return awaitsApproval(payout) || actOf(payout) !== null ? null : 'not_awaiting_approval';
    case 'withdraw':
      return approversOf(payout).length > 0 && (isBeforeSend(payout) || actOf(payout) !== null)
        ? null
        : 'nothing_approved';
    case 'resolve':
      if (actOf(payout) !== null) return 'act_waits';
      return isInReview(payout) ? null : 'not_in_review';
    case 'resend':
      if (actOf(payout) !== null) return 'act_waits';
      if (!isInReview(payout) || isContradicted(payout)) return 'not_in_review';
      if (payout.orderId !== null) return 'order_is_known';
      return payout.destination === null ? 'no_destination' : null;
  }
}

/** Four eyes: nobody approves what they asked for, and nobody twice. */
function refusePerson(payout: Payout, order: OperatorOrder): OperatorRefusal | null {
  const person = personOf(order);
  if (order.action === 'withdraw') return approversOf(payout).includes(person) ? null : 'not_approved_by_you';
  if (order.action !== 'approve') return null;
  if (person === payout.gate?.requester || person === actOf(payout)?.person) return 'own_request';
  return approversOf(payout).includes(person) ? 'already_approved' : null;
}

/** Nobody contradicts the gateway without naming what it said, nor approves that after it said something else. */
function refuseResolution(payout: Payout, order: OperatorOrder): OperatorRefusal | null {
  const asked = order.action === 'approve' ? actOf(payout) : order;
  if (asked?.action !== 'resolve' || asked.against === undefined || asked.resolution === null) return null;
  if (contradictedWord(payout, asked.resolution) === asked.against) return null;
  return order.action === 'approve' ? 'act_overtaken' : 'against_last_word';
}

/** The act that waits for approvals; of a payout that waits for a person. */
function actOf(payout: Payout) {
  return isInReview(payout) ? (payout.gate?.waitingAct ?? null) : null;
}

/** Who approved what waits, or what was to be sent. */
function approversOf(payout: Payout): readonly string[] {
  const { gate } = payout;
  const act = actOf(payout);
  if (act !== null) return act.approvedBy;
  // Who approved it before the hook held it has not released it.
  if (isHeld(gate)) return gate.word.approvedBy;
  return [...(gate?.approvedBy ?? []), ...(wasHeld(gate) ? gate.word.approvedBy : [])];
}

/** True for a value that has the shape of an order: an update may be sent by hand. */
export function isOperatorOrder(value: unknown): value is OperatorOrder {
  const order = (value ?? {}) as Readonly<Record<string, unknown>>;
  const areTexts = [order.id, order.actor, order.reason].every((text) => typeof text === 'string' && text !== '');
  const isAction = ACTIONS.some((action) => action === order.action);
  if (!areTexts || !isAction || !['string', 'undefined'].includes(typeof order.person)) return false;
  if (order.action === 'approve') return order.notBefore === undefined || isSchedule(order.notBefore);
  if (order.action === 'reschedule') return isSchedule(order.schedule);
  if (order.action !== 'resolve') return true;
  const isAgainst = order.against === undefined || order.against === null || typeof order.against === 'string';
  return isAgainst && RESOLUTIONS.some((word) => word === order.resolution);
}
