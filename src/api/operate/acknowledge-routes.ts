import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { attentionOf, viewPayout } from '../../domain/view';
import type { NotificationStore } from '../../store/notifications';
import type { PayoutStore } from '../../store/payouts';
import { readNotificationName } from '../notifications/routes';
import { etagOf, namesTag, requireId, requirePayout } from '../payouts/payout-answer';
import { operatorBody } from '../payouts/schemas';
import { payoutAnswer, problems } from '../plugins/answers';
import { Problem } from '../plugins/errors';
import { actHeaders, idempotencyHeaders, identify } from './routes';

const payoutBody = operatorBody.extend({
  attention: payoutAnswer.shape.attention.unwrap().meta({ description: 'The attention that you acknowledge' }),
});
const seenAnswer = z
  .object({ acknowledged: z.literal(true).meta({ description: 'It is stored' }) })
  .meta({ id: 'Acknowledged' });
const refusals = problems(400, 404, 409, 503);

/** Acknowledging what needs a person but allows no other action: closed payouts, unmatched callbacks, dead notifications. */
export function acknowledgeRoutes({
  store,
  notifications,
}: {
  readonly store: PayoutStore;
  readonly notifications: NotificationStore;
}): FastifyPluginAsyncZod {
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
          params: z.object({ clientOrderId: z.string() }),
          headers: actHeaders,
          body: payoutBody,
          response: { 200: payoutAnswer, ...refusals, ...problems(412) },
        },
      },
      async (request) => {
        const { reason, attention } = request.body;
        const reading = await requirePayout(store, request.params.clientOrderId);
        const { payout, lateEvents } = reading;
        const { id, actor } = identify(request);
        const last = lateEvents.findLast(({ acknowledgedBy }) => acknowledgedBy !== undefined)?.acknowledgedBy;
        const made = lateEvents.find(({ acknowledgedBy }) => acknowledgedBy?.id === id)?.acknowledgedBy;
        if (made !== undefined) {
          const isSame = made.actor === actor && made.reason === reason && made.attention === attention;
          if (!isSame) throw new Problem('idempotency_key_used');
          return viewPayout(payout, lateEvents);
        }
        const now = attentionOf(payout, lateEvents);
        if (now === null && last?.actor === actor && last.reason === reason) return viewPayout(payout, lateEvents);
        const seen = request.headers['if-match'];
        if (seen !== undefined && !namesTag(seen, etagOf(payout, lateEvents))) throw new Problem('changed');
        if (!reading.isClosed) throw notAllowed('state', 'a payout that is closed');
        if (now !== attention) throw notAllowed('attention', now ?? 'a payout that needs attention');
        const notice = await store.acknowledge(reading, { id, actor, reason, attention });
        if (notice === null) throw notAllowed('state', 'a payout with fewer acknowledgements');
        const others = lateEvents.map((event) =>
          event.attention === attention ? { ...event, attention: null } : event,
        );
        return viewPayout(payout, [...others, notice]);
      },
    );

    app.post(
      '/unmatched/:clientOrderId/acknowledge',
      {
        config,
        schema: {
          operationId: 'acknowledgeUnmatched',
          summary: 'Take the callbacks of an unknown payout out of the queue, until another one arrives',
          tags: ['operators'],
          params: z.object({ clientOrderId: z.string() }),
          headers: idempotencyHeaders,
          body: operatorBody,
          response: { 202: seenAnswer, ...refusals },
        },
      },
      async (request, reply) => {
        const clientOrderId = requireId(request.params.clientOrderId);
        const order = { ...identify(request), reason: request.body.reason, attention: 'unmatched_callback' };
        if (!(await store.acknowledgeUnmatched(clientOrderId, order))) throw new Problem('not_found');
        return reply.code(202).send({ acknowledged: true });
      },
    );

    app.post(
      '/notifications/:id/acknowledge',
      {
        config,
        schema: {
          operationId: 'acknowledgeNotification',
          summary: 'Take dead notifications out of the queue; they can still be sent again',
          tags: ['notifications'],
          params: z.object({ id: z.string() }),
          headers: idempotencyHeaders,
          body: operatorBody,
          response: { 202: seenAnswer, ...refusals },
        },
      },
      async (request, reply) => {
        const { subscriber, clientOrderId } = readNotificationName(request.params.id);
        const order = { ...identify(request), reason: request.body.reason, attention: 'notification_dead' };
        const outcome = await notifications.acknowledge(subscriber, clientOrderId, order);
        if (outcome === 'not_found') throw new Problem('not_found');
        if (outcome === 'not_dead') throw notAllowed('state', 'a notification that is dead');
        return reply.code(202).send({ acknowledged: true });
      },
    );
  };
}

function notAllowed(field: string, expected: string): Problem {
  return new Problem('not_allowed', [{ field, expected }]);
}
