import { type CallbackState, FINAL_STATUSES, type Order } from '../orders/order';
import type { Settings } from '../settings';
import { callbackControl } from '../wire/control';
import type { ReplyFields } from '../wire/form';

/**
 * When the next try is due (Unix milliseconds), or null when there is none. Gaps grow geometrically (protocol 4). Answers are
 * counted and not attempts: a try cut short by a kill has none and is made again.
 */
export function nextAttemptMs(callback: CallbackState, settings: Settings): number | null {
  if (callback.done || callback.byHand || callback.answers.length >= triesOf(callback, settings)) return null;
  if (callback.attempts === 0) return callback.queuedAtMs + callback.delayMs;
  return callback.attemptedAtMs + settings.callbackFirstGapMs * settings.callbackGapFactor ** (callback.attempts - 1);
}

/** A deliberately wrong callback and one sent by hand are not repeated. */
export function triesOf(callback: CallbackState, settings: Settings): number {
  return callback.byHand || callback.variant === 'wrong_control' ? 1 : settings.callbackTries;
}

/** The fields of protocol 4.1. A wrong control is a well-formed one made with another key. */
export function buildCallbackFields(order: Order, callback: CallbackState, controlKey: string): ReplyFields {
  const { status, namedOrderId } = callback;
  const key = callback.variant === 'right' ? controlKey : `${controlKey}-wrong`;
  return {
    status,
    type: callback.type,
    orderid: namedOrderId,
    client_orderid: order.clientOrderId,
    merchant_order: order.clientOrderId,
    amount: order.amount,
    currency: order.currency,
    descriptor: 'simulator',
    'processor-tx-id': FINAL_STATUSES.includes(status) ? `PNTEST-${order.orderId}` : undefined,
    ...explainFailure(order, status),
    control: callbackControl({ status, orderId: namedOrderId, clientOrderId: order.clientOrderId, controlKey: key }),
  };
}

function explainFailure(order: Order, status: string): ReplyFields {
  if (status !== order.status) return {};
  return { error_code: order.errorCode ?? undefined, error_message: order.errorMessage ?? undefined };
}
