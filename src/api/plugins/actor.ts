import type { FastifyRequest } from 'fastify';

/** The name of who asks, as it is kept with a payout or an operator's act: the key's, or `local` when there are no keys. */
export function actorOf(request: FastifyRequest): string {
  if (request.caller === null) throw new Error('a route without callers has no actor');
  return request.caller.name;
}
