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
