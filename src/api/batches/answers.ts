import { z } from 'zod';
import { holdsApiKey } from '../../config/api-keys';
import { BOUNDS } from '../../config/bounds';
import { BATCH_ACTIONS, BATCH_STATES } from '../../domain/batch';
import { BATCH_ID_PATTERN } from '../../domain/ids';
import { executeAtFields, operatorBody, refuseTime } from '../payouts/schemas';
import { namesCardNumber } from '../plugins/card-number';

export const batchId = z
  .string({ error: 'expected a string' })
  .regex(BATCH_ID_PATTERN, {
    error: 'expected a letter followed by at most 99 letters, digits, ".", "_" or "-"',
    abort: true,
  })
  .refine((id) => !namesCardNumber(id), { error: 'expected no part that looks like a card number' })
  .refine((id) => !holdsApiKey(id), { error: 'expected no API key' })
  .meta({ example: 'FRIDAY-2026-11-27', description: 'Your id of the batch; never reused for other rows' });

/** The body of `POST /batches`. A row is a body of `POST /payouts`, checked one by one so that all errors come at once. */
export const batchBody = z
  .strictObject({
    batchId: batchId.optional(),
    rows: z
      .array(z.unknown(), { error: 'expected a list of rows' })
      .min(1, 'expected at least one row')
      .max(BOUNDS.batchRows.most, `expected at most ${BOUNDS.batchRows.most} rows`)
      .meta({ description: 'Each as the body of `POST /payouts`; `clientOrderId` may be left out: `{batchId}-{row}`' }),
  })
  .meta({ id: 'BatchRequest' });

const wholeNumber = (most: number) => {
  const expected = `expected a whole number from 1 to ${most}`;
  return z.coerce.number({ error: expected }).int(expected).min(1, expected).max(most, expected);
};

export const batchQuery = z
  .strictObject({
    batchId: batchId.optional().meta({ description: 'For a file; in JSON it is part of the body' }),
    dryRun: z
      .enum(['true', 'false'], { error: 'expected true or false' })
      .optional()
      .meta({ description: '`true`: check the rows and start nothing' }),
    perSecond: wholeNumber(100)
      .default(5)
      .meta({ description: 'Rows started a second at most; fewer, down to one, while starts are slow' }),
    window: wholeNumber(50).default(10).meta({ description: 'Rows whose start is under way at once' }),
    executeAt: executeAtFields.executeAt.optional(),
    timeZone: executeAtFields.timeZone,
  })
  .superRefine(refuseTime);

/** The body of an approval: what was seen is what is approved. */
export const approveBatchBody = operatorBody
  .extend({
    contentHash: z
      .string()
      .max(64, 'expected the contentHash of the batch')
      .meta({ description: 'As the batch has it; 409 for another' }),
  })
  .meta({ id: 'BatchApproval' });

const count = z.number().int();
const time = z.string().meta({ format: 'date-time' });
const totals = z
  .array(z.object({ currency: z.string(), count: count.meta({ description: 'Rows' }), amount: z.string() }))
  .meta({ description: 'By currency' });
const warnings = z
  .array(
    z
      .object({
        row: count.meta({ description: 'Counted from 1' }),
        sameAs: count.meta({ description: 'The earlier row' }),
      })
      .meta({ id: 'BatchWarning' }),
  )
  .meta({ description: 'Rows with the receiver and amount of an earlier row; they are paid all the same' });

const moment = time.nullable();
const gateFields = {
  approval: z
    .object({
      rules: z.array(z.string()).meta({ description: 'Rules that ask for it, of rows or of the sum' }),
      needed: count.meta({ description: 'How many persons' }),
      approvedBy: z.array(z.string()).meta({ description: 'Persons who did' }),
      requestedBy: z.string().meta({ description: 'The person who may not' }),
      until: moment.meta({ description: 'When the batch is cancelled without it; null when it does not wait' }),
    })
    .nullable()
    .meta({ description: 'One approval for all rows; null when no rule asks for it' }),
  attention: z.enum(['approval_blocked', 'limit_reached']).nullable().meta({
    description:
      '`approval_blocked`: too few persons could approve it. `limit_reached`: a limit has no room for its sum yet',
  }),
  executeAt: moment.meta({ description: 'When its first row starts; null for at once' }),
  movedFrom: moment.meta({ description: 'The time that a calendar or cut-off moved' }),
  movedBecause: z.string().nullable().meta({ description: 'Why: a holiday, a weekend or the cut-off' }),
};

export const checkedBatch = z
  .object({
    batchId: z.string(),
    rows: count.meta({ description: 'How many rows' }),
    ...{ totals, warnings, ...gateFields },
  })
  .meta({ id: 'CheckedBatch' });

export const batchAnswer = z
  .object({
    batchId: z.string(),
    tenant: z.string().meta({ description: 'Whose batch it is' }),
    state: z.enum([...BATCH_STATES, 'stopped']).meta({
      description:
        '`started`: every row was; each payout goes on by itself. `cancelled`: further rows are not started. `limit_reached`: waits for room for its sum. `stopped`: its workflow was ended from outside',
    }),
    rows: count.meta({ description: 'How many rows' }),
    started: count.meta({ description: 'Rows that are payouts' }),
    failed: count.meta({ description: 'Rows that became no payout; the result file says why' }),
    left: count.meta({ description: 'Rows whose turn has not come' }),
    totals,
    contentHash: z.string().meta({ description: 'Keyed hash of its rows: an approval names it' }),
    ...gateFields,
    waitsForLimit: z.string().nullable().meta({ description: 'The rule whose limit has no room for its sum yet' }),
    perSecond: count.meta({ description: 'Rows started a second' }),
    window: count.meta({ description: 'Rows whose start is under way at once' }),
    by: z.string().meta({ description: 'The name of the key that made it' }),
    createdAt: time.meta({ description: 'When it was taken' }),
    acts: z
      .array(
        z.object({
          action: z.enum(BATCH_ACTIONS).meta({ description: 'What was done' }),
          actor: z.string(),
          reason: z.string(),
          at: time,
        }),
      )
      .meta({ description: 'What people did with it, oldest first' }),
    attempts: count.meta({ description: 'How often its present step was tried; above 2, something keeps failing' }),
    payouts: z
      .object({
        made: count.meta({ description: 'How many there are' }),
        open: count.meta({ description: 'Not final' }),
        inReview: count.meta({ description: 'Of the open ones: need a person' }),
        paid: count.meta({ description: 'Approved' }),
      })
      .nullable()
      .meta({ description: 'How its payouts stand; slightly behind, for display. Null in lists' }),
    isSettled: z
      .boolean()
      .nullable()
      .meta({ description: 'True when every payout is final or in review; null in lists' }),
    warnings: warnings.optional(),
  })
  .meta({ id: 'Batch' });
