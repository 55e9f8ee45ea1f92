import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './errors';

/** Places for requests that stay open: each holds a connection and a long poll of Temporal. One caller never has them all. */
export interface Shares {
  /** A place until the reply is closed; false when the caller, or all of them together, have no more. */
  take(request: FastifyRequest, reply: FastifyReply): boolean;
  /** @throws Problem too_many_requests when there is no place */
  demand(request: FastifyRequest, reply: FastifyReply): void;
}

export interface SharesOptions {
  /** Of all callers together. */
  readonly most: number;
  readonly perCaller: number;
}

const RETRY_AFTER_SECONDS = 10;

export function createShares({ most, perCaller }: SharesOptions): Shares {
  /** Of callers that have any; there are no more of them than names of keys. */
  const taken = new Map<string, number>();
  let total = 0;

  function add(caller: string, change: 1 | -1): void {
    total += change;
    const count = (taken.get(caller) ?? 0) + change;
    if (count === 0) taken.delete(caller);
    else taken.set(caller, count);
  }

  function take(request: FastifyRequest, reply: FastifyReply): boolean {
    const caller = request.caller?.name ?? '';
    if (total >= most || (taken.get(caller) ?? 0) >= perCaller) return false;
    add(caller, 1);
    reply.raw.once('close', () => add(caller, -1));
    return true;
  }

  return {
    take,
    demand(request, reply) {
      if (take(request, reply)) return;
      void reply.header('retry-after', RETRY_AFTER_SECONDS);
      throw new Problem('too_many_requests');
    },
  };
}
