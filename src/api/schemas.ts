import fastLuhn from 'fast-luhn';
import { z } from 'zod';
import { holdsApiKey } from '../api-keys';
import { isCurrencyCode } from '../domain/currencies';
import { CLIENT_ORDER_ID_PATTERN, type ClientOrderId } from '../domain/ids';
import { formatDecimal, MoneyError, parsePayoutAmount } from '../domain/money';
import { RESOLUTIONS } from '../domain/operator';
import {
  type AskedRequest,
  BANK_ACCOUNT_FIELD_LENGTHS as BANK,
  CARD_FIELD_LENGTHS as CARD,
  RECEIVER_FIELD_LENGTHS as RECEIVER,
  REQUEST_FIELD_LENGTHS as REQUEST,
} from '../domain/payout-request';
import { parseDuration } from '../domain/poll-plan';
import { holdsCardNumber, namesCardNumber } from './card-number';

/** How long a Receiver may take to enter where the money goes: by default, least and most. */
const DEFAULT_COLLECTING_TIME = '7d';
const COLLECTING_MS = { least: parseDuration('5m'), most: parseDuration('30d') } as const;

function isCollectingTime(text: string): boolean {
  try {
    const ms = parseDuration(text);
    return ms >= COLLECTING_MS.least && ms <= COLLECTING_MS.most;
  } catch {
    return false;
  }
}

/** Control characters can hide a value from a reader's eye, and half a character can be neither signed nor sent. */
const PLAIN_TEXT = /^[^\p{Cc}\p{Cs}]*$/u;

/** A text of at most `maxLength` characters that is not empty. Messages name what was expected, never the value. */
function field(maxLength: number, pattern?: RegExp, expected?: string) {
  return z
    .string({ error: 'expected a string' })
    .refine((value) => value.trim().length > 0 && [...value].length <= maxLength && PLAIN_TEXT.test(value), {
      error: `expected 1 to ${maxLength} characters without control characters`,
      abort: true,
    })
    .refine((value) => pattern?.test(value) ?? true, { error: `expected ${expected ?? 'a valid value'}` })
    .meta({ maxLength, ...(pattern ? { pattern: pattern.source } : {}) });
}

/**
 * A text for people: shown, stored and sent on as such, so a card number in it is in the wrong place. Numbers have fields of their own
 * (account, phone, routing number, extra fields): their digits may well look like a card's.
 */
function words(maxLength: number) {
  return field(maxLength).refine((value) => !holdsCardNumber(value), {
    error: 'expected a text without what reads like a card number',
  });
}

export const receiver = z
  .strictObject({
    firstName: words(RECEIVER.firstName),
    lastName: words(RECEIVER.lastName),
    email: field(RECEIVER.email, /^[^@\s]+@[^@\s]+$/, 'an e-mail address'),
    phone: field(RECEIVER.phone),
    ipAddress: field(RECEIVER.ipAddress, /^[0-9A-Fa-f.:]{7,45}$/, 'an IPv4 or IPv6 address of 7 to 45 characters'),
    address: words(RECEIVER.address),
    city: words(RECEIVER.city),
    zipCode: field(RECEIVER.zipCode),
    country: field(RECEIVER.country, /^[A-Z]{2}$/, 'two capital letters (ISO 3166-1)'),
    state: field(RECEIVER.state, /^[A-Z0-9]{2}$/, 'two capital letters or digits'),
    birthday: field(RECEIVER.birthday, /^[0-9]{8}$/, 'a date as YYYYMMDD'),
  })
  .partial();

export const bankAccount = z.strictObject({
  type: z.literal('bank_account'),
  accountNumber: field(BANK.accountNumber, /^[0-9A-Za-z._@+ -]+$/, 'letters, digits and . _ @ + - or spaces'),
  bankName: words(BANK.bankName).optional(),
  bankBranch: words(BANK.bankBranch).optional(),
  accountName: words(BANK.accountName).optional(),
  bankCode: field(BANK.bankCode).optional(),
  bankAddress: words(BANK.bankAddress).optional(),
  bankZipCode: field(BANK.bankZipCode).optional(),
  bankCity: words(BANK.bankCity).optional(),
  bankProvince: words(BANK.bankProvince).optional(),
  bankArea: words(BANK.bankArea).optional(),
  routingNumber: field(BANK.routingNumber).optional(),
});

