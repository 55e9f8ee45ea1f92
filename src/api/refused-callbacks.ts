import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { enforce } from './limits';

/**
 * Counts the callbacks that were refused, never a genuine one: verifying costs microseconds, so it comes first, and the gateway gets
 * through from an address that somebody else floods from.
 */
export interface RefusedCallbacks {
  /** @throws Problem too_many_requests above the limit of the address; then nothing is logged of it */
  count(request: FastifyRequest, reply: FastifyReply, kind: string): Promise<void>;
}

const REFUSED_PER_WINDOW = 60;
const WINDOW_MS = 60_000;

/** Above the limit one line tells of all that was refused in the window, whatever their number. */
export function createRefusedCallbacks(app: FastifyInstance): RefusedCallbacks {
  const counter = app.createRateLimit({ max: REFUSED_PER_WINDOW, timeWindow: WINDOW_MS });
  let unlogged = 0;
  let timer: NodeJS.Timeout | null = null;

  function logRest(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (unlogged > 0) app.log.warn({ count: unlogged, withinMs: WINDOW_MS }, 'more callbacks refused');
    unlogged = 0;
  }
  app.addHook('onClose', async () => logRest());

  return {
    async count(request, reply, kind) {
      try {
        await enforce(counter, request, reply);
      } catch (error) {
        unlogged += 1;
        timer ??= setTimeout(logRest, WINDOW_MS).unref();
        throw error;
      }
      const { endpoint } = request.params as { endpoint?: string };
      request.log.warn({ ...(kind === 'not_found' ? {} : { endpoint }), kind }, 'callback refused');
    },
  };
}
