import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Readiness } from '../../store/readiness';
import { problems } from '../plugins/answers';
import { Problem } from '../plugins/errors';

const health = z.object({ status: z.literal('ok') });
const ready = health.extend({
  warnings: z
    .array(z.string())
    .optional()
    .meta({ description: 'What needs a person although everything is served; left out when there is nothing' }),
});

/** `live`: this process answers. `ready`: Temporal answers too, and has what payouts need; else this names what is missing. */
export function healthRoutes({
  readiness,
  listWarnings,
}: {
  readiness: Readiness;
  /** What is wrong, in texts that anyone may read. */
  listWarnings: () => readonly string[];
}): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/health/live',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'live',
          summary: 'This process answers',
          tags: ['operations'],
          response: { 200: health },
        },
      },
      async () => ({
        status: 'ok' as const,
      }),
    );
    app.get(
      '/health/ready',
      {
        config: { access: 'public' },
        schema: {
          operationId: 'ready',
          summary: 'Temporal answers, too, and has what payouts need',
          tags: ['operations'],
          response: { 200: ready, ...problems(503) },
        },
      },
      async () => {
        const lacks = await readiness();
        if (lacks === null) throw new Problem('temporal_unavailable');
        if (lacks.length > 0)
          throw new Problem(
            'not_ready',
            lacks.map(({ field, expected }) => ({ field, expected })),
          );
        const warnings = listWarnings();
        return { status: 'ok' as const, ...(warnings.length > 0 && { warnings: [...warnings] }) };
      },
    );
  };
}
