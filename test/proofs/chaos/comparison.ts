import Big from 'big.js';
import type { ClientRecord } from './payer';
import { LIMITED_CURRENCY } from './plan';

/** What the callers got about one payout. */
export type ClientView = Readonly<
  Omit<ClientRecord, 'failures' | 'batch' | 'isUnmade'> & Partial<Pick<ClientRecord, 'isUnmade'>>
>;

/** A payout as the API shows it at the end. */
export interface ProductView {
  readonly clientOrderId: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly attention: string | null;
  readonly orderId: string | null;
  readonly actualAmount: string | null;
}

/** An order as the gateway's ledger on disk has it. */
export interface GatewayOrder {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly amount: string;
  /** The last status; the final word when `isFinal`. */
  readonly status: string;
  readonly isFinal: boolean;
}

export const DEFECTS = ['lost', 'paid_twice', 'wrong_final', 'stuck'] as const;

export interface Finding {
  readonly defect: (typeof DEFECTS)[number];
  readonly clientOrderId: string;
  readonly detail: string;
}

export interface Records {
  readonly clients: readonly ClientView[];
  /** By clientOrderId; absent: the API answers 404. */
  readonly product: ReadonlyMap<string, ProductView>;
  readonly gateway: readonly GatewayOrder[];
  /** Payouts whose run was reset. */
  readonly reset: ReadonlySet<string>;
}

/** Compares the three independent records of a run. Pure: every finding is a broken promise. */
export function compareRecords({ clients, product, gateway, reset }: Records): Finding[] {
  const ordersOf = new Map<string, GatewayOrder[]>();
  for (const order of gateway) ordersOf.set(order.clientOrderId, [...(ordersOf.get(order.clientOrderId) ?? []), order]);
  const known = new Set(clients.map(({ clientOrderId }) => clientOrderId));
  const foreign = gateway.filter(({ clientOrderId }) => !known.has(clientOrderId));
  return [
    ...foreign.map(({ clientOrderId }) => find('paid_twice', clientOrderId, 'an order that no caller asked for')),
    ...clients.flatMap((client) => {
      const { clientOrderId: id } = client;
      const [payout, orders] = [product.get(id) ?? null, ordersOf.get(id) ?? []];
      return comparePayout({ client, payout, orders, wasReset: reset.has(id) });
    }),
  ];
}

function find(defect: Finding['defect'], clientOrderId: string, detail: string): Finding {
  return { defect, clientOrderId, detail };
}

interface OnePayout {
  readonly client: ClientView;
  readonly payout: ProductView | null;
  readonly orders: readonly GatewayOrder[];
  readonly wasReset: boolean;
}

function comparePayout({ client, payout, orders, wasReset }: OnePayout): Finding[] {
  const { clientOrderId } = client;
  const found: Finding[] = [];
  const add = (defect: Finding['defect'], detail: string) => found.push(find(defect, clientOrderId, detail));
  if (orders.length > 1) add('paid_twice', `orders ${orders.map(({ orderId }) => orderId).join(', ')}`);
  if (client.started > 1) add('paid_twice', `started ${client.started} times by the API's own word`);
  if (payout === null && client.isUnmade) {
    if (orders.length > 0) add('lost', 'an order of a batch that was cancelled before it began');
    return found;
  }
  if (client.isUnmade) add('wrong_final', 'a payout of a batch that was cancelled before it began');
  if (payout === null) {
    if (client.accepted) add('lost', 'accepted by the API, then not found');
    else if (orders.length > 0) add('lost', 'an order exists, the API knows no payout');
    else add('lost', client.refused === null ? 'never accepted by the API' : `refused by the API: ${client.refused}`);
    return found;
  }
  if (!client.accepted) add('lost', 'never accepted by the API, yet it exists');
  for (const outcome of client.outcomes) {
    if (outcome === payout.outcome) continue;
    // A closed payout that is reset may end in a person's hands, for its run no longer knows. What was reported before must be true all the same.
    const notified = { ...payout, outcome, orderId: payout.orderId ?? orders[0]?.orderId ?? null };
    const isTrue = wasReset && payout.state === 'needs_review' && judgeFinal(notified, { client, orders }) === null;
    if (!isTrue) add('wrong_final', `a caller got ${outcome}, it ended ${payout.outcome}`);
  }
  if (payout.outcome !== null) {
    const wrong = judgeFinal(payout, { client, orders });
    if (wrong !== null) add('wrong_final', wrong);
  } else if (payout.state !== 'needs_review') {
    add('stuck', `${payout.state}, the gateway says ${orders[0]?.status ?? 'no order'}`);
  }
  return found;
}

/** What is wrong about a final outcome, or null. */
function judgeFinal(
  payout: ProductView,
  { client, orders }: { client: ClientView; orders: readonly GatewayOrder[] },
): string | null {
  if (payout.outcome === 'cancelled') {
    if (client.currency !== LIMITED_CURRENCY) return 'cancelled, and no limit is on it';
    return orders.length > 0 ? 'cancelled at its limit, and an order exists' : null;
  }
  if (payout.outcome === 'rejected') return orders.length > 0 ? 'rejected, and an order exists' : null;
  const order = orders.find(({ orderId }) => orderId === payout.orderId) ?? null;
  if (order === null) return `${payout.outcome} by an order the gateway does not have`;
  if (!order.isFinal) return `${payout.outcome}, the gateway still says ${order.status}`;
  if (order.status !== payout.outcome) return `${payout.outcome}, the gateway says ${order.status}`;
  if (payout.outcome !== 'approved') return null;
  if (!isSameAmount(order.amount, client.amount)) return 'approved with another amount than was asked for';
  if (payout.actualAmount !== null && !isSameAmount(payout.actualAmount, order.amount)) {
    return 'approved, and the amount shown is not the amount paid';
  }
  return null;
}

/** Decimal texts of one value; the gateway may leave zeros out. */
function isSameAmount(one: string, other: string): boolean {
  return new Big(one).eq(other);
}
