import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BOUNDS } from '../../config/bounds';
import { type AskedRequest, forgetPersonal } from '../../domain/payout-request';
import type { PayoutInput, Reading } from '../../store/payouts';
import { actorOf } from '../plugins/callers';
import { Problem } from '../plugins/errors';
import { createBlockedAddresses, enforce, toRetryAfterSeconds } from '../plugins/limits';
import { differingFields } from './fingerprint';

/** So many repeats may differ from what they repeat: enough for mistakes, too few to guess an account by. */
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
      if (existing.madeBy !== caller)
        return await refuse(new Problem('client_order_id_taken'), clientOrderId, exchange);
      if (existing.fingerprint === fingerprint) return existing;
      const fields = differingFromKnown(existing.input, input.request);
      if (fields.length === 0) return existing;
      const errors = fields.map((field) => ({ field, expected: 'the value of the existing payout' }));
      return await refuse(new Problem('payout_differs', errors), clientOrderId, exchange);
    },
  };
}

/**
 * The outermost names of what differs: of a destination or a receiver not which of their fields, or a card number could be guessed digit
 * by digit. Of a payout whose account was forgotten only what was kept can be compared; the rest differs by its fingerprint alone.
 */
function differingFromKnown(known: PayoutInput, asked: AskedRequest): string[] {
  const comparable = known.isAccountForgotten ? forgetPersonal(asked) : asked;
  const fields = new Set(differingFields(known.request, comparable).map((path) => path.split('.', 1)[0] ?? path));
  if (known.isAccountForgotten && fields.size === 0) return ['destination or receiver'];
  return [...fields];
}
