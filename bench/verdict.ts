import type { Payment } from './ledger';

/** What became of the payouts that were accepted, by the gateway's ledger and what the contestant has stored. */
export interface Verdict {
  readonly payouts: number;
  readonly orders: number;
  readonly paidTwice: number;
  /** No order at the gateway. */
  readonly neverSent: number;
  /** No final status stored, although the gateway has one. */
  readonly notFinal: number;
}

export function judge(
  ids: readonly string[],
  payments: ReadonlyMap<string, Payment>,
  finals: ReadonlyMap<string, number>,
): Verdict {
  const orders = ids.map((id) => payments.get(id)?.orders ?? 0);
  return {
    payouts: ids.length,
    orders: orders.reduce((sum, each) => sum + each, 0),
    paidTwice: orders.filter((each) => each > 1).length,
    neverSent: orders.filter((each) => each === 0).length,
    notFinal: ids.filter((id) => !finals.has(id)).length,
  };
}
