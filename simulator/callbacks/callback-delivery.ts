import { setMaxListeners } from 'node:events';
import { callbackTarget } from '../orders/lifecycle-plan';
import type { CallbackState, Order } from '../orders/order';
import type { OrderBook } from '../orders/order-book';
import { MAX_TIMER_MS, type Settings } from '../settings';
import { encodeQuery } from '../wire/form';
import { buildCallbackFields, nextAttemptMs, triesOf } from './callback-plan';
import { type CallbackAnswer, sendCallback } from './http-sender';

/** Sends queued callbacks when they are due and repeats them until they are answered 200. */
export interface CallbackDelivery {
  replanAll(): void;
  /**
   * Sends one queued callback now, whatever its plan says.
   * @throws Error when the order has no address for its type.
   */
  deliver(orderId: string, callbackId: string): Promise<CallbackAnswer>;
  stop(): void;
}

export interface CallbackDeliveryDeps {
  readonly orders: OrderBook;
  readonly controlKey: string;
  readonly settingsOf: (order: Order) => Settings;
  readonly now: () => number;
  readonly onFailure: (reason: unknown) => void;
}

/**
 * Follows every change of an order from the moment it is called. Orders that were there before need `replanAll`.
 * A callback is never in flight twice, and each try is in the ledger before its first byte leaves.
 */
export function startCallbackDelivery(deps: CallbackDeliveryDeps): CallbackDelivery {
  const { orders, settingsOf, now } = deps;
  const timers = new Map<string, NodeJS.Timeout>();
  const inFlight = new Set<string>();
  const stopping = new AbortController();
  // Every callback in flight listens to it.
  setMaxListeners(0, stopping.signal);

  function plan(order: Order): void {
    for (const callback of order.callbacks) {
      const { callbackId } = callback;
      clearTimeout(timers.get(callbackId));
      timers.delete(callbackId);
      const dueMs = nextAttemptMs(callback, settingsOf(order));
      if (dueMs === null || stopping.signal.aborted || inFlight.has(callbackId)) continue;
      const waitMs = Math.min(Math.max(dueMs - now(), 0), MAX_TIMER_MS);
      timers.set(
        callbackId,
        setTimeout(() => void attempt(order.orderId, callbackId).catch(deps.onFailure), waitMs),
      );
    }
  }

  /** A timer may fire a moment early or before a change of settings: then only the plan is made again. */
  async function attempt(orderId: string, callbackId: string): Promise<void> {
    const order = orders.get(orderId);
    const callback = order && findCallback(order, callbackId);
    if (order === undefined || callback === undefined) return;
    const dueMs = nextAttemptMs(callback, settingsOf(order));
    if (dueMs === null || dueMs > now()) plan(order);
    else await deliver(orderId, callbackId);
  }

  async function deliver(orderId: string, callbackId: string): Promise<CallbackAnswer> {
    inFlight.add(callbackId);
    try {
      const order = await orders.commit(orderId, (current) => ({
        kind: 'callback_attempt',
        orderId,
        callbackId,
        attempt: (findCallback(current, callbackId)?.attempts ?? 0) + 1,
      }));
      const callback = findCallback(order, callbackId);
      const url = callback === undefined ? null : callbackTarget(order, callback.type);
      if (callback === undefined || url === null) throw new Error('callback: nowhere to send it');
      const answer = await sendCallback({
        url,
        method: callback.method,
        fields: encodeQuery(buildCallbackFields(order, callback, deps.controlKey)),
        timeoutMs: settingsOf(order).callbackTimeoutMs,
        stopping: stopping.signal,
      });
      // Cut short by our own end: without an answer in the ledger the next start tries again.
      if (stopping.signal.aborted) return answer;
      await orders.commit(orderId, () => ({
        kind: 'callback_answer',
        orderId,
        callbackId,
        attempt: callback.attempts,
        ...answer,
        done: answer.httpStatus === 200 || callback.answers.length + 1 >= triesOf(callback, settingsOf(order)),
      }));
      return answer;
    } finally {
      inFlight.delete(callbackId);
      const order = orders.get(orderId);
      if (order !== undefined) plan(order);
    }
  }

  orders.onChange(plan);
  return {
    replanAll() {
      for (const order of orders.all()) plan(order);
    },
    deliver,
    stop() {
      stopping.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

function findCallback(order: Order, callbackId: string): CallbackState | undefined {
  return order.callbacks.find((callback) => callback.callbackId === callbackId);
}
