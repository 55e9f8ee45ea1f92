import type { FastifyRequest } from 'fastify';

/** Who is asking: the one place that says so. Callers have no names yet. */
export function actorOf(_request: FastifyRequest): string {
  return 'local';
}
