import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { DeliveryReading, NotificationStore } from '../../store/notifications';
import { actHeaders, identify } from '../operate/routes';
import { demandSeen, refusals, seenAnswer, wasMade } from '../operate/seen';
import { tagOf } from '../payouts/payout-answer';
import { operatorBody } from '../payouts/schemas';
import { problems } from '../plugins/answers';
import { type Asking, actorOf, tenantsOf } from '../plugins/callers';
import { Problem } from '../plugins/errors';
import { readNotificationName, viewEvent } from './routes';
import { delivery, resendAnswer } from './schemas';

const params = z.object({ id: z.string().meta({ example: 'erp:PO-000001' }) });
const NOT_DEAD = [{ field: 'state', expected: 'a notification that is dead' }];

/** The notifications of one payout to one subscriber, and what a person may do with those that were given up. */
export function deliveryRoutes(
  store: Pick<NotificationStore, 'read' | 'acknowledge' | 'resend'>,
): FastifyPluginAsyncZod {
  return async (app) => {
    const require = async (request: Asking & { readonly params: { readonly id: string } }) => {
      const { subscriber, clientOrderId } = readNotificationName(request.params.id);
      const named = { subscriber, clientOrderId, tenants: tenantsOf(request) };
      const reading = await store.read(named);
      if (reading === null) throw new Problem('not_found');
      return { named, reading };
    };
    app.get(
      '/notifications/:id',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readNotification',
          summary: 'Notifications of a payout to one subscriber',
          tags: ['notifications'],
          params,
          response: { 200: delivery, ...problems(404, 503) },
        },
      },
      async (request, reply) => {
        const { named, reading } = await require(request);
        void reply.header('etag', tagOfEvents(reading));
        const { subscriber, clientOrderId } = named;
        return { id: request.params.id, subscriber, clientOrderId, events: reading.events.map(viewEvent) };
      },
    );

    app.post(
      '/notifications/:id/acknowledge',
      {
        config: { access: 'payouts:operate' },
        schema: {
          operationId: 'acknowledgeNotification',
          summary: 'Take dead notifications out of the queue; they can still be sent again',
          tags: ['notifications'],
          params,
          headers: actHeaders,
          body: operatorBody,
          response: { 202: seenAnswer, ...refusals },
        },
      },
      async (request, reply) => {
        const { named, reading } = await require(request);
        const { reason } = request.body;
        const order = { ...identify(request), reason, attention: 'notification_dead', seen: countDead(reading) };
        const made = reading.acknowledgements.find(({ id }) => id === order.id);
        if (!wasMade(made, order)) {
          demandSeen(request, tagOfEvents(reading));
          const outcome = await store.acknowledge(named, order);
          if (outcome === 'not_found') throw new Problem('not_found');
          if (outcome === 'not_dead') throw new Problem('not_allowed', NOT_DEAD);
          if (outcome === 'id_used') throw new Problem('idempotency_key_used');
        }
        return reply.code(202).send({ acknowledged: true });
      },
    );

    app.post(
      '/notifications/:id/resend',
      {
        config: { access: 'payouts:operate' },
        schema: {
          operationId: 'resendNotification',
          summary: 'Send dead events again, for another 72 h',
          tags: ['notifications'],
          params,
          body: operatorBody,
          response: { 202: resendAnswer, ...refusals },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const named = { ...readNotificationName(id), tenants: tenantsOf(request) };
        const order = { actor: actorOf(request), reason: request.body.reason };
        const outcome = await store.resend(named, order);
        if (outcome === 'not_found') throw new Problem('not_found');
        if (outcome === 'not_dead') throw new Problem('not_allowed', NOT_DEAD);
        return reply.code(202).send({ id, state: 'pending' as const });
      },
    );
  };
}

/** It changes when a delivery ends or begins again, not with each attempt. */
function tagOfEvents({ events }: DeliveryReading): string {
  return tagOf(events.map(({ id, state, settledAtMs }) => ({ id, state, settledAtMs })));
}

function countDead({ events }: DeliveryReading): number {
  return events.filter(({ state }) => state === 'dead' || state === 'gone').length;
}
