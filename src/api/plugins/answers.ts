import { z } from 'zod';
import { FINAL_STATES, LASTING_ATTENTIONS, OPEN_STATES, PASSING_ATTENTIONS } from '../../domain/payout';
import { SETTLEMENTS } from '../../domain/returns';
import { ALLOWED_ACTIONS } from '../../domain/view';

const time = z.string().meta({ format: 'date-time' });
const states = z.enum([...OPEN_STATES, ...FINAL_STATES]);

/** A payout as answered. */
export const payoutAnswer = z
  .object({
    clientOrderId: z.string(),
    tenant: z.string().meta({ description: 'Whose payout it is' }),
    state: states,
    outcome: z.enum(FINAL_STATES).nullable(),
    settlement: z.enum(SETTLEMENTS).nullable(),
    attention: z
      .enum([...PASSING_ATTENTIONS, ...LASTING_ATTENTIONS])
      .nullable()
      .meta({ description: 'Why a person should look; null once a person has acknowledged it' }),
    acknowledged: z
      .object({ at: time, by: z.string().meta({ description: 'The name of their API key' }), reason: z.string() })
      .nullable()
      .meta({ description: 'Who last acknowledged the attention of a closed payout, and their note' }),
    settledBy: z.enum(['submission', 'poll', 'callback', 'operator', 'clock', 'policy']).nullable(),
    confirmed: z.boolean(),
    orderId: z.string().nullable(),
    endpoint: z.string(),
    amount: z.string(),
    actualAmount: z.string().nullable(),
    currency: z.string(),
    actualCurrency: z.string().nullable(),
    destination: z
      .string()
      .nullable()
      .meta({ description: 'At most the last four characters; null until the Receiver has entered it' }),
    reference: z.string().optional(),
    tags: z.array(z.string()).optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    detailsUntil: time.nullable().meta({ description: "The Receiver's deadline to enter details" }),
    executeAt: time.nullable().meta({ description: 'When it is sent; null for at once' }),
    movedFrom: time.nullable().meta({ description: 'The time that was asked for, if a calendar moved it' }),
    movedBecause: z.string().nullable().meta({ description: 'Why it was moved', example: 'weekend' }),
    approval: z
      .object({
        of: z.string().meta({ description: 'What waits for approvals: `send`, or an act of an operator' }),
        rule: z.string().meta({ description: 'The rule of the policies that asks for them' }),
        because: z.enum(['rule', 'duplicate', 'hook']).meta({
          description:
            '`duplicate`: it looks like one asked for a short time ago; `hook`: the service asked before the send held it',
        }),
        needed: z.number().int().meta({ description: 'How many people have to approve' }),
        approvedBy: z.array(z.string()).meta({ description: 'The people who have approved' }),
        requestedBy: z.string().nullable().meta({ description: 'The person who asked: never one of the approvers' }),
        until: time.nullable().meta({ description: 'When the time for approvals ends; null when none are waited for' }),
        reason: z
          .string()
          .nullable()
          .meta({ description: 'Of `hook`: what the service said; null if no usable answer' }),
      })
      .nullable()
      .meta({ description: 'What needs or needed approvals; null when nothing does' }),
    redirectTo: z.string().nullable(),
    receiverPage: z.string().nullable(),
    reason: z.object({ code: z.string().nullable(), message: z.string().nullable() }).nullable(),
    agreedAt: z.object({
      submission: time.nullable(),
      poll: time.nullable(),
      callback: time.nullable(),
      operator: time.nullable(),
    }),
    createdAt: time,
    updatedAt: time,
    settledAt: time.nullable(),
    allowedActions: z
      .array(z.enum(ALLOWED_ACTIONS))
      .meta({ description: 'Actions of operators that the payout allows now' }),
    lateEvents: z.array(
      z.object({
        workflowId: z.string(),
        at: time,
        what: z.string(),
        confirmed: z.boolean().meta({ description: 'False while only a callback, and no order status, says so' }),
      }),
    ),
  })
  .meta({ id: 'Payout' });

/** Problem details (RFC 9457). */
export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string(),
    errors: z
      .array(
        z.object({
          field: z.string(),
          expected: z.string(),
          row: z.number().int().optional().meta({ description: 'Of a batch, counted from 1' }),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' });

/** The answers of a route that refuses with these statuses. What holds for every route is added elsewhere (access.ts, openapi.ts). */
export function problems<Status extends number>(...statuses: Status[]): Record<Status, typeof problemAnswer> {
  return Object.fromEntries(statuses.map((status) => [status, problemAnswer])) as Record<Status, typeof problemAnswer>;
}
