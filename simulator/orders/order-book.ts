import type { Ledger } from './ledger';
import type { AcceptedEntry, LedgerDraft } from './ledger-entry';
import { applyEntry, type Order } from './order';

/** The order ids of a fresh ledger start here: long enough to look like the gateway's. */
const FIRST_ORDER_ID = 6_000_001n;

/** Every order, in memory, always as the ledger has it. */
export interface OrderBook {
  get(orderId: string): Order | undefined;
  /** All orders with this id, oldest first. */
  findByClientOrderId(clientOrderId: string): readonly Order[];
  /** The first order with this id, also when it is still being written; undefined at once when there is none. */
  findFirst(clientOrderId: string): Order | Promise<Order> | undefined;
  all(): Iterable<Order>;
  size(): number;
  /** Takes a number that no other order has. */
  nextOrderId(): string;
  accept(entry: AcceptedEntry): Promise<Order>;
  /**
   * Records what `decide` says about the order as it is at its turn; null records nothing. One decision per order at a time.
   * @throws Error when the order does not exist or the ledger cannot be written.
   */
  commit(orderId: string, decide: (order: Order) => LedgerDraft | null): Promise<Order>;
  /** Called after each entry with the order as it is now; listeners must not throw. */
  onChange(listener: (order: Order) => void): void;
  /** The order as soon as it fits. */
  waitFor(orderId: string, fits: (order: Order) => boolean): Promise<Order>;
}

/**
 * Builds the book from what the ledger holds.
 * @throws Error when an entry names an order that was never accepted.
 */
export function createOrderBook(ledger: Ledger): OrderBook {
  const orders = new Map<string, Order>();
  const idsByClientOrderId = new Map<string, string[]>();
  const tails = new Map<string, Promise<unknown>>();
  const accepting = new Map<string, Promise<Order>>();
  const listeners = new Set<(order: Order) => void>();
  let lastOrderId = FIRST_ORDER_ID - 1n;

  function put(order: Order): Order {
    if (!orders.has(order.orderId)) {
      const ids = idsByClientOrderId.get(order.clientOrderId) ?? [];
      idsByClientOrderId.set(order.clientOrderId, [...ids, order.orderId]);
      if (BigInt(order.orderId) > lastOrderId) lastOrderId = BigInt(order.orderId);
    }
    orders.set(order.orderId, order);
    return order;
  }

  function announce(order: Order): Order {
    for (const listener of [...listeners]) listener(order);
    return order;
  }

  for (const entry of ledger.entries) put(applyEntry(orders.get(entry.orderId), entry));

  async function decideInTurn(orderId: string, decide: (order: Order) => LedgerDraft | null): Promise<Order> {
    const order = orders.get(orderId);
    if (order === undefined) throw new Error('no such order');
    const draft = decide(order);
    if (draft === null) return order;
    return announce(put(applyEntry(order, await ledger.append(draft))));
  }

  return {
    get: (orderId) => orders.get(orderId),
    findByClientOrderId: (clientOrderId) =>
      (idsByClientOrderId.get(clientOrderId) ?? []).flatMap((orderId) => orders.get(orderId) ?? []),
    all: () => orders.values(),
    size: () => orders.size,
    nextOrderId() {
      lastOrderId += 1n;
      return lastOrderId.toString();
    },
    findFirst(clientOrderId) {
      const [orderId] = idsByClientOrderId.get(clientOrderId) ?? [];
      return orderId === undefined ? accepting.get(clientOrderId) : orders.get(orderId);
    },
    accept(entry) {
      const { clientOrderId } = entry;
      const accepted = ledger.append(entry).then((stamped) => announce(put(applyEntry(undefined, stamped))));
      accepting.set(clientOrderId, accepted);
      const forget = () => accepting.get(clientOrderId) === accepted && accepting.delete(clientOrderId);
      void accepted.then(forget, forget);
      return accepted;
    },
    commit(orderId, decide) {
      const turn = (tails.get(orderId) ?? Promise.resolve()).then(() => decideInTurn(orderId, decide));
      const tail = turn.then(
        () => undefined,
        () => undefined,
      );
      tails.set(orderId, tail);
      void tail.then(() => tails.get(orderId) === tail && tails.delete(orderId));
      return turn;
    },
    onChange(listener) {
      listeners.add(listener);
    },
    waitFor(orderId, fits) {
      const order = orders.get(orderId);
      if (order !== undefined && fits(order)) return Promise.resolve(order);
      return new Promise((resolve) => {
        const listener = (changed: Order) => {
          if (changed.orderId !== orderId || !fits(changed)) return;
          listeners.delete(listener);
          resolve(changed);
        };
        listeners.add(listener);
      });
    },
  };
}
