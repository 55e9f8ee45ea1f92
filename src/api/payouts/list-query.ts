import { z } from 'zod';
import { isCurrencyCode } from '../../domain/currencies';
import { isClientOrderId, isOrderId } from '../../domain/ids';
import { FINAL_STATES, LASTING_ATTENTIONS, PASSING_ATTENTIONS } from '../../domain/payout';
import type { ListFilter } from '../../store/list-filter';
import { LISTED_STATES, type ListedState } from '../../store/listed-payout';
import { CURSOR_MAX_LENGTH } from './cursor';

const STATES: readonly string[] = LISTED_STATES;
export const LISTED_ATTENTIONS = [...PASSING_ATTENTIONS, ...LASTING_ATTENTIONS];
export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 200;

const text = (isRight: (value: string) => boolean, expected: string) =>
  z
    .string({ error: 'expected it once' })
    .max(2_000)
    .refine(isRight, { error: `expected ${expected}` });

const time = (meaning: string) =>
  text((value) => readTimeMs(value) !== null, 'a time such as 2026-01-05T10:00:00Z')
    .optional()
    .meta({ description: meaning, format: 'date-time' });

/** The filters of lists and exports. Whatever passes is made of letters, digits and a few marks: no text of a caller's is free. */
export const filterQuery = z.strictObject({
  state: text(
    (value) => value.split(',').every((state) => STATES.includes(state)),
    `some of ${STATES.join(', ')}, joined by commas`,
  )
    .optional()
    .meta({
      description: 'One or several, joined by commas; `open` is accepted, sending or processing',
      example: 'unconfirmed,needs_review',
    }),
  outcome: z.enum(FINAL_STATES, { error: `expected one of ${FINAL_STATES.join(', ')}` }).optional(),
  attention: z
    .enum(['any', ...LISTED_ATTENTIONS], { error: `expected any, or one of ${LISTED_ATTENTIONS.join(', ')}` })
    .optional(),
  endpoint: text((value) => /^[a-z][a-z0-9-]{0,31}$/.test(value), 'the name of an endpoint').optional(),
  currency: text(isCurrencyCode, 'an upper-case ISO 4217 code such as EUR').optional(),
  orderId: text(isOrderId, 'the order id of the gateway: 1 to 20 digits')
    .optional()
    .meta({ description: 'Found once the payout has ended, or has left its first minutes' }),
  clientOrderId: text((value) => isClientOrderId(value.replace(/\*$/, '')), 'a clientOrderId, or how it begins and *')
    .optional()
    .meta({ description: 'The whole id, or its beginning followed by `*`' }),
  createdFrom: time('Created at this time or later'),
  createdTo: time('Created before this time'),
});

export const listQuery = filterQuery.extend({
  limit: z.coerce
    .number({ error: `expected 1 to ${MAX_LIMIT}` })
    .int(`expected 1 to ${MAX_LIMIT}`)
    .min(1, `expected 1 to ${MAX_LIMIT}`)
    .max(MAX_LIMIT, `expected 1 to ${MAX_LIMIT}`)
    .default(DEFAULT_LIMIT),
  cursor: text((value) => value.length <= CURSOR_MAX_LENGTH, 'the nextCursor of the page before')
    .optional()
    .meta({ description: '`nextCursor` of the page before; the filters must be the same' }),
});

/** The filters as a value. */
export function toListFilter(query: z.output<typeof filterQuery>): ListFilter {
  const { clientOrderId, createdFrom, createdTo } = query;
  return {
    states: query.state === undefined ? null : ([...new Set(query.state.split(','))] as ListedState[]),
    outcome: query.outcome ?? null,
    attention: query.attention ?? null,
    endpoint: query.endpoint ?? null,
    currency: query.currency ?? null,
    orderId: query.orderId ?? null,
    clientOrderId:
      clientOrderId === undefined
        ? null
        : { text: clientOrderId.replace(/\*$/, ''), isPrefix: clientOrderId.endsWith('*') },
    fromMs: createdFrom === undefined ? null : readTimeMs(createdFrom),
    toMs: createdTo === undefined ? null : readTimeMs(createdTo),
  };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const EARLIEST_YEAR = 1970;
const LATEST_YEAR = 2200;

/** Epoch milliseconds; null for what is no time. */
function readTimeMs(value: string): number | null {
  if (!TIME.test(value)) return null;
  const time = new Date(value);
  const year = time.getUTCFullYear();
  return year >= EARLIEST_YEAR && year <= LATEST_YEAR ? time.getTime() : null;
}
