import type { BankAccount, Card, CardRef, Receiver } from './payout-request';

/** A field of a receiver or a destination. */
export type FieldKey = keyof Receiver | Exclude<keyof BankAccount | keyof Card | keyof CardRef, 'type'>;

/** Invisible: format characters, and what a font shows as nothing. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const UNSEEN_OR_BLANK = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zs}\t]/gu;
/** As Arabic and Persian keyboards write 0 to 9; no normal form makes them ours. */
const EASTERN_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/g;
const DOTS_AND_DASHES = /[.\p{Pd}\u2212]/gu;

/** True for a text in which there is nothing to see. */
export function isBlank(text: string): boolean {
  return text.replaceAll(UNSEEN_OR_BLANK, '').replaceAll('\u2800', '') === '';
}

/** A text for people: composed (NFC), so that one name is one name, and without blanks at its ends. */
export function normaliseWords(text: string): string {
  return trimBlanks(text.normalize('NFC'));
}

/** A short code: full-width letters and digits are folded (NFKC), invisible characters are dropped. */
function normaliseCode(text: string): string {
  return trimBlanks(fold(text, UNSEEN));
}

/** Blanks only: a control character at an end is refused, not dropped. No regular expression, which would be quadratic here. */
function trimBlanks(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isSpace(text[from])) from += 1;
  while (from < to && isSpace(text[to - 1])) to -= 1;
  return text.slice(from, to);
}

function isSpace(character = ''): boolean {
  return /^\p{Zs}$/u.test(character);
}

function compact(text: string): string {
  return fold(text, UNSEEN_OR_BLANK);
}

/** Dropped before and after: what is dropped may keep a letter and its accent apart, or come of the folding. */
function fold(text: string, dropped: RegExp): string {
  const folded = text.replaceAll(dropped, '').normalize('NFKC').replaceAll(dropped, '');
  return folded.replaceAll(EASTERN_DIGITS, (digit) => String(digit.charCodeAt(0) & 15));
}

/**
 * An account number as it is sent: no blanks, nothing unseen, no "IBAN" before it. Dots and dashes go from an IBAN and from digits only:
 * in `casa.perro.mesa` or `jo-smith@bank` they are part of the name.
 */
export function normaliseAccountNumber(text: string): string {
  const written = compact(text);
  const joined = written.replaceAll(DOTS_AND_DASHES, '').replace(/^(?:IBAN:?)+/i, '');
  const iban = joined.toUpperCase();
  if (looksLikeIban(iban)) return iban;
  return /^[0-9]+$/.test(joined) ? joined : written;
}

function normaliseCardNumber(text: string): string {
  return compact(text).replaceAll(DOTS_AND_DASHES, '');
}

const upperCase = (text: string): string => normaliseCode(text).toUpperCase();

const NORMALISERS: Readonly<Partial<Record<FieldKey, (text: string) => string>>> = {
  accountNumber: normaliseAccountNumber,
  cardNumber: normaliseCardNumber,
  cardRefId: normaliseCode,
  birthday: (text) => normaliseCode(text).replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$1$2$3'),
  expiryMonth: (text) => normaliseCode(text).replace(/^[1-9]$/, '0$&'),
  expiryYear: (text) => normaliseCode(text).replace(/^[0-9]{2}$/, '20$&'),
  country: upperCase,
  state: upperCase,
  email: normaliseCode,
  phone: normaliseCode,
  ipAddress: normaliseCode,
  zipCode: normaliseCode,
  bankCode: normaliseCode,
  bankZipCode: normaliseCode,
  routingNumber: normaliseCode,
};

/**
 * The one form of a field's value, however people and programs write it: this is what is checked, fingerprinted, stored and sent, whether
 * a caller or the Receiver entered it. Doing it twice changes nothing.
 */
export function normalise(key: FieldKey, text: string): string {
  return (NORMALISERS[key] ?? normaliseWords)(text);
}

/** Two letters, two digits and more: no other kind of account number begins so. */
export function looksLikeIban(number: string): boolean {
  return /^[A-Z]{2}[0-9]{2}[0-9A-Z]{4,}$/.test(number);
}

const PRINTED_IBAN = /\b[A-Z]{2}[0-9]{2}(?:[A-Z0-9]{10,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)\b/gi;

/** Replaces what is printed like an IBAN in a text. Its check digits may be wrong: a mistyped IBAN is still account data. */
export function replacePrintedIbans(text: string, by: (iban: string) => string): string {
  return text.replaceAll(PRINTED_IBAN, by);
}
