import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type ApiKey, listTenants, SCOPES } from '../../config/api-keys';
import { ALL_TENANTS } from '../../domain/tenants';
import { callerOf } from '../plugins/callers';

const meAnswer = z
  .object({
    name: z.string().meta({ description: 'The name of the key, as timelines show it' }),
    person: z.string().meta({ description: 'Who acts with it: the same for every key of one person' }),
    tenant: z.string().meta({ description: 'The tenant whose payouts the key makes' }),
    tenants: z.array(z.string()).meta({
      description:
        'Tenants whose payouts it may see and act on; `*` is every one, and the ones that keys name follow it',
    }),
    scopes: z.array(z.enum(SCOPES)).meta({ description: 'What the key permits' }),
    temporalUi: z.string().nullable().meta({
      description: 'Address of the workflows in the Temporal UI, to which an id is appended; null without one',
    }),
  })
  .meta({ id: 'Me' });

/** Who asks, and what they may do: a page says it before a form is filled in. */
export function meRoute({
  temporalUi,
  keys,
}: {
  readonly temporalUi: string | null;
  readonly keys: () => readonly ApiKey[];
}): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/me',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readMe',
          summary: 'The name, tenants and scopes of the key that asks',
          tags: ['operators'],
          response: { 200: meAnswer },
        },
      },
      async (request) => {
        const { name, person, tenant, tenants, scopes } = callerOf(request);
        const seen = tenants === ALL_TENANTS ? [ALL_TENANTS, ...listTenants(keys())] : [...tenants];
        return { name, person, tenant, tenants: seen, scopes: [...scopes], temporalUi };
      },
    );
  };
}
