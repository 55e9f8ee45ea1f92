import { MoneyError, parseDecimal } from './money';

/** What became of the money of an approved payout. Its outcome stays `approved`. */
export const SETTLEMENTS = ['paid', 'partially_returned', 'returned'] as const;
export type SettlementWord = (typeof SETTLEMENTS)[number];
export type Returned = Exclude<SettlementWord, 'paid'>;
/** The most telling one first. */
export const RETURNED = ['returned', 'partially_returned'] as const satisfies readonly Returned[];

/** Money as a report names it; null where it does not. */
export interface NamedAmount {
  readonly amount: string | null;
  readonly currency: string | null;
}

/**
 * What confirmed returns come to; null for none. `returned` only when the amounts that they name add up to the whole: who takes a part for
 * the whole may pay it again.
 */
export function returnedBy(
  paid: { readonly amount: string; readonly currency: string },
  returns: readonly NamedAmount[],
): Returned | null {
  if (returns.length === 0) return null;
  const sum = returns.reduce((minor, named) => minor + minorOf(named, paid.currency), 0n);
  return sum >= parseDecimal(paid.amount, paid.currency).minor ? 'returned' : 'partially_returned';
}

/** Of what is known from several places, the one that says most; null for none. */
export function furthestReturn(words: readonly (Returned | null | undefined)[]): Returned | null {
  return RETURNED.find((word) => words.includes(word)) ?? null;
}

function minorOf({ amount, currency }: NamedAmount, paidIn: string): bigint {
  if (amount === null || (currency !== null && currency !== paidIn)) return 0n;
  try {
    return parseDecimal(amount, paidIn).minor;
  } catch (error) {
    if (error instanceof MoneyError) return 0n;
    throw error;
  }
}
