import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Asked before anything else is done for a request, when its body has not come yet. True: it was answered, and the reply hijacked;
     * nothing more happens to it.
     */
    turnAway?: (request: FastifyRequest, reply: FastifyReply) => boolean;
  }
}

/** Register it before every other hook: what is turned away is to cost as little as can be. */
export function registerTurningAway(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.turnAway?.(request, reply) !== true) done();
  });
}
