import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { SCOPES } from '../../config/api-keys';
import { actorOf } from '../plugins/callers';

const meAnswer = z
  .object({
    name: z.string().meta({ description: 'The name of the key, as timelines show it' }),
    scopes: z.array(z.enum(SCOPES)).meta({ description: 'What the key permits' }),
    temporalUi: z.string().nullable().meta({
      description: 'Address of the workflows in the Temporal UI, to which an id is appended; null without one',
    }),
  })
  .meta({ id: 'Me' });

/** Who asks, and what they may do: a page says it before a form is filled in. */
export function meRoute({ temporalUi }: { readonly temporalUi: string | null }): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/me',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readMe',
          summary: 'The name and scopes of the key that asks',
          tags: ['operators'],
          response: { 200: meAnswer },
        },
      },
      async (request) => ({ name: actorOf(request), scopes: [...(request.caller?.scopes ?? [])], temporalUi }),
    );
  };
}
