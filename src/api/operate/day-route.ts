import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type createDay, WITHIN_SECONDS } from '../../store/day';
import { problems } from '../plugins/answers';
import { tenantsOf } from '../plugins/callers';
import { tenantQuery } from '../plugins/tenant-query';

const count = z.number().int().nullable();

const dayAnswer = z
  .object({
    hours: z
      .array(
        z.object({
          start: z.string().meta({ format: 'date-time', description: 'The beginning of the hour' }),
          made: count.meta({ description: 'Payouts made in it; null while it is not counted yet' }),
          paid: count.meta({ description: 'Approved payouts that closed in it' }),
        }),
      )
      .meta({ description: 'The last 24, oldest first' }),
    inDoubt: count.meta({ description: 'Open ones, `unconfirmed` or in review' }),
    closed: count.meta({ description: 'Payouts that closed in these hours' }),
    closedWithin: z
      .array(
        z.object({
          seconds: z.number().int().meta({ description: 'Closed at most so long after they were made' }),
          count: count.meta({ description: 'So many' }),
        }),
      )
      .meta({ description: 'How long it took' }),
  })
  .meta({ id: 'PayoutDay' });

/** The last day in numbers, for a chart. */
export function dayRoute(day: Pick<ReturnType<typeof createDay>, 'read'>): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/payout-day',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readDay',
          summary: 'The last 24 hours in numbers',
          description:
            'Slightly behind. Counted in the background, at most three questions a second: what is null is not counted yet, so ask again.',
          tags: ['lists'],
          querystring: tenantQuery,
          response: { 200: dayAnswer, ...problems(400, 503) },
        },
      },
      async (request) => {
        const { hours, closedWithin, ...now } = day.read(tenantsOf(request, request.query.tenant));
        const durations = WITHIN_SECONDS.map((seconds, at) => ({ seconds, count: closedWithin[at] ?? null }));
        return { hours: [...hours], ...now, closedWithin: durations };
      },
    );
  };
}
