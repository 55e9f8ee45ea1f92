import { parseDecimal } from '../../../src/domain/money';

/** One line of the gateway's ledger, as far as money is in it. */
export interface MoneyLine {
  readonly kind: string;
  readonly orderId: string;
  readonly clientOrderId?: string;
  readonly amount?: string;
  readonly status?: string;
}

/** What the gateway has taken on and not refused, in minor units: paid, or perhaps still to be paid. */
export interface LedgerSum {
  /** The most that it ever was, after any line. */
  readonly mostMinor: bigint;
  readonly lastMinor: bigint;
  readonly orders: number;
  /** Payouts with more than one order. */
  readonly paidTwice: number;
}

/** Adds up the ledger line by line: an order counts from its acceptance on, until the gateway itself says that it paid nothing. */
export function sumLedger(lines: readonly MoneyLine[], currency: string): LedgerSum {
  const open = new Map<string, bigint>();
  const payouts = new Map<string, number>();
  let [sum, most] = [0n, 0n];
  for (const { kind, orderId, clientOrderId = '', amount = '', status = '' } of lines) {
    const known = open.get(orderId);
    if (kind === 'accepted') {
      const { minor } = parseDecimal(amount, currency);
      open.set(orderId, minor);
      payouts.set(clientOrderId, (payouts.get(clientOrderId) ?? 0) + 1);
      sum += minor;
    } else if (kind === 'status' && (status === 'declined' || status === 'filtered') && known !== undefined) {
      open.delete(orderId);
      sum -= known;
    }
    if (sum > most) most = sum;
  }
  const orders = [...payouts.values()];
  return {
    ...{ mostMinor: most, lastMinor: sum, orders: orders.reduce((total, count) => total + count, 0) },
    paidTwice: orders.filter((count) => count > 1).length,
  };
}
