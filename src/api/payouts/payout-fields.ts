import { isIP } from 'node:net';
import fastLuhn from 'fast-luhn';
import { isSEPACountry, isValidIBAN } from 'ibantools';
import { z } from 'zod';
import { isCountryCode } from '../../domain/countries';
import { type FieldKey, isBlank, looksLikeIban, normalise, normaliseWords } from '../../domain/normalise';
import {
  BANK_ACCOUNT_FIELD_LENGTHS as BANK,
  CARD_FIELD_LENGTHS as CARD,
  CARD_REF_FIELD_LENGTHS as CARD_REF,
  type Card,
  type Destination,
  LONGEST_BANK_FIELD,
  RECEIVER_FIELD_LENGTHS as RECEIVER,
  type Receiver,
} from '../../domain/payout-request';
import { holdsCardNumber, namesCardNumber } from '../plugins/card-number';

/**
 * Control characters hide a value from a reader's eye, and bidi controls show it as another. Half a character can be neither signed nor
 * sent. U+FFFD is what is left of a text that was decoded by the wrong character set.
 */
const PLAIN_TEXT = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u202A-\u202E\u2066-\u2069\uFFFD]*$/u;

/** A text of at most `maxLength` characters with something to see in it. Messages name what was expected, never the value. */
export function plainText(maxLength: number, normaliser: (text: string) => string) {
  return z
    .string({ error: 'expected a string' })
    .overwrite(normaliser)
    .refine((value) => !isBlank(value) && [...value].length <= maxLength && PLAIN_TEXT.test(value), {
      error: `expected 1 to ${maxLength} characters without control characters`,
      abort: true,
    })
    .meta({ maxLength });
}

/**
 * A text for people: shown, stored and sent on as such, so a card number in it is in the wrong place. Numbers have fields of their own
 * (account, phone, routing number, extra fields): their digits may well look like a card's.
 */
export function words(maxLength: number) {
  return plainText(maxLength, normaliseWords).refine((value) => !holdsCardNumber(value), {
    error: 'expected a text without anything that looks like a card number',
  });
}

/** Gateways differ in these: what one endpoint takes is checked when it is chosen. */
const OF_SOME_ENDPOINT = { accountNumber: LONGEST_BANK_FIELD, bankCode: LONGEST_BANK_FIELD };

/** A code or number, in its one form. */
function code(key: FieldKey, isRight: (value: string) => boolean = () => true, expected = 'a valid value') {
  const maxLength = { ...RECEIVER, ...BANK, ...CARD, ...CARD_REF, ...OF_SOME_ENDPOINT }[key];
  return plainText(maxLength, (value) => normalise(key, value)).refine(isRight, { error: `expected ${expected}` });
}

const like = (pattern: RegExp) => (value: string) => pattern.test(value);

export const receiver = z
  .strictObject({
    firstName: words(RECEIVER.firstName),
    lastName: words(RECEIVER.lastName),
    email: code('email', like(/^[^@\s]+@[^@\s]+$/), 'an e-mail address'),
    phone: code('phone'),
    ipAddress: code('ipAddress', (value) => isIP(value) !== 0 && !value.includes('%'), 'an IPv4 or IPv6 address'),
    address: words(RECEIVER.address),
    city: words(RECEIVER.city),
    zipCode: code('zipCode'),
    country: code('country', isCountryCode, 'two capital letters of a country (ISO 3166-1)'),
    state: code('state', like(/^[A-Z0-9]{2}$/), 'two capital letters or digits'),
    birthday: code('birthday', isRealDay, 'a date as YYYYMMDD'),
  })
  .partial();

export const bankAccount = z.strictObject({
  type: z.literal('bank_account'),
  accountNumber: code('accountNumber', like(/^[0-9A-Za-z._@+-]+$/), 'letters, digits and . _ @ + -').meta({
    description:
      'Blanks are dropped, and so are dots and dashes in an IBAN or between digits. What looks like an IBAN must be valid',
  }),
  bankName: words(BANK.bankName).optional(),
  bankBranch: words(BANK.bankBranch).optional(),
  accountName: words(BANK.accountName).optional(),
  bankCode: code('bankCode').optional(),
  bankAddress: words(BANK.bankAddress).optional(),
  bankZipCode: code('bankZipCode').optional(),
  bankCity: words(BANK.bankCity).optional(),
  bankProvince: words(BANK.bankProvince).optional(),
  bankArea: words(BANK.bankArea).optional(),
  routingNumber: code('routingNumber').optional(),
});

