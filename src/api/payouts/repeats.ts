import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BOUNDS } from '../../config/bounds';
import { differingFields } from '../../store/fingerprint';
import type { PayoutInput, Reading } from '../../store/payouts';
import { actorOf, callerOf } from '../plugins/callers';
import { Problem } from '../plugins/errors';
import { createBlockedAddresses, enforce, toRetryAfterSeconds } from '../plugins/limits';

/** How many repeats may differ from what they repeat: enough for mistakes, too few to guess an account. */
export const MISMATCHES_PER_WINDOW = BOUNDS.mismatches.most;
const WINDOW_MS = 600_000;

type Exchange = { readonly request: FastifyRequest; readonly reply: FastifyReply };

export interface Repeats {
  /**
   * The existing payout, to the caller that made it, when this is the same request again.
   * @throws Problem payout_differs with the names of what differs, never a value; client_order_id_taken to any other caller;
   * too_many_requests after many of either, also when the request is the same: the answer would confirm a right guess
   */
  check(existing: Reading, asked: { input: PayoutInput; fingerprint: string }, exchange: Exchange): Promise<Reading>;
}

export function createRepeats(app: FastifyInstance): Repeats {
  const counter = app.createRateLimit({ max: MISMATCHES_PER_WINDOW, timeWindow: WINDOW_MS, keyGenerator: actorOf });
  const blocked = createBlockedAddresses();

  async function refuse(problem: Problem, clientOrderId: string, exchange: Exchange): Promise<never> {
    const caller = actorOf(exchange.request);
    await enforce(counter, exchange, ({ ttl }) => blocked.block(caller, ttl));
    const fields = problem.errors.map(({ field }) => field);
    exchange.request.log.warn({ clientOrderId, caller, kind: problem.code, fields }, 'repeat refused');
    throw problem;
  }

  return {
    async check(existing, { input, fingerprint }, exchange) {
      const caller = actorOf(exchange.request);
      const { clientOrderId } = input.request;
      const leftMs = blocked.leftMs(caller);
      if (leftMs !== null) {
        void exchange.reply.header('retry-after', toRetryAfterSeconds(leftMs));
        throw new Problem('too_many_requests');
      }
      if (existing.madeBy !== caller || existing.tenant !== callerOf(exchange.request).tenant)
        return await refuse(new Problem('client_order_id_taken'), clientOrderId, exchange);
      if (existing.fingerprint === fingerprint) return existing;
      const fields = differingFields(existing.input, input.request);
      if (fields.length === 0) return existing;
      const errors = fields.map((field) => ({ field, expected: 'the value of the existing payout' }));
      return await refuse(new Problem('payout_differs', errors), clientOrderId, exchange);
    },
  };
}
