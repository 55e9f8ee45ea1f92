/** What the page says about an account or card number before it is sent. The server decides, by the same rules; a test compares them. */

/** @param {string} text */
function join(text) {
  const dropped = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zs}\t]/gu;
  return text
    .replace(dropped, '')
    .normalize('NFKC')
    .replace(dropped, '')
    .replace(/[.\p{Pd}\u2212]/gu, '')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15));
}

/**
 * A text as an IBAN is written without blanks.
 * @param {string} text
 */
export function toIban(text) {
  return join(text)
    .replace(/^(?:IBAN:?)+/i, '')
    .toUpperCase();
}

const IBAN = /^([A-Z]{2})\d{2}[0-9A-Z]{4,}$/;

/** In groups of four, as it is printed. @param {string} iban */
export const inGroups = (iban) => iban.replace(/.{4}(?=.)/g, '$& ');

/**
 * The country of an IBAN that is right; empty for every other text.
 * @param {string} text
 * @param {string} lengths
 */
export function ibanCountry(text, lengths) {
  const [, country = ''] = IBAN.exec(toIban(text)) ?? [];
  return isIban(text, lengths) ? country : '';
}

/**
 * False for what looks like an IBAN and has a length that its country's have not, or wrong check digits (ISO 7064, MOD 97-10); true for
 * every other account number.
 * @param {string} text
 * @param {string} lengths by country, such as `DE22 FR27`
 */
export function isIban(text, lengths) {
  const iban = toIban(text);
  const [, country = ''] = IBAN.exec(iban) ?? [];
  if (country === '') return true;
  if (!lengths.split(' ').includes(country + iban.length)) return false;
  const digits = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest === 1;
}

/**
 * The Luhn check of a card number.
 * @param {string} text
 */
export function isCard(text) {
  const digits = join(text);
  if (!/^\d{12,19}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = at % 2 === 0 ? Number(digit) : Number(digit) * 2;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
