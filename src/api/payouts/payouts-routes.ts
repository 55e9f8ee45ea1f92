import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { BOUNDS } from '../../config/bounds';
import { isClientOrderId } from '../../domain/ids';
import { isFinalState } from '../../domain/payout';
import { viewLateEvent, viewPayout, viewStep } from '../../domain/view';
import type { PayoutStore, Reading } from '../../store/payouts';
import type { EndpointDirectory } from '../endpoints';
import { actorOf } from '../plugins/actor';
import { payoutAnswer, problemAnswer, timelineAnswer } from '../plugins/answers';
import { Problem } from '../plugins/errors';
import { etagOf, namesTag } from '../plugins/etag';
import { createRecentIds } from '../plugins/recent-ids';
import { createShares, type SharesOptions } from '../plugins/shares';
import type { ReceiverLinks } from '../receiver/receiver-links';
import { destinationHash, fingerprintOf } from './fingerprint';
import { findBrokenRules } from './payout-rules';
import { createRepeats } from './repeats';
import { payoutBody, toPayoutRequest } from './schemas';

export interface PayoutRoutesDeps {
  readonly store: PayoutStore;
  readonly endpoints: EndpointDirectory;
  readonly hashKey: string;
  readonly links: ReceiverLinks;
  readonly now: () => number;
  /** Places for long polls. */
  readonly shares?: SharesOptions;
}

const MAX_WAIT_SECONDS = 60;
const SHARES: SharesOptions = { most: BOUNDS.waits.most, perCaller: BOUNDS.waitsPerCaller.most };
const idParams = z.object({ clientOrderId: z.string().meta({ example: 'PO-000001' }) });
const waitQuery = z.object({
  wait: z.coerce
    .number()
    .refine((seconds) => seconds >= 0 && seconds <= MAX_WAIT_SECONDS, {
      error: `expected 0 to ${MAX_WAIT_SECONDS} seconds`,
    })
    .optional()
    .meta({ description: 'Answer only when the payout changes, or after so many seconds' }),
});

