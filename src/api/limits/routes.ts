import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { limitsOfTenant, viewLimit } from '../../domain/limit-rules';
import { LIMIT_WINDOWS } from '../../domain/limits';
import type { PolicyRule } from '../../domain/policies';
import type { LimitReader } from '../../store/limits';
import { problems } from '../plugins/answers';
import { callerOf, tenantsOf } from '../plugins/callers';
import { tenantFilter } from '../plugins/tenant-query';

const money = (description: string) => z.string().meta({ description, example: '100.00' });

const limitsAnswer = z
  .object({
    limits: z
      .array(
        z.object({
          rule: z.string().meta({ description: 'Its rule in POLICIES_FILE' }),
          currency: z.string(),
          per: z.enum(LIMIT_WINDOWS).meta({ description: 'The calendar period that it counts' }),
          zone: z.string().meta({ description: 'The time zone of the calendar' }),
          over: z.enum(['refuse', 'wait']).meta({ description: 'What happens to a payout when there is no room' }),
          period: z.string().meta({ description: 'The present day or month', example: '2026-11-29' }),
          cap: money('The most that may be paid'),
          used: money('Paid, or not provably unpaid'),
          held: money('Of payouts that are open'),
          left: money('What is neither used nor held'),
          endsAt: z.string().meta({ format: 'date-time', description: 'When the next period begins' }),
        }),
      )
      .meta({ description: 'In the order of the policies' }),
  })
  .meta({ id: 'LimitList' });

const limitsQuery = z.strictObject({
  tenant: tenantFilter.meta({ description: 'One of the tenants that the key may see; its own if absent' }),
});

/** What is left of the limits of one tenant. */
export function limitRoutes(deps: {
  readonly rules: readonly PolicyRule[];
  readonly limits: LimitReader;
  readonly now: () => number;
}): FastifyPluginAsyncZod {
  const { rules, limits, now } = deps;
  return async (app) => {
    app.get(
      '/limits',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'listLimits',
          summary: 'Limits per day and month: used, held and left',
          description: 'A moment behind. Works while every worker is down.',
          tags: ['lists'],
          querystring: limitsQuery,
          response: { 200: limitsAnswer, ...problems(400, 503) },
        },
      },
      async (request) => {
        const { tenant: asked } = request.query;
        if (asked !== undefined) tenantsOf(request, asked);
        const tenant = asked ?? callerOf(request).tenant;
        const own = limitsOfTenant(rules, tenant);
        const currencies = [...new Set(own.map(({ currency }) => currency))];
        const read = async (currency: (typeof currencies)[number]) =>
          [currency, (await limits.readUsage({ tenant, currency }))?.usage ?? []] as const;
        const usage = new Map(await Promise.all(currencies.map(read)));
        return { limits: own.map((rule) => viewLimit(rule, usage.get(rule.currency) ?? [], now())) };
      },
    );
  };
}
