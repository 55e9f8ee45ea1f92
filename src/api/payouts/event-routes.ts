import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { BOUNDS } from '../../config/bounds';
import type { Payout } from '../../domain/payout';
import { includesTenant } from '../../domain/tenants';
import { problems } from '../plugins/answers';
import type { PayoutsOf } from '../plugins/callers';
import { createShares, type SharesOptions } from '../plugins/shares';
import type { ReceiverLinks } from '../receiver/receiver-links';
import { idParams, requirePayout } from './payout-answer';
import { findNews, isAtEnd, streamPayout } from './payout-events';

const SHARES: SharesOptions = {
  most: BOUNDS.streams.most,
  perTenant: BOUNDS.streamsPerTenant.most,
  perCaller: BOUNDS.streamsPerCaller.most,
};
const EVENT_STREAM = 'text/event-stream';

/** A payout as a stream of its changes. */
export function eventRoutes({
  payoutsOf,
  links,
  shares: most = SHARES,
}: {
  payoutsOf: PayoutsOf;
  links: ReceiverLinks;
  shares?: SharesOptions;
}): FastifyPluginAsyncZod {
  return async (app) => {
    const shares = createShares(most);
    const open = new Set<AbortController>();
    // The connections are busy for as long as the payout is open: a process that stops must not wait for them.
    app.addHook('preClose', async () => {
      for (const stream of open) stream.abort();
    });

    app.get(
      '/payouts/:clientOrderId/events',
      {
        // A HEAD would be followed to the end as well.
        exposeHeadRoute: false,
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'followPayout',
          summary: 'Server-sent events until the payout is final',
          description:
            'Each `payout` event is the payout after a change; the first is the payout as it is now. With `Last-Event-ID`, the stream has every change since that event. 204 means that no more events will come.',
          tags: ['payouts'],
          params: idParams,
          headers: z.object({ 'last-event-id': z.string().max(64).optional() }),
          produces: [EVENT_STREAM],
          response: { 200: z.string(), 204: z.undefined(), ...problems(404, 429, 503) },
        },
      },
      async (request, reply) => {
        shares.demand(request, reply);
        const stopping = new AbortController();
        open.add(stopping);
        reply.raw.once('close', () => {
          stopping.abort();
          open.delete(stopping);
        });
        const store = payoutsOf(request);
        const reading = await requirePayout(store, request.params.clientOrderId);
        const { clientOrderId } = reading.payout;
        const lastId = request.headers['last-event-id'];
        if (isAtEnd(reading) && findNews(reading, lastId).length === 0) return reply.code(204).send();
        const pageOf = (payout: Payout) => links.pageFor(request.caller, { payout, madeBy: reading.madeBy });
        const isAdmitted = () => {
          const caller = app.recheck(request);
          return caller !== null && includesTenant(caller.tenants, reading.tenant);
        };
        const following = { store, pageOf, clientOrderId, lastId, isAdmitted, signal: stopping.signal };
        const text = streamPayout(reading, following);
        return sendEvents(reply, Readable.from(text, { objectMode: false }));
      },
    );
  };
}

function sendEvents(reply: FastifyReply, events: Readable): FastifyReply {
  // Proxies that buffer would hold an event back until the next.
  const headers = { 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
  return reply.type(EVENT_STREAM).headers(headers).send(events);
}
