import { z } from 'zod';
import { NOTIFICATION_TYPES, NOTIFICATION_VERSION, type NotificationType } from '../../domain/notification';
import { CURSOR_MAX_LENGTH } from '../payouts/cursor';
import { payoutAnswer } from '../plugins/answers';
import { tenantFilter } from '../plugins/tenant-query';

const time = z.string().meta({ format: 'date-time' });

export const notificationQuery = z.object({
  state: z.enum(['pending', 'dead'], { error: 'expected pending or dead' }).meta({
    description: '`pending`: not delivered yet. `dead`: given up after 72 h, or refused for good (410).',
  }),
  limit: z.coerce
    .number()
    .refine((limit) => Number.isInteger(limit) && limit >= 1 && limit <= 100, { error: 'expected 1 to 100' })
    .default(50),
  tenant: tenantFilter,
  cursor: z.string().max(CURSOR_MAX_LENGTH, 'expected the nextCursor of the previous page').optional(),
});

export const notificationList = z
  .object({
    notifications: z.array(
      z.object({
        id: z.string().meta({ example: 'erp:PO-000001' }),
        subscriber: z.string(),
        clientOrderId: z.string(),
        tenant: payoutAnswer.shape.tenant,
        state: z.enum(['pending', 'dead']),
        since: time,
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'NotificationList' });

const deliveries = z.array(
  z
    .object({
      id: z.string().meta({ description: 'The `webhook-id` of every attempt' }),
      type: z.enum(NOTIFICATION_TYPES),
      at: time,
      state: z
        .enum(['pending', 'delivered', 'dead', 'gone', 'not_recorded'])
        .meta({ description: 'State of the delivery. `gone`: the subscriber does not want it (410)' }),
      attempts: z.number(),
      problem: z.string().nullable(),
      nextAttemptAt: time.nullable(),
      settledAt: time.nullable().meta({ description: 'When delivery ended, successfully or not; null before that' }),
    })
    .meta({ id: 'NotificationDelivery' }),
);

export const delivery = z
  .object({ id: z.string(), subscriber: z.string(), clientOrderId: z.string(), events: deliveries })
  .meta({ id: 'Notification' });

export const payoutNotifications = z
  .object({
    clientOrderId: z.string(),
    notifications: z.array(
      z.object({
        id: z.string(),
        subscriber: z.string(),
        problem: z
          .enum(['unreadable'])
          .nullable()
          .meta({ description: '`unreadable`: its stored data cannot be read; its events are not shown' }),
        events: deliveries,
      }),
    ),
  })
  .meta({ id: 'PayoutNotifications' });

export const resendAnswer = z.object({ id: z.string(), state: z.literal('pending') }).meta({ id: 'Resent' });

/** The body of a notification of one type. */
export function notificationBody(type: NotificationType) {
  return z.object({
    type: z.literal(type),
    version: z.literal(NOTIFICATION_VERSION),
    timestamp: time,
    data: payoutAnswer,
  });
}

/** The same schema that the API's answers name. */
const PAYOUT = { $ref: '#/components/schemas/Payout' };
const HEADERS = {
  'webhook-id': 'Id of the event, the same on every attempt',
  'webhook-timestamp': 'Seconds since 1970 of this attempt',
  'webhook-signature':
    '`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; one for each secret, separated by spaces',
};

const PARAMETERS = Object.entries(HEADERS).map(([name, description]) => ({
  ...{ name, description, in: 'header' as const, required: true, schema: { type: 'string' as const } },
}));

function describeWebhook(type: NotificationType) {
  const { properties, required } = z.toJSONSchema(notificationBody(type), { io: 'input' });
  const schema: object = { type: 'object', required, properties: { ...properties, data: PAYOUT } };
  const post = {
    operationId: `notify_${type.replace('.', '_')}`,
    tags: ['notifications'],
    parameters: PARAMETERS,
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: { '2XX': { description: 'Accepted' }, '410': { description: 'Not wanted: never retried' } },
  };
  return { post };
}

/** The webhooks section of the OpenAPI document: what subscribers get, type by type (Standard Webhooks). */
export const NOTIFICATION_WEBHOOKS = Object.fromEntries(
  NOTIFICATION_TYPES.map((type) => [type, describeWebhook(type)]),
);
