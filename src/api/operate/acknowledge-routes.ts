import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { attentionOf, viewPayout } from '../../domain/view';
import { etagOf, idParams, requirePayout } from '../payouts/payout-answer';
import { operatorBody } from '../payouts/schemas';
import { payoutAnswer } from '../plugins/answers';
import { demandEndpoint, type PayoutsOf } from '../plugins/callers';
import { Problem } from '../plugins/errors';
import { actHeaders, identify } from './routes';
import { demandSeen, refusals, wasMade } from './seen';

const payoutBody = operatorBody.extend({
  attention: payoutAnswer.shape.attention.unwrap().meta({ description: 'The attention that you acknowledge' }),
});

/** Acknowledging why a closed payout needs a person, since it allows no other action. */
export function acknowledgeRoutes(payoutsOf: PayoutsOf): FastifyPluginAsyncZod {
  return async (app) => {
    const config = { access: 'payouts:operate' as const };
    app.post(
      '/payouts/:clientOrderId/acknowledge',
      {
        config,
        schema: {
          operationId: 'acknowledgePayout',
          summary: 'Take a closed payout out of the queue, with a note; it stays as it is',
          tags: ['operators'],
          params: idParams,
          headers: actHeaders,
          body: payoutBody,
          response: { 200: payoutAnswer, ...refusals },
        },
      },
      async (request) => {
        const { reason, attention } = request.body;
        const store = payoutsOf(request);
        const reading = await requirePayout(store, request.params.clientOrderId);
        const { payout, lateEvents } = reading;
        demandEndpoint(request, payout);
        const events = lateEvents.filter(({ acknowledgedBy }) => acknowledgedBy === undefined);
        const seen = events.filter(({ isConfirmed }) => isConfirmed).length;
        const order = { ...identify(request), reason, attention, seen };
        const last = lateEvents.findLast(({ acknowledgedBy }) => acknowledgedBy !== undefined)?.acknowledgedBy;
        const made = lateEvents.find(({ acknowledgedBy }) => acknowledgedBy?.id === order.id)?.acknowledgedBy;
        if (wasMade(made, order)) return viewPayout(payout, lateEvents);
        const now = attentionOf(payout, lateEvents);
        if (now === null && last?.actor === order.actor && last.reason === reason)
          return viewPayout(payout, lateEvents);
        demandSeen(request, etagOf(payout, lateEvents));
        if (!reading.isClosed) throw notAllowed('state', 'a payout that is closed');
        if (now !== attention) throw notAllowed('attention', now ?? 'a payout that needs attention');
        const notice = await store.acknowledge(reading, order);
        if (notice === 'full') throw notAllowed('state', 'a payout with fewer acknowledgements');
        if (notice === 'id_used') throw new Problem('idempotency_key_used');
        const others = lateEvents.map((event) =>
          event.attention === attention ? { ...event, attention: null } : event,
        );
        return viewPayout(payout, [...others, notice]);
      },
    );
  };
}

function notAllowed(field: string, expected: string): Problem {
  return new Problem('not_allowed', [{ field, expected }]);
}
