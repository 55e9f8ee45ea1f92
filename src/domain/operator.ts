import { isSchedule, type Schedule } from './gate';
import { isBeforeSend, isContradicted, isFinalState, isInReview, isSending, isUnsent, type Payout } from './payout';

/** What a person may find out about a payout that no machine may decide; `processing` hands it back to the machine. */
export const RESOLUTIONS = ['approved', 'declined', 'error', 'processing'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export const ACTIONS = ['check', 'cancel', 'reschedule', 'resend', 'resolve', 'note'] as const;
export type OperatorAction = (typeof ACTIONS)[number];

/** An operator's act on one payout. JSON-safe. `id` makes it one act however often it is sent. */
export type OperatorOrder = { readonly id: string; readonly actor: string; readonly reason: string } & (
  | { readonly action: 'check' | 'cancel' | 'resend' | 'note' }
  | { readonly action: 'resolve'; readonly resolution: Resolution }
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
  | 'no_destination';

/** True when this very act was done already: doing it again is answered, and changes nothing. */
export function isDone(payout: Payout, order: OperatorOrder): boolean {
  const fields = ['id', 'actor', 'reason'] as const;
  return payout.evidence.some(
    ({ what, operator }) => what === wordOf(order) && fields.every((field) => operator?.[field] === order[field]),
  );
}

/** True when the id belongs to another act: of another kind, by another person, or for another reason. */
export function isIdUsed(payout: Payout, order: OperatorOrder): boolean {
  return !isDone(payout, order) && payout.evidence.some(({ operator }) => operator?.id === order.id);
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
  return isDone(payout, order) ? null : refuseAction(payout, order.action);
}

/** The actions that the payout allows now. */
export function listAllowedActions(payout: Payout): OperatorAction[] {
  return ACTIONS.filter((action) => refuseAction(payout, action) === null);
}

function refuseAction(payout: Payout, action: OperatorAction): OperatorRefusal | null {
  if (isFinalState(payout.state)) return 'already_final';
  if (payout.attention === 'not_followed') return 'not_followed';
  if (action === 'note') return null;
  switch (action) {
    case 'check':
      return isUnsent(payout) || isSending(payout) ? 'not_sent_yet' : null;
    case 'cancel':
    case 'reschedule':
      return isBeforeSend(payout) ? null : 'already_sent';
    case 'resolve':
      return isInReview(payout) ? null : 'not_in_review';
    case 'resend':
      if (!isInReview(payout) || isContradicted(payout)) return 'not_in_review';
      if (payout.orderId !== null) return 'order_is_known';
      return payout.destination === null ? 'no_destination' : null;
  }
}

/** True for a value that has the shape of an order: an update may be sent by hand. */
export function isOperatorOrder(value: unknown): value is OperatorOrder {
  const order = (value ?? {}) as Readonly<Record<string, unknown>>;
  const areTexts = [order.id, order.actor, order.reason].every((text) => typeof text === 'string' && text !== '');
  const isAction = ACTIONS.some((action) => action === order.action);
  if (!areTexts || !isAction) return false;
  if (order.action === 'reschedule') return isSchedule(order.schedule);
  return order.action !== 'resolve' || RESOLUTIONS.some((word) => word === order.resolution);
}