export const card = z.strictObject({
  type: z.literal('card'),
  cardNumber: code('cardNumber', like(/^[0-9]{12,19}$/), '12 to 19 digits').refine(fastLuhn, {
    error: 'expected a card number with a correct check digit',
  }),
  cardHolder: words(CARD.cardHolder).optional(),
  expiryMonth: code('expiryMonth', like(/^(0[1-9]|1[0-2])$/), 'a month from 01 to 12').optional(),
  expiryYear: code('expiryYear', like(/^20[0-9]{2}$/), 'a year of four digits').optional(),
});

export const cardRef = z.strictObject({
  type: z.literal('card_ref'),
  cardRefId: code('cardRefId', like(/^[0-9]+$/), 'digits')
    .refine((value) => !namesCardNumber(value), { error: "expected the gateway's reference, not a card number" })
    .meta({
      description: "The gateway's reference of a card that it knows from an earlier order, instead of a card number",
    }),
});

/** What is wrong with details although each field alone is valid. `field` is a path such as `destination.accountNumber`. */
export interface BrokenRule {
  readonly field: string;
  readonly kind: 'iban' | 'card_expired' | 'format';
  readonly expected: string;
}

/** A destination, or what is right of it. */
type Entered<Kind extends Destination = Destination> = Kind extends Destination
  ? Pick<Kind, 'type'> & { readonly [Key in keyof Kind]?: Kind[Key] | undefined }
  : never;

/**
 * The rules between fields, and between fields and the clock, for callers and Receivers alike: what looks like an IBAN is one, so is an
 * account in euros in a country of SEPA unless its bank is named by a code, a card is good, a birthday is past.
 */
export function findBrokenRules(
  details: { readonly destination?: Entered | undefined; readonly receiver: Receiver; readonly currency: string },
  nowMs: number,
): BrokenRule[] {
  const { destination, receiver } = details;
  const broken: BrokenRule[] = [];
  if (destination?.type === 'bank_account') {
    const { accountNumber, bankCode, routingNumber } = destination;
    const isInSepa = details.currency === 'EUR' && isSEPACountry(receiver.country ?? '');
    const isByIban = isInSepa && bankCode === undefined && routingNumber === undefined;
    const isIban = accountNumber !== undefined && (isByIban || looksLikeIban(accountNumber));
    if (isIban && !isValidIBAN(accountNumber)) {
      broken.push({
        field: 'destination.accountNumber',
        kind: 'iban',
        expected: 'an IBAN with correct check digits',
      });
    }
  }
  if (destination?.type === 'card' && isPast(destination, nowMs)) {
    broken.push({ field: 'destination.expiryYear', kind: 'card_expired', expected: 'a card that has not expired' });
  }
  if (receiver.birthday !== undefined && toDay(receiver.birthday) - HALF_A_DAY_MS > nowMs) {
    broken.push({ field: 'receiver.birthday', kind: 'format', expected: 'a day in the past' });
  }
  return broken;
}

/** Days and months begin and end at other times elsewhere: this allows for the Receiver's time zone, whatever it is. */
const HALF_A_DAY_MS = 43_200_000;

/** A card is good to the end of its month; of a year alone, to its end. */
function isPast({ expiryMonth = '12', expiryYear }: Entered<Card>, nowMs: number): boolean {
  if (expiryYear === undefined) return false;
  return Date.UTC(Number(expiryYear), Number(expiryMonth), 1) + HALF_A_DAY_MS <= nowMs;
}

/** `YYYYMMDD` as the epoch milliseconds at which that day begins; NaN for a day that no calendar has. */
function toDay(text: string): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  const atMs = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(atMs) || !new Date(atMs).toISOString().startsWith(iso) ? Number.NaN : atMs;
}

/** True for a day that there was or will be. */
export function isRealDay(text: string): boolean {
  return /^\d{8}$/.test(text) && !Number.isNaN(toDay(text));
}
