import { z } from 'zod';
import { holdsApiKey } from '../../config/api-keys';
import { BOUNDS } from '../../config/bounds';
import { BATCH_ACTIONS, BATCH_STATES, countFailed } from '../../domain/batch';
import { BATCH_ID_PATTERN } from '../../domain/ids';
import { tenantOf } from '../../domain/tenants';
import type { BatchReading } from '../../store/batches';
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

export const batchQuery = z.strictObject({
  batchId: batchId.optional().meta({ description: 'For a file; in JSON it is part of the body' }),
  dryRun: z
    .enum(['true', 'false'], { error: 'expected true or false' })
    .optional()
    .meta({ description: '`true`: check the rows and start nothing' }),
  perSecond: wholeNumber(100)
    .default(5)
    .meta({ description: 'Rows started a second at most; fewer, down to one, while starts are slow' }),
  window: wholeNumber(50).default(10).meta({ description: 'Rows whose start is under way at once' }),
});

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

export const checkedBatch = z
  .object({
    batchId: z.string(),
    rows: count.meta({ description: 'How many rows' }),
    ...{ totals, warnings },
  })
  .meta({ id: 'CheckedBatch' });

export const batchAnswer = z
  .object({
    batchId: z.string(),
    tenant: z.string().meta({ description: 'Whose batch it is' }),
    state: z.enum([...BATCH_STATES, 'stopped']).meta({
      description:
        '`started`: every row was; each payout goes on by itself. `cancelled`: further rows are not started. `stopped`: its workflow was ended from outside',
    }),
    rows: count.meta({ description: 'How many rows' }),
    started: count.meta({ description: 'Rows that are payouts' }),
    failed: count.meta({ description: 'Rows that became no payout; the result file says why' }),
    left: count.meta({ description: 'Rows whose turn has not come' }),
    totals,
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

export type BatchCounts = NonNullable<z.output<typeof batchAnswer>['payouts']>;

/** A batch as answered. */
export function viewBatch(
  { head, record, isOpen, attempts }: BatchReading,
  counted: BatchCounts | null = null,
): z.output<typeof batchAnswer> {
  const { batchId, rows, totals, perSecond, window, by, acceptedAtMs } = head;
  const { progress, acts } = record;
  const isOver = record.state === 'started' || record.state === 'cancelled';
  const state = isOpen || isOver ? record.state : 'stopped';
  const failed = countFailed(progress);
  const started = progress.next - 1 - failed;
  const isMade = counted !== null && state !== 'running' && state !== 'paused' && counted.made >= started;
  return {
    ...{ batchId, tenant: tenantOf(head), state, rows, started, failed, left: rows + 1 - progress.next },
    ...{ totals: totals.map((each) => ({ ...each })), perSecond, window, by, attempts },
    createdAt: new Date(acceptedAtMs).toISOString(),
    acts: acts.map(({ action, actor, reason, atMs }) => ({ action, actor, reason, at: new Date(atMs).toISOString() })),
    payouts: counted,
    isSettled: counted === null ? null : isMade && counted.open <= counted.inReview,
  };
}
