import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { denialOf, withGate } from '../../domain/gate';
import type { ClientOrderId } from '../../domain/ids';
import { isFinalState } from '../../domain/payout';
import { PayoutUnreadable } from '../../store/errors';
import type { Gates } from '../../store/gates';
import type { PayoutStore, Reading } from '../../store/payouts';
import type { EndpointDirectory } from '../endpoints';
import { payoutAnswer, problems } from '../plugins/answers';
import { actorOf, type Caller, callerOf } from '../plugins/callers';
import { Problem } from '../plugins/errors';
import { createRecentIds } from '../plugins/recent-ids';
import type { Shares } from '../plugins/shares';
import type { ReceiverLinks } from '../receiver/receiver-links';
import { checkRequest, toAskedPayout } from './check-request';
import { sendPayout } from './payout-answer';
import { MAX_WAIT_SECONDS } from './read-routes';
import { createRepeats } from './repeats';
import { payoutBody, toPayoutRequest } from './schemas';

const schema = {
  operationId: 'startPayout',
  summary: 'Start a payout',
  description:
    'Answers as soon as the payout is durable. Repeating the request returns the existing payout. A different request under the same clientOrderId is refused, with the names of the fields that differ; so is any request by another caller.',
  tags: ['payouts'],
  headers: z.object({
    prefer: z
      .string()
      .optional()
      .meta({ description: '`wait=N`: wait at most N seconds for the order id or the refusal' }),
  }),
  body: payoutBody,
  response: { 200: payoutAnswer, 202: payoutAnswer, ...problems(400, 409, 422, 503) },
};

/** Starts payouts, each once. */
export function startRoutes(deps: {
  readonly store: PayoutStore;
  readonly endpoints: EndpointDirectory;
  readonly hashKey: string;
  readonly links: ReceiverLinks;
  readonly now: () => number;
  readonly waits: Shares;
  readonly gates: Gates;
}): FastifyPluginAsyncZod {
  const { store, endpoints, hashKey, links, now, waits, gates } = deps;
  const recentIds = createRecentIds();
  return async (app) => {
    const repeats = createRepeats(app);
    app.post('/payouts', { config: { access: 'payouts:write' }, schema }, async (request, reply) => {
      const order = toPayoutRequest(request.body);
      const { clientOrderId } = order;
      const madeBy = actorOf(request);
      const { input, options, errors, timeErrors } = checkRequest(order, {
        ...{ endpoints, hashKey, caller: callerOf(request), atMs: now() },
      });
      if (errors.length > 0) throw new Problem('invalid_request', errors);
      const { fingerprint, destinationHash } = options;
      const mayExist = recentIds.has(clientOrderId) || timeErrors.length > 0;
      let known = mayExist ? await readAnyones(store, clientOrderId, callerOf(request)) : null;
      if (known === null && timeErrors.length > 0) throw new Problem('invalid_request', timeErrors);
      const asked = toAskedPayout({ input, destinationHash }, callerOf(request), endpoints);
      const decision = known === null ? await gates.decide(asked) : null;
      const denial = decision && denialOf(decision);
      // Of a payout that exists the rules may have changed since.
      if (denial !== null) known = await readAnyones(store, clientOrderId, callerOf(request));
      if (denial !== null && known === null) throw new Problem('denied', [denial]);
      const started = known === null ? await store.start(withGate(input, decision), options) : null;
      recentIds.add(clientOrderId);
      request.log.info(
        { clientOrderId, caller: madeBy, tenant: callerOf(request).tenant, isNew: started !== null },
        'payout asked for',
      );
      const location = `/payouts/${clientOrderId}`;
      if (started === null) {
        const existing = known ?? (await readAnyones(store, clientOrderId, callerOf(request)));
        if (existing === null) throw new Problem('not_found');
        await repeats.check(existing, { input, fingerprint }, { request, reply });
        return sendPayout(reply.code(200).headers({ location, 'idempotent-replayed': 'true' }), existing, links);
      }
      void reply.code(202).header('location', location);
      const fresh = { payout: started, madeBy };
      const seconds = preferredWait(request.headers.prefer);
      // Waiting is a preference: without a place the answer comes at once.
      if (seconds === 0 || !waits.take(request, reply)) return sendPayout(reply, fresh, links);
      const reading = await store.readUntil(clientOrderId, { isEnough: isAnsweredByGateway, forMs: seconds * 1_000 });
      void reply.header('preference-applied', `wait=${seconds}`);
      return sendPayout(reply, reading ?? fresh, links);
    });
  };
}

/**
 * The payout with this id, no matter who made it.
 * @throws Problem client_order_id_taken for one of another tenant that cannot be read: nothing more is said of it
 */
async function readAnyones(store: Pick<PayoutStore, 'read'>, clientOrderId: ClientOrderId, { tenant }: Caller) {
  try {
    return await store.read(clientOrderId);
  } catch (error) {
    if (error instanceof PayoutUnreadable && error.tenant !== tenant) throw new Problem('client_order_id_taken');
    throw error;
  }
}

/** Known to the gateway, or refused by it. */
function isAnsweredByGateway({ payout }: Reading): boolean {
  return payout.orderId !== null || isFinalState(payout.state);
}

/** The seconds of `Prefer: wait=N` (RFC 7240); anything else is not an error but no preference. */
function preferredWait(prefer: string | undefined): number {
  const match = /(?:^|[,;\s])wait=([0-9]{1,4})(?:$|[,;\s])/.exec(prefer ?? '');
  return Math.min(Number(match?.[1] ?? 0), MAX_WAIT_SECONDS);
}
