import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type ClientOrderId, isClientOrderId } from '../../domain/ids';
import type { NotifiedEvent } from '../../store/notification-history';
import type { NotificationStore } from '../../store/notifications';
import { createCursors } from '../payouts/cursor';
import { idParams, requireId } from '../payouts/payout-answer';
import { problems } from '../plugins/answers';
import { tenantsOf } from '../plugins/callers';
import { Problem } from '../plugins/errors';
import { notificationList, notificationQuery, payoutNotifications } from './schemas';

const refusals = problems(400, 404, 503);

/** Notifications delivered to the caller's systems, and those that could not be. */
export function notificationRoutes({
  store,
  hashKey,
}: {
  store: NotificationStore;
  hashKey: string;
}): FastifyPluginAsyncZod {
  const cursors = createCursors(hashKey);
  return async (app) => {
    app.get(
      '/payouts/:clientOrderId/notifications',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readPayoutNotifications',
          summary: 'Notifications of a payout, event by event',
          tags: ['notifications'],
          params: idParams,
          response: { 200: payoutNotifications, ...refusals },
        },
      },
      async (request) => {
        const clientOrderId = requireId(request.params.clientOrderId);
        const notifications = (await store.of(clientOrderId, tenantsOf(request))).map(
          ({ subscriber, events, problem }) => ({
            id: `${subscriber}:${clientOrderId}`,
            subscriber,
            problem,
            events: events.map(viewEvent),
          }),
        );
        return { clientOrderId, notifications };
      },
    );

    app.get(
      '/notifications',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'listNotifications',
          summary: 'Notifications that are pending or were given up',
          description: 'Newest first, slightly behind.',
          tags: ['notifications'],
          querystring: notificationQuery,
          response: { 200: notificationList, ...refusals },
        },
      },
      async (request) => {
        const { state, tenant, limit, cursor } = request.query;
        const tenants = tenantsOf(request, tenant);
        const filter = { notifications: state, tenants };
        const token = cursor === undefined ? null : cursors.read(cursor, filter);
        if (cursor !== undefined && token === null)
          throw new Problem('invalid_request', [
            { field: 'cursor', expected: 'the nextCursor of a page with the same state' },
          ]);
        const page = await store.list({ state, tenants, limit, token });
        const notifications = page.notifications.map(({ sinceMs, ...item }) => ({
          id: `${item.subscriber}:${item.clientOrderId}`,
          ...item,
          since: iso(sinceMs),
        }));
        const next = page.next === null ? null : cursors.write(page.next, filter);
        return { notifications, nextCursor: next };
      },
    );
  };
}

/**
 * The name of a subscriber and a clientOrderId: neither can hold the colon between them.
 * @throws Problem not_found for anything else
 */
export function readNotificationName(id: string): { subscriber: string; clientOrderId: ClientOrderId } {
  const [, subscriber, clientOrderId] = /^([a-z][a-z0-9-]{0,31}):(.+)$/.exec(id) ?? [];
  if (subscriber === undefined || clientOrderId === undefined || !isClientOrderId(clientOrderId))
    throw new Problem('not_found');
  return { subscriber, clientOrderId };
}

/** One event as the API answers it. */
export function viewEvent({ atMs, nextAtMs, settledAtMs, type, ...event }: NotifiedEvent) {
  return {
    ...event,
    type,
    at: iso(atMs),
    nextAttemptAt: nextAtMs === null ? null : iso(nextAtMs),
    settledAt: settledAtMs === null ? null : iso(settledAtMs),
  };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
