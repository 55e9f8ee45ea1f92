import { z } from 'zod';
import { holdsApiKey } from '../../config/api-keys';
import { isCurrencyCode } from '../../domain/currencies';
import { CLIENT_ORDER_ID_PATTERN, type ClientOrderId } from '../../domain/ids';
import { labelsOf } from '../../domain/labels';
import { formatDecimal, MoneyError, parsePayoutAmount } from '../../domain/money';
import { RESOLUTIONS } from '../../domain/operator';
import { FINAL_STATUSES } from '../../domain/order-report';
import { type AskedRequest, REQUEST_FIELD_LENGTHS as REQUEST } from '../../domain/payout-request';
import { parseDuration } from '../../domain/poll-plan';
import { type AskedTime, findTimeError } from '../../schedule/local-time';
import { namesCardNumber } from '../plugins/card-number';
import { labelFields } from './label-fields';
import { bankAccount, card, cardRef, plainText, receiver, words } from './payout-fields';

/** The fields that say when to send: of a request, and of a change of it. */
export const executeAtFields = {
  executeAt: z
    .string({ error: 'expected a time' })
    .max(40, 'expected a time such as 2027-03-01T09:00:00+01:00')
    .meta({ description: 'When to send, at most a year ahead', example: '2027-03-01T09:00:00+01:00' }),
  timeZone: z
    .string({ error: 'expected the name of a time zone' })
    .max(50, 'expected the name of a time zone such as Europe/Berlin')
    .optional()
    .meta({ description: 'The zone of an `executeAt` without offset', example: 'Europe/Berlin' }),
};

/** Both as a rule of a body or query. */
export function refuseTime(asked: AskedTime, context: z.RefinementCtx): void {
  const error = findTimeError(asked);
  if (error !== null) context.addIssue({ code: 'custom', path: [error.field], message: `expected ${error.expected}` });
}

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

/** The body of `POST /payouts`; unknown fields are refused. Callback and redirect URLs are not the caller's to set. */
export const payoutBody = z
  .strictObject({
    clientOrderId: z
      .string({ error: 'expected a string' })
      .regex(CLIENT_ORDER_ID_PATTERN, {
        error: 'expected a letter followed by at most 127 letters, digits, ".", "_" or "-"',
        abort: true,
      })
      .refine((id) => !namesCardNumber(id), { error: 'expected no part that looks like a card number' })
      .refine((id) => !holdsApiKey(id), { error: 'expected no API key' })
      .meta({ example: 'PO-000001' }),
    endpoint: z
      .string({ error: 'expected a string' })
      .regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected the name of a configured endpoint')
      .optional()
      .meta({ description: 'If absent, the first endpoint that accepts the currency' }),
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
      .discriminatedUnion('type', [bankAccount, card, cardRef], {
        error: 'expected type bank_account, card or card_ref with its fields',
      })
      .optional()
      .meta({ description: 'Required, unless the Receiver is asked for it' }),
    collect: z
      .literal('receiver', { error: 'expected "receiver"' })
      .optional()
      .meta({ description: 'Ask the Receiver for the destination, on `receiverPage`; leave out `destination`' }),
    expiresIn: z
      .string({ error: 'expected a duration such as "7d"' })
      .refine(isCollectingTime, { error: 'expected a duration from "5m" to "30d"' })
      .optional()
      .meta({ description: 'How long the Receiver may take; only with `collect`', example: '7d' }),
    executeAt: executeAtFields.executeAt.optional(),
    timeZone: executeAtFields.timeZone,
    extraFields: z
      .record(
        z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/),
        plainText(1024, (text) => text),
      )
      .default({}),
    ...labelFields,
  })
  .superRefine((body, context) => {
    const complain = (field: string, expected: string) =>
      context.addIssue({ code: 'custom', path: [field], message: `expected ${expected}` });
    if (body.collect === undefined) {
      if (body.destination === undefined) complain('destination', 'a destination, or collect "receiver"');
      if (body.expiresIn !== undefined) complain('expiresIn', 'no expiresIn without collect "receiver"');
    } else if (body.destination !== undefined)
      complain('destination', 'no destination together with collect "receiver"');
    refuseTime(body, context);
    try {
      parsePayoutAmount(body.amount, body.currency);
    } catch (error) {
      if (!(error instanceof MoneyError)) throw error;
      context.addIssue({ code: 'custom', path: [error.field], message: `expected ${error.expected}` });
    }
  })
  .meta({ id: 'PayoutRequest' });

/** The validated body as a domain value: the amount in the canonical form of its currency, and no label that was left empty. */
export function toPayoutRequest(body: z.output<typeof payoutBody>): AskedRequest {
  const money = parsePayoutAmount(body.amount, body.currency);
  const { destination, collect: _collect, expiresIn, reference, tags, metadata, ...rest } = body;
  return {
    ...rest,
    ...(destination === undefined
      ? { collect: 'receiver', expiresIn: expiresIn ?? DEFAULT_COLLECTING_TIME }
      : { destination }),
    clientOrderId: body.clientOrderId as ClientOrderId,
    amount: formatDecimal(money),
    currency: money.currency,
    ...labelsOf({ reference, tags, metadata }),
  };
}

/** The body of an operator's act. The reason is shown in the payout's timeline: no account data belongs in it. */
export const operatorBody = z.strictObject({ reason: words(500) }).meta({ id: 'OperatorAct' });
export const rescheduleBody = z
  .strictObject({ reason: words(500), ...executeAtFields })
  .superRefine(refuseTime)
  .meta({ id: 'OperatorReschedule' });
export const resolveBody = z
  .strictObject({
    reason: words(500),
    outcome: z.enum(RESOLUTIONS, { error: `expected ${RESOLUTIONS.join(', ')}` }),
    against: z
      .enum(FINAL_STATUSES, { error: `expected ${FINAL_STATUSES.join(', ')}` })
      .optional()
      .meta({ description: 'The `lastWord` of the timeline, where the outcome contradicts it: paid, or not paid' }),
  })
  .meta({ id: 'OperatorResolution' });