/** The payouts a caller starts and reads. */
export function payoutRoutes({
  store,
  endpoints,
  hashKey,
  links,
  now,
  shares = SHARES,
}: PayoutRoutesDeps): FastifyPluginAsyncZod {
  const recentIds = createRecentIds();
  const answer = answerWith(links);
  return async (app) => {
    const repeats = createRepeats(app);
    const waits = createShares(shares);
    app.post(
      '/payouts',
      {
        config: { access: 'payouts:write' },
        schema: {
          operationId: 'startPayout',
          summary: 'Start a payout',
          description:
            'Answers as soon as the payout is durable. The same request again answers with the existing payout; another request under the same clientOrderId is refused, with the names of what differs, and so is any of another caller.',
          tags: ['payouts'],
          headers: z.object({
            prefer: z
              .string()
              .optional()
              .meta({ description: '`wait=N`: answer with the order id or refusal, after at most N seconds' }),
          }),
          body: payoutBody,
          response: {
            200: payoutAnswer,
            202: payoutAnswer,
            400: problemAnswer,
            409: problemAnswer,
            503: problemAnswer,
          },
        },
      },
      async (request, reply) => {
        const order = toPayoutRequest(request.body);
        const { input, fieldErrors } = endpoints.prepare(order, now());
        const broken = findBrokenRules(order, now()).map(({ field, expected }) => ({ field, expected }));
        if (broken.length + fieldErrors.length > 0) throw new Problem('invalid_request', [...broken, ...fieldErrors]);
        const fingerprint = fingerprintOf(order, hashKey);
        const known = recentIds.has(order.clientOrderId) ? await store.read(order.clientOrderId) : null;
        const started =
          known === null
            ? await store.start(input, {
                fingerprint,
                madeBy: actorOf(request),
                destinationHash: order.destination === undefined ? null : destinationHash(order.destination, hashKey),
              })
            : null;
        recentIds.add(order.clientOrderId);
        request.log.info(
          { clientOrderId: order.clientOrderId, caller: request.caller?.name, isNew: started !== null },
          'payout asked for',
        );
        const location = `/payouts/${order.clientOrderId}`;
        if (started === null) {
          const asked = { input, fingerprint };
          const reading = await repeats.check(known ?? (await existing(order.clientOrderId)), asked, {
            request,
            reply,
          });
          return answer(reply.code(200).headers({ location, 'idempotent-replayed': 'true' }), reading);
        }
        void reply.header('location', location);
        const waitMs = preferredWaitMs(request.headers.prefer);
        const fresh = { payout: started, madeBy: actorOf(request) };
        // Waiting is a preference: without a place the answer comes at once.
        if (waitMs === 0 || !waits.take(request, reply)) return answer(reply.code(202), fresh);
        const reading = await store.readUntil(order.clientOrderId, { isEnough: isAnsweredByGateway, forMs: waitMs });
        void reply.header('preference-applied', `wait=${waitMs / 1_000}`);
        return answer(reply.code(202), reading ?? fresh);
      },
    );

    app.get(
      '/payouts/:clientOrderId',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readPayout',
          summary: 'Read a payout',
          description:
            'Works with every worker down. With `wait`, answers when the payout differs from `If-None-Match`, or from what it was.',
          tags: ['payouts'],
          params: idParams,
          querystring: waitQuery,
          response: {
            200: payoutAnswer,
            304: z.undefined(),
            400: problemAnswer,
            404: problemAnswer,
            503: problemAnswer,
          },
        },
      },
      async (request, reply) => {
        const { clientOrderId } = request.params;
        const seconds = request.query.wait ?? 0;
        if (seconds > 0) waits.demand(request, reply);
        const known = request.headers['if-none-match'];
        let base = known;
        const isEnough = (reading: Reading) => {
          const tag = etagOf(reading.payout, reading.lateEvents);
          base ??= tag;
          return isFinalState(reading.payout.state) || !namesTag(base, tag);
        };
        const reading = isClientOrderId(clientOrderId)
          ? await store.readUntil(clientOrderId, {
              isEnough: seconds === 0 ? () => true : isEnough,
              forMs: seconds * 1_000,
            })
          : null;
        if (reading === null) throw new Problem('not_found');
        const tag = etagOf(reading.payout, reading.lateEvents);
        if (known !== undefined && namesTag(known, tag)) return reply.header('etag', tag).code(304).send();
        return answer(reply, reading);
      },
    );

    app.get(
      '/payouts/:clientOrderId/timeline',
      {
        config: { access: 'payouts:read' },
        schema: {
          operationId: 'readTimeline',
          summary: 'Every step of a payout, with who reported it',
          tags: ['payouts'],
          params: idParams,
          response: { 200: timelineAnswer, 404: problemAnswer, 503: problemAnswer },
        },
      },
      async (request) => {
        const { payout, steps, lateEvents } = await existing(request.params.clientOrderId);
        const isOperator = request.caller?.scopes.includes('payouts:operate') ?? false;
        return {
          clientOrderId: payout.clientOrderId,
          steps: [
            ...steps.map((step) => viewStep(step, { isOperator })),
            ...lateEvents.map((event) => viewLateEvent(payout, event)),
          ],
        };
      },
    );
  };

  async function existing(clientOrderId: string): Promise<Reading> {
    const reading = isClientOrderId(clientOrderId) ? await store.read(clientOrderId) : null;
    if (reading === null) throw new Problem('not_found');
    return reading;
  }
}

function answerWith(links: ReceiverLinks) {
  return (reply: FastifyReply, read: Pick<Reading, 'payout' | 'madeBy'> & Partial<Pick<Reading, 'lateEvents'>>) => {
    const { payout, lateEvents = [] } = read;
    void reply.header('etag', etagOf(payout, lateEvents));
    return reply.send(viewPayout(payout, lateEvents, links.pageFor(reply.request.caller, read)));
  };
}

/** Known to the gateway, or refused by it. */
function isAnsweredByGateway({ payout }: Reading): boolean {
  return payout.orderId !== null || isFinalState(payout.state);
}

/** `Prefer: wait=N` in milliseconds (RFC 7240); anything else is not an error but no preference. */
function preferredWaitMs(prefer: string | undefined): number {
  const match = /(?:^|[,;\s])wait=([0-9]{1,4})(?:$|[,;\s])/.exec(prefer ?? '');
  return Math.min(Number(match?.[1] ?? 0), MAX_WAIT_SECONDS) * 1_000;
}
