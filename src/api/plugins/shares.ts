import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from './callers';
import { Problem } from './errors';

/** Places for requests that stay open: each holds a connection and a long poll of Temporal. No caller and no tenant can take them all. */
export interface Shares {
  /** A place until the reply is closed; false when the caller, or all of them together, have no more. */
  take(request: FastifyRequest, reply: FastifyReply): boolean;
  /** @throws Problem too_many_requests when there is no place */
  demand(request: FastifyRequest, reply: FastifyReply): void;
}

export interface SharesOptions {
  /** Of all callers together. */
  readonly most: number;
  /** Of all keys of one tenant. */
  readonly perTenant: number;
  readonly perCaller: number;
}

const RETRY_AFTER_SECONDS = 10;

export function createShares({ most, perTenant, perCaller }: SharesOptions): Shares {
  /** Of callers and tenants that have any; there are no more of them than names in keys. */
  const taken = new Map<string, number>();

  function add(name: string, change: 1 | -1): void {
    const count = (taken.get(name) ?? 0) + change;
    if (count === 0) taken.delete(name);
    else taken.set(name, count);
  }

  function take(request: FastifyRequest, reply: FastifyReply): boolean {
    const { name, tenant } = callerOf(request);
    const bounds = [
      [`caller ${name}`, perCaller],
      [`tenant ${tenant}`, perTenant],
      ['all', most],
    ] as const;
    if (bounds.some(([of, bound]) => (taken.get(of) ?? 0) >= bound)) return false;
    for (const [of] of bounds) add(of, 1);
    reply.raw.once('close', () => {
      for (const [of] of bounds) add(of, -1);
    });
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
