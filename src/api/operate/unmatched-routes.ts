import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { UnmatchedReading } from '../../store/unmatched-callbacks';
import { idParams as params, requireId, tagOf } from '../payouts/payout-answer';
import { operatorBody } from '../payouts/schemas';
import { payoutAnswer, problems } from '../plugins/answers';
import type { Asking, PayoutsOf } from '../plugins/callers';
import { Problem } from '../plugins/errors';
import { actHeaders, identify } from './routes';
import { demandSeen, refusals, seenAnswer, wasMade } from './seen';

const { createdAt, endpoint, orderId } = payoutAnswer.shape;
const reported = z.string().nullable();

const unmatchedAnswer = z
  .object({
    clientOrderId: z.string(),
    callbacks: z
      .array(
        z.object({
          at: createdAt.meta({ description: 'When it first arrived' }),
          ...{ endpoint, orderId },
          status: z.string().meta({ description: "The gateway's word" }),
          type: reported.meta({ description: 'Type of the transaction; not signed' }),
          amount: reported.meta({ description: 'Not signed' }),
          currency: reported.meta({ description: 'Not signed' }),
        }),
      )
      .meta({ description: 'Each once, oldest first; at most 10 are kept' }),
  })
  .meta({ id: 'UnmatchedCallbacks' });

/** The callbacks of payouts that are not known here: what they say, and that a person has seen it. */
export function unmatchedRoutes(payoutsOf: PayoutsOf) {
  const plugin: FastifyPluginAsyncZod = async (app) => {
    const require = async (request: Asking & { params: z.output<typeof params> }): Promise<UnmatchedReading> => {
      const reading = await payoutsOf(request).readUnmatched(requireId(request.params.clientOrderId));
      if (reading === null) throw new Problem('not_found');
      return reading;
    };
    app.get(
      '/unmatched/:clientOrderId',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readUnmatched',
          summary: 'What signed callbacks said of a payout that is not known here',
          tags: ['operators'],
          params,
          response: { 200: unmatchedAnswer, ...problems(404, 503) },
        },
      },
      async (request, reply) => {
        const answer = view(await require(request));
        void reply.header('etag', tagOf(answer));
        return answer;
      },
    );

    app.post(
      '/unmatched/:clientOrderId/acknowledge',
      {
        config: { access: 'payouts:operate' },
        schema: {
          operationId: 'acknowledgeUnmatched',
          summary: 'Take the callbacks of an unknown payout out of the queue, until another one arrives',
          tags: ['operators'],
          params,
          headers: actHeaders,
          body: operatorBody,
          response: { 202: seenAnswer, ...refusals },
        },
      },
      async (request, reply) => {
        const reading = await require(request);
        const { clientOrderId, callbacks, acknowledgements } = reading;
        const { reason } = request.body;
        const order = { ...identify(request), reason, attention: 'unmatched_callback', seen: callbacks.length };
        const made = acknowledgements.find(({ id }) => id === order.id);
        if (!wasMade(made, order)) {
          demandSeen(request, tagOf(view(reading)));
          const outcome = await payoutsOf(request).acknowledgeUnmatched(clientOrderId, order);
          if (outcome === 'not_found') throw new Problem('not_found');
          if (outcome === 'id_used') throw new Problem('idempotency_key_used');
        }
        return reply.code(202).send({ acknowledged: true });
      },
    );
  };
  return plugin;
}

function view({ clientOrderId, callbacks }: UnmatchedReading) {
  return {
    clientOrderId,
    callbacks: callbacks.map(({ endpoint, report, atMs }) => ({
      at: new Date(atMs).toISOString(),
      ...{ endpoint, orderId: report.orderId, status: report.statusText, type: report.transactionType },
      ...{ amount: report.amount, currency: report.currency },
    })),
  };
}
