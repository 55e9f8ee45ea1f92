import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Counts } from '../../store/counts';
import { listedPayout, QUEUE_ATTENTIONS } from '../payouts/list-routes';
import { problems } from '../plugins/answers';
import { tenantsOf } from '../plugins/callers';
import { tenantQuery } from '../plugins/tenant-query';

const { clientOrderId, tenant, state, endpoint, amount, currency, orderId, deadline, createdAt } = listedPayout.shape;

const queueAnswer = z
  .object({
    items: z
      .array(
        z.object({
          kind: z.enum(['payout', 'batch', 'unmatched_callback', 'notification']).meta({
            description:
              'A payout, a batch that has not begun, callbacks about an unknown payout, or notifications that were given up',
          }),
          attention: z.enum(QUEUE_ATTENTIONS),
          clientOrderId: clientOrderId.meta({ description: 'Id of the payout, or of the batch' }),
          ...{ state, endpoint, amount, currency, orderId, deadline, tenant },
          subscriber: z
            .string()
            .nullable()
            .meta({ description: 'Name of the subscriber, for notifications; otherwise null' }),
          since: createdAt.meta({
            description:
              'When the payout or batch was accepted, the payout closed, or the first callback or notification came',
          }),
        }),
      )
      .meta({ description: 'Oldest first' }),
    totals: z
      .array(
        z.object({
          currency: z.string(),
          count: z.number().int().meta({ description: 'How many' }),
          amount: z.string(),
        }),
      )
      .meta({ description: 'Totals of the payouts in it, by currency' }),
    hasMore: z.boolean().meta({ description: 'True when there are more than these' }),
  })
  .meta({ id: 'AttentionQueue' });

/** Everything that needs a person, in one list. */
export function queueRoutes(counts: Pick<Counts, 'readQueue'>): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/attention',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readAttentionQueue',
          summary: 'Everything that needs a person, oldest first',
          description:
            'Payouts, batches that wait before their first row, callbacks about unknown payouts, and notifications that could not be delivered; at most 1,000 of each. Slightly behind, and cached for three seconds.',
          tags: ['operators'],
          querystring: tenantQuery,
          response: { 200: queueAnswer, ...problems(400, 503) },
        },
      },
      async (request) => {
        const { items, totals, hasMore } = await counts.readQueue(tenantsOf(request, request.query.tenant));
        return { items: [...items], totals: [...totals], hasMore };
      },
    );
  };
}
