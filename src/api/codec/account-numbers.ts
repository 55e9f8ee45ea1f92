import fastLuhn from 'fast-luhn';
import { replacePrintedIbans } from '../../domain/normalise';
import { maskNumber as maskPlainNumber } from '../../domain/payout-request';

const HIDDEN = '••••';

/** What people and programs put between the digits of a number: blanks, dashes, dots and signs that cannot be seen. */
const BETWEEN = '[\\s\\p{Pd}\\p{Cf}._/·]{0,3}';
const DIGITS = new RegExp(`\\p{Nd}(?:${BETWEEN}\\p{Nd}){11,}`, 'gu');
/** Letters and digits in any grouping: an IBAN (ISO 13616: 15 to 34 characters) only when its check digits say so. */
const PERHAPS_IBAN = new RegExp(
  `(?<![A-Z0-9])(?=([A-Z]${BETWEEN}[A-Z](?:${BETWEEN}[0-9]){2}(?:${BETWEEN}[A-Z0-9]){11,30}))`,
  'giu',
);

/** ISO/IEC 7812: a card number has 12 to 19 digits. */
const CARD_DIGITS = { least: 12, most: 19 };

/** The last four characters behind dots, as everywhere in the product, of a number in whatever grouping. */
export function maskNumber(number: string): string {
  return maskPlainNumber(number.replaceAll(/[^\p{L}\p{Nd}]/gu, ''));
}

/**
 * A text in which card numbers and IBANs are masked, however they are grouped. It rather masks an innocent number (one of ten long ones
 * has a right check digit by chance) than shows a card's.
 */
export function maskNumbers(text: string): string {
  return replacePrintedIbans(maskIbans(text), maskNumber).replaceAll(DIGITS, maskDigits);
}

function maskDigits(run: string): string {
  const groups = run.normalize('NFKC').split(/\P{Nd}+/u);
  const digits = groups.join('');
  if (isCardNumber(digits)) return maskNumber(digits);
  return holdsCardNumber(groups) ? HIDDEN : run;
}

function isCardNumber(digits: string): boolean {
  // Digits of other scripts that no normal form turns into ours are not worth a table: they hide, and need not be read.
  if (/[^0-9]/.test(digits)) return true;
  return digits.length >= CARD_DIGITS.least && digits.length <= CARD_DIGITS.most && fastLuhn(digits);
}

/** A card number with other digits beside it: whole groups of them, or, when there are many digits, anything in between. */
function holdsCardNumber(groups: readonly string[]): boolean {
  const digits = groups.join('');
  const starts = groups.map((_, index) => groups.slice(0, index).join('').length);
  const isLong = digits.length > CARD_DIGITS.least + 4;
  const candidates = isLong ? [...digits].map((_, index) => index) : starts;
  const ends = new Set(isLong ? [] : [...starts, digits.length]);
  return candidates.some((start) => {
    for (let end = start + CARD_DIGITS.least; end <= Math.min(start + CARD_DIGITS.most, digits.length); end++) {
      if ((isLong || ends.has(end)) && isCardNumber(digits.slice(start, end))) return true;
    }
    return false;
  });
}

/** Looks at every place where one may begin: what goes before could look like the beginning of one, too. */
function maskIbans(text: string): string {
  let shown = '';
  let at = 0;
  for (const { index, 1: run = '' } of text.matchAll(PERHAPS_IBAN)) {
    const found = index < at ? null : findIban(run);
    if (found === null) continue;
    shown += text.slice(at, index) + maskNumber(found);
    at = index + found.length;
  }
  return shown + text.slice(at);
}

/** The longest IBAN that a run begins with, as it is written there. */
function findIban(run: string): string | null {
  for (let length = run.length; length > 0; length--) {
    const written = run.slice(0, length);
    if (/[A-Z0-9]$/i.test(written) && isIban(written.replaceAll(/[^A-Z0-9]/gi, '').toUpperCase())) return written;
  }
  return null;
}

/** ISO 13616, ISO 7064 MOD 97-10: the first four characters go to the end, letters count from ten. */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/.test(text)) return false;
  const digits = [...text.slice(4), ...text.slice(0, 4)].map((character) => Number.parseInt(character, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}