export const card = z.strictObject({
  type: z.literal('card'),
  cardNumber: field(CARD.cardNumber, /^[0-9]{12,19}$/, '12 to 19 digits').refine(fastLuhn, {
    error: 'expected a card number whose check digit is right',
  }),
  cardHolder: words(CARD.cardHolder).optional(),
  expiryMonth: field(CARD.expiryMonth, /^(0[1-9]|1[0-2])$/, 'a month from 01 to 12').optional(),
  expiryYear: field(CARD.expiryYear, /^20[0-9]{2}$/, 'a year of four digits').optional(),
});

/** The body of `POST /payouts`; unknown fields are refused. Callback and redirect URLs are not the caller's to set. */
export const payoutBody = z
  .strictObject({
    clientOrderId: z
      .string({ error: 'expected a string' })
      .regex(CLIENT_ORDER_ID_PATTERN, {
        error: 'expected a letter followed by at most 127 letters, digits, ".", "_" or "-"',
        abort: true,
      })
      .refine((id) => !namesCardNumber(id), { error: 'expected no part that reads like a card number' })
      .refine((id) => !holdsApiKey(id), { error: 'expected no API key' })
      .meta({ example: 'PO-000001' }),
    endpoint: z
      .string({ error: 'expected a string' })
      .regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected the name of a configured endpoint')
      .optional()
      .meta({ description: 'Without it, the first endpoint that takes the currency' }),
    amount: z
      .string({ error: 'expected a decimal string such as "10.50"' })
      .max(32, 'expected a decimal string such as "10.50"')
      .meta({ example: '10.50' }),
    currency: z
      .string({ error: 'expected a string' })
      .refine(isCurrencyCode, { error: 'expected an upper-case ISO 4217 code such as EUR' })
      .meta({ example: 'EUR' }),
    description: words(REQUEST.description).optional(),
    purpose: words(REQUEST.purpose).optional(),
    receiver: receiver.default({}),
    destination: z
      .discriminatedUnion('type', [bankAccount, card], { error: 'expected type bank_account or card with its fields' })
      .optional()
      .meta({ description: 'Required, unless the Receiver is asked for it' }),
    collect: z
      .literal('receiver', { error: 'expected "receiver"' })
      .optional()
      .meta({ description: 'Ask the Receiver where the money goes, on `receiverPage`; then without `destination`' }),
    expiresIn: z
      .string({ error: 'expected a duration such as "7d"' })
      .refine(isCollectingTime, { error: 'expected a duration from "5m" to "30d"' })
      .optional()
      .meta({ description: 'How long the Receiver may take, with `collect` only', example: '7d' }),
    extraFields: z.record(z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/), field(1024)).default({}),
  })
  .superRefine((body, context) => {
    const complain = (field: string, expected: string) =>
      context.addIssue({ code: 'custom', path: [field], message: `expected ${expected}` });
    if (body.collect === undefined) {
      if (body.destination === undefined) complain('destination', 'a destination, or collect "receiver"');
      if (body.expiresIn !== undefined) complain('expiresIn', 'no time to enter details without collect "receiver"');
    } else if (body.destination !== undefined) complain('destination', 'no destination beside collect "receiver"');
    try {
      parsePayoutAmount(body.amount, body.currency);
    } catch (error) {
      if (!(error instanceof MoneyError)) throw error;
      context.addIssue({ code: 'custom', path: [error.field], message: `expected ${error.expected}` });
    }
  })
  .meta({ id: 'PayoutRequest' });

/** The validated body as a domain value: the amount in the canonical form of its currency. */
export function toPayoutRequest(body: z.output<typeof payoutBody>): AskedRequest {
  const money = parsePayoutAmount(body.amount, body.currency);
  const { destination, collect: _collect, expiresIn, ...rest } = body;
  return {
    ...rest,
    ...(destination === undefined
      ? { collect: 'receiver', expiresIn: expiresIn ?? DEFAULT_COLLECTING_TIME }
      : { destination }),
    clientOrderId: body.clientOrderId as ClientOrderId,
    amount: formatDecimal(money),
    currency: money.currency,
  };
}

/** The body of an operator's act. The reason stands in the payout's timeline: no account data belongs in it. */
export const operatorBody = z.strictObject({ reason: words(500) }).meta({ id: 'OperatorAct' });
export const resolveBody = z
  .strictObject({ reason: words(500), outcome: z.enum(RESOLUTIONS, { error: `expected ${RESOLUTIONS.join(', ')}` }) })
  .meta({ id: 'OperatorResolution' });
