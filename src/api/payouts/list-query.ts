import { z } from 'zod';
import { isCurrencyCode } from '../../domain/currencies';
import { isBatchId, isClientOrderId, isOrderId } from '../../domain/ids';
import { MoneyError, parseDecimal } from '../../domain/money';
import { FINAL_STATES, LASTING_ATTENTIONS, PASSING_ATTENTIONS } from '../../domain/payout';
import { SETTLEMENTS } from '../../domain/returns';
import { LISTED_STATES, type ListedState } from '../../store/list-filter';
import { Problem } from '../plugins/errors';
import { tenantFilter } from '../plugins/tenant-query';
import { CURSOR_MAX_LENGTH } from './cursor';
import { TAG_PATTERN } from './label-fields';

export const LISTED_ATTENTIONS = [...PASSING_ATTENTIONS, ...LASTING_ATTENTIONS];
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const text = (isRight: (value: string) => boolean, expected: string) =>
  z
    .string({ error: 'expected one value' })
    .max(2_000)
    .refine(isRight, { error: `expected ${expected}`, abort: true });

const time = (description: string) =>
  text((value) => isTime(value), 'a time such as 2026-01-05T10:00:00Z')
    .transform((value) => new Date(value))
    .optional()
    .meta({ description, format: 'date-time' });

const STATES: readonly string[] = LISTED_STATES;

/** The filters of lists and exports, read as the store takes them. Each value has a fixed form; none is free text. */
export const filterQuery = z.strictObject({
  state: text(
    (value) => value.split(',').every((state) => STATES.includes(state)),
    `one or more of ${STATES.join(', ')}, separated by commas`,
  )
    .transform((value) => [...new Set(value.split(',') as ListedState[])])
    .optional()
    .meta({
      description: 'One or several, separated by commas; `open` is accepted, sending or processing',
      example: 'unconfirmed,needs_review',
    }),
  outcome: z
    .enum(FINAL_STATES, { error: `expected one of ${FINAL_STATES.join(', ')}` })
    .optional()
    .meta({ description: 'The final state' }),
  settlement: z
    .enum(SETTLEMENTS, { error: `expected one of ${SETTLEMENTS.join(', ')}` })
    .optional()
    .meta({ description: 'Approved payouts whose money is there, or came back' }),
  attention: z
    .enum(['any', ...LISTED_ATTENTIONS], { error: `expected any, or one of ${LISTED_ATTENTIONS.join(', ')}` })
    .optional()
    .meta({ description: 'Needs a person for this reason; `any` for every reason' }),
  tenant: tenantFilter,
  endpoint: text((value) => /^[a-z][a-z0-9-]{0,31}$/.test(value), 'the name of an endpoint').optional(),
  currency: text(isCurrencyCode, 'an upper-case ISO 4217 code such as EUR').optional(),
  amount: text((value) => /^\d{1,12}(\.\d{1,3})?$/.test(value), 'a decimal such as 10.50')
    .optional()
    .meta({ description: 'Exactly this amount; needs `currency`' }),
  tag: text((value) => TAG_PATTERN.test(value), 'a tag: lower-case letters, digits, _ and -').optional(),
  orderId: text(isOrderId, 'the order id of the gateway: 1 to 20 digits')
    .optional()
    .meta({ description: 'Matches only once the payout has ended or its first minutes have passed' }),
  clientOrderId: text(
    (value) => isClientOrderId(value.replace(/\*$/, '')),
    'a clientOrderId, or its beginning followed by *',
  )
    .optional()
    .meta({ description: 'The whole id, or its beginning followed by `*`' }),
  batch: text(isBatchId, 'a batchId').optional().meta({ description: 'Rows of this batch' }),
  createdFrom: time('Created at this time or later'),
  createdTo: time('Created before this time'),
});

export const exportQuery = filterQuery.extend({
  detail: z.enum(['true', 'false'], { error: 'expected true or false' }).optional().meta({
    description:
      '`true`: with actualAmount, actualCurrency, settledBy, confirmed, reasonCode, destination (its last characters), settledAt, reference and metadata. Each payout is read for it, so it takes longer',
  }),
});

const limit = `expected 1 to ${MAX_LIMIT}`;
export const listQuery = filterQuery.extend({
  limit: z.coerce.number({ error: limit }).int(limit).min(1, limit).max(MAX_LIMIT, limit).default(DEFAULT_LIMIT),
  cursor: text((value) => value.length <= CURSOR_MAX_LENGTH, 'the nextCursor of the previous page')
    .optional()
    .meta({ description: '`nextCursor` of the previous page; the filters must be the same' }),
});

/** An amount is one only with its currency. @throws Problem invalid_request */
export function requireMoney({
  amount,
  currency,
}: {
  amount?: string | undefined;
  currency?: string | undefined;
}): void {
  if (amount === undefined) return;
  if (currency === undefined)
    throw new Problem('invalid_request', [{ field: 'currency', expected: 'the currency of the amount' }]);
  try {
    parseDecimal(amount, currency);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    throw new Problem('invalid_request', [{ field: error.field, expected: error.expected }]);
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

function isTime(value: string): boolean {
  const year = TIME.test(value) ? new Date(value).getUTCFullYear() : Number.NaN;
  return year >= 1970 && year <= 2200;
}
