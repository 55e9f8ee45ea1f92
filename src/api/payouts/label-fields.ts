import { isValidIBAN } from 'ibantools';
import { z } from 'zod';
import { holdsApiKey } from '../../config/api-keys';
import { LABEL_BOUNDS as BOUNDS } from '../../domain/labels';
import { holdsCardNumber } from '../plugins/card-number';
import { words } from './payout-fields';

/** Also the form of a tag in a filter. */
export const TAG_PATTERN = /^[a-z0-9_-]{1,32}$/;
const KEY = `1 to ${BOUNDS.metadataKey} lower-case letters, digits or "_"`;

const text = (maxLength: number) =>
  words(maxLength).refine((value) => !holdsApiKey(value), { error: 'expected no API key' });

/** Tags are stored unencrypted. None has room for one of our keys. */
const tag = z
  .string({ error: 'expected a string' })
  .regex(TAG_PATTERN, { error: `expected 1 to ${BOUNDS.tag} lower-case letters, digits, "_" or "-"`, abort: true })
  .refine((value) => !holdsCardNumber(value) && !isValidIBAN(value.replaceAll(/[_-]/g, '').toUpperCase()), {
    error: 'expected nothing that looks like a card number or an IBAN',
  });

/** What a caller keeps with a payout, in the body of `POST /payouts`. */
export const labelFields = {
  reference: text(BOUNDS.reference).optional().meta({ example: 'GL-4711' }),
  tags: z
    .array(tag, { error: 'expected a list of strings' })
    .max(BOUNDS.tags, `expected at most ${BOUNDS.tags} tags`)
    .optional()
    .meta({ example: ['refund', 'week-48'] }),
  metadata: z
    .record(z.string().regex(/^[a-z0-9_]{1,40}$/), text(BOUNDS.metadataValue), {
      error: (issue) => (issue.code === 'invalid_key' ? `expected keys of ${KEY}` : 'expected an object'),
    })
    .refine((all) => Object.keys(all).length <= BOUNDS.metadataKeys, `expected at most ${BOUNDS.metadataKeys} keys`)
    .refine((all) => !Object.keys(all).some(holdsCardNumber), 'expected no key that looks like a card number')
    .refine(
      (all) => Buffer.byteLength(JSON.stringify(all)) <= BOUNDS.metadataBytes,
      `expected at most ${BOUNDS.metadataBytes} bytes as JSON`,
    )
    .optional()
    .meta({ example: { invoice: '42', team: 'claims' } }),
};
