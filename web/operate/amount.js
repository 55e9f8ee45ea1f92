import { make, text } from './dom.js';

/** The gateway's own word may be none. @param {string} amount */
export const isAmount = (amount) => /^\d{1,20}(\.\d{1,20})?$/.test(amount);

/**
 * An amount with its currency, as a person reads it. The digits are never made a number: a decimal string keeps every one of them.
 * @param {string} amount
 * @param {string} currency
 * @param {string} [locale] the reader's when absent
 */
export function writeAmount(amount, currency, locale) {
  const digits = Math.min(amount.split('.')[1]?.length ?? 0, 20);
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${format.format(/** @type {`${number}`} */ (amount))} ${currency}`;
}

/** The same for a column: what is compared is the number. @param {Money} money */
export function makeAmount({ amount, currency }) {
  if (amount === null) return text('');
  const written = writeAmount(amount, '').trim();
  return make('span', null, `${written} `, make('span', { class: 'currency', text: currency }));
}

/** @typedef {{ amount: string | null, currency: string | null }} Money */

/** @param {string} amount of at most 20 decimals */
function toUnits(amount) {
  const [whole = '0', part = ''] = amount.split('.');
  return BigInt(whole + part.padEnd(20, '0'));
}

/**
 * The order of a list with the largest first: amounts of one currency together, what has none last.
 * @param {Money} left
 * @param {Money} right
 */
export function compareMoney(left, right) {
  if (left.amount === null || right.amount === null)
    return left.amount === right.amount ? 0 : left.amount === null ? 1 : -1;
  const byCurrency = String(left.currency).localeCompare(String(right.currency));
  if (byCurrency !== 0) return byCurrency;
  const [one, other] = [toUnits(left.amount), toUnits(right.amount)];
  return one === other ? 0 : one > other ? -1 : 1;
}
