import Big from 'big.js';
import { type CurrencyCode, exponentOf, isCurrencyCode } from './currencies';

/** An exact amount: integer minor units (cents, yen, fils) with their currency. Never crosses Temporal: see `formatDecimal`. */
export interface Money {
  readonly minor: bigint;
  readonly currency: CurrencyCode;
}

/** A constructor of its own, so that strictness (no JavaScript number is ever accepted) is not set for other users of big.js. */
const Decimal = Big();
Decimal.strict = true;

const DECIMAL_PATTERN = /^(0|[1-9][0-9]*)(\.[0-9]+)?$/;

/** The longest decimal amount the gateway's `amount` field takes (Numeric 10, read as characters, the narrower reading). */
export const MAX_AMOUNT_LENGTH = 10;

/** Why a text is no amount in a currency; `expected` completes the sentence "expected …". */
export class MoneyError extends RangeError {
  override readonly name = 'MoneyError';
  readonly field: 'amount' | 'currency';
  readonly expected: string;
  constructor(field: 'amount' | 'currency', expected: string) {
    super(`${field}: expected ${expected}`);
    this.field = field;
    this.expected = expected;
  }
}

/**
 * Reads a decimal string in highest units ("10.50") as minor units. Strict: ASCII digits and one point, no sign, no exponent, no
 * leading zeros, no more digits than the currency has, except zeros (gateways write yen as "10.00").
 * @throws MoneyError naming the field and what was expected.
 */
export function parseDecimal(amount: string, currency: string): Money {
  if (!isCurrencyCode(currency)) throw new MoneyError('currency', 'an upper-case ISO 4217 code such as EUR');
  if (!DECIMAL_PATTERN.test(amount)) throw new MoneyError('amount', 'a plain decimal string such as "10.50"');
  const exponent = exponentOf(currency);
  const minor = new Decimal(amount).times(new Decimal(`1e${exponent}`)).toFixed();
  if (minor.includes('.')) throw new MoneyError('amount', `at most ${exponent} digits after the point for ${currency}`);
  return { minor: BigInt(minor), currency };
}

/** Writes an amount in highest units with exactly the digits of its currency, e.g. `10.50`, `500`, `1.234`. */
export function formatDecimal(money: Money): string {
  const digits = exponentOf(money.currency);
  return new Decimal(money.minor.toString()).div(new Decimal(`1e${digits}`)).toFixed(digits);
}

/** Writes an amount in the shortest exact form, e.g. `10.5`, `15000000`: what the gateway's narrow field is sent. */
export function formatShortest(money: Money): string {
  return new Decimal(money.minor.toString()).div(new Decimal(`1e${exponentOf(money.currency)}`)).toFixed();
}

/**
 * The amount of a payout request: above zero and, in its shortest form, no longer than the gateway's field takes.
 * @throws MoneyError naming the field and what was expected.
 */
export function parsePayoutAmount(amount: string, currency: string): Money {
  const money = parseDecimal(amount, currency);
  if (money.minor <= 0n) throw new MoneyError('amount', 'an amount above zero');
  if (formatShortest(money).length > MAX_AMOUNT_LENGTH) {
    throw new MoneyError('amount', `at most ${MAX_AMOUNT_LENGTH} characters without the zeros at its end`);
  }
  return money;
}

/** True when both texts name the same amount of one currency ("10.5" is "10.50"); false for anything unreadable. */
export function isSameAmount(left: string, right: string, currency: CurrencyCode): boolean {
  try {
    return parseDecimal(left, currency).minor === parseDecimal(right, currency).minor;
  } catch {
    return false;
  }
}
