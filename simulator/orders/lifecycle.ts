import { MAX_TIMER_MS, type Settings } from '../settings';
import { planNext } from './lifecycle-plan';
import type { Order } from './order';
import type { OrderBook } from './order-book';

/** Lets every order take its steps when they are due. */
export interface Lifecycle {
  /** Plans again for all orders, after a start or a change of settings. */
  replanAll(): void;
  stop(): void;
}

export interface LifecycleDeps {
  readonly orders: OrderBook;
  readonly settingsOf: (order: Order) => Settings;
  readonly now: () => number;
  /** Told when the ledger refuses a step. */
  readonly onFailure: (reason: unknown) => void;
}

/**
 * Follows every change of an order from the moment it is called, one timer per order that has something ahead. Whether a step is
 * still right is decided again at its turn, on the order as it is then.
 */
export function startLifecycle({ orders, settingsOf, now, onFailure }: LifecycleDeps): Lifecycle {
  const timers = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  function plan(order: Order): void {
    clearTimeout(timers.get(order.orderId));
    timers.delete(order.orderId);
    const next = planNext(order, settingsOf(order));
    if (next === null || stopped) return;
    const waitMs = Math.min(Math.max(next.dueMs - now(), 0), MAX_TIMER_MS);
    timers.set(
      order.orderId,
      setTimeout(() => void take(order.orderId).catch(onFailure), waitMs),
    );
  }

  async function take(orderId: string): Promise<void> {
    const order = await orders.commit(orderId, (current) => {
      const next = planNext(current, settingsOf(current));
      return next !== null && next.dueMs <= now() ? next.draft : null;
    });
    // A timer may fire a moment early; then nothing was recorded and nothing else plans again.
    plan(order);
  }

  function replanAll(): void {
    for (const order of orders.all()) plan(order);
  }

  orders.onChange(plan);
  return {
    replanAll,
    stop() {
      stopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
