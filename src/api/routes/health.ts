import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../errors';
import type { PayoutDesk } from '../payouts';

const health = z.object({ status: z.literal('ok') });

/** `live`: this process answers. `ready`: it also reaches Temporal, without which it can promise nothing. */
export function healthRoutes({ desk }: { desk: PayoutDesk }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/health/live',
      {
        config: { access: 'public' },
        schema: { operationId: 'live', tags: ['operations'], response: { 200: health } },
      },
      async () => ({
        status: 'ok' as const,
      }),
    );
    app.get(
      '/health/ready',
      {
        config: { access: 'public' },
        schema: { operationId: 'ready', tags: ['operations'], response: { 200: health } },
      },
      async () => {
        if (!(await desk.isReachable())) throw new Problem('temporal_unavailable');
        return { status: 'ok' as const };
      },
    );
  };
}
