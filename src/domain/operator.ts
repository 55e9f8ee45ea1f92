import { note, plainNote } from './evidence';
import { ACTIONS, type OperatorAction, type OperatorOrder, RESOLUTIONS } from './operator-order';
import { isBeforeSend, isFinalState, isUnsent, type Payout } from './payout';
import { isContradicted, restart, settle } from './settlement';

export { ACTIONS, type OperatorAction, type OperatorOrder, RESOLUTIONS } from './operator-order';

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
  const { id, actor, reason } = order;
  return payout.evidence.some(
    ({ what, operator }) =>
      operator?.id === id && operator.actor === actor && operator.reason === reason && what === wordOf(order),
  );
}

/** True when the id belongs to another act: of another kind, by another person, or for another reason. */
export function isIdUsed(payout: Payout, order: OperatorOrder): boolean {
  return !isDone(payout, order) && payout.evidence.some(({ operator }) => operator?.id === order.id);
}

/** The act as evidence has it. */
function wordOf(order: OperatorOrder): string {
  return order.action === 'resolve' ? `resolve_${order.resolution}` : order.action;
}

/** Why the act is not allowed in this state, or null when it is. Nothing that may have been sent can be cancelled or sent again unseen. */
export function refuseOperator(payout: Payout, order: OperatorOrder): OperatorRefusal | null {
  if (isIdUsed(payout, order)) return 'id_used';
  return isDone(payout, order) ? null : refuseAction(payout, order.action);
}

/** The acts that the payout allows as it stands. */
export function listAllowedActions(payout: Payout): OperatorAction[] {
  return ACTIONS.filter((action) => refuseAction(payout, action) === null);
}

function refuseAction(payout: Payout, action: OperatorAction): OperatorRefusal | null {
  if (isFinalState(payout.state)) return 'already_final';
  if (payout.attention === 'not_followed') return 'not_followed';
  switch (action) {
    case 'check':
      return isUnsent(payout) || payout.state === 'sending' ? 'not_sent_yet' : null;
    case 'cancel':
      return isBeforeSend(payout) ? null : 'already_sent';
    case 'resolve':
      return payout.state === 'needs_review' ? null : 'not_in_review';
    case 'resend':
      if (payout.state !== 'needs_review' || isContradicted(payout)) return 'not_in_review';
      if (payout.orderId !== null) return 'order_is_known';
      return payout.destination === null ? 'no_destination' : null;
  }
}

/** The payout after an operator's act; unchanged when the act is not allowed or was done already. */
export function applyOperator(payout: Payout, order: OperatorOrder, atMs: number): Payout {
  if (isDone(payout, order) || refuseOperator(payout, order) !== null) return payout;
  const { id, actor, reason } = order;
  const noted = note(payout, { ...plainNote('operator', wordOf(order)), operator: { id, actor, reason } }, { atMs });
  const settlement = { by: 'operator', confirmed: true, reason: null, atMs } as const;
  switch (order.action) {
    case 'check':
      return noted;
    case 'cancel':
      return settle({ ...noted, attention: null }, { ...settlement, status: 'cancelled' });
    case 'resend':
      return { ...noted, state: 'accepted', attention: null, notSentAtMs: null };
    case 'resolve':
      if (order.resolution === 'processing') return restart({ ...noted, attention: null }, atMs);
      return settle({ ...noted, attention: null }, { ...settlement, status: order.resolution });
  }
}

/** True for a value that has the shape of an order: an update may be sent by hand. */
export function isOperatorOrder(value: unknown): value is OperatorOrder {
  if (typeof value !== 'object' || value === null) return false;
  const order = value as Readonly<Record<string, unknown>>;
  const areTexts = [order.id, order.actor, order.reason].every((text) => typeof text === 'string' && text !== '');
  const isAction = ACTIONS.some((action) => action === order.action);
  return areTexts && isAction && (order.action !== 'resolve' || RESOLUTIONS.some((word) => word === order.resolution));
}
