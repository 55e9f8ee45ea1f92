import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BOUNDS } from '../../config/bounds';
import { createBlockedAddresses, enforce, toRetryAfterSeconds } from '../plugins/limits';
import { describeProblem, PROBLEMS } from '../plugins/problems';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Asked before anything else is done for a request, when its body has not come yet. True: it was answered, and the reply hijacked;
     * nothing more happens to it.
     */
    turnAway?: (request: FastifyRequest, reply: FastifyReply) => boolean;
  }
}

/**
 * Counts the callbacks that were refused, never a genuine one: verifying costs microseconds, so it comes first, and the gateway gets
 * through from an address that someone else floods from.
 */
export interface RefusedCallbacks {
  /** @throws Problem too_many_requests above the limit of the address; then nothing is logged of it */
  count(request: FastifyRequest, reply: FastifyReply, kind: string): Promise<void>;
  /**
   * Answers as `count` above the limit of an address, past the framework, which costs several times as much. False, and nothing done,
   * for an address within the limit and for what is signed.
   */
  turnAway(request: FastifyRequest, reply: FastifyReply): boolean;
}

const WINDOW_MS = 60_000;

/**
 * Above the limit one log line counts all that were refused in the window.
 * @param asks `isSigned`: whether a callback's control is right; asked only above the limit of the address
 */
export function createRefusedCallbacks(
  app: FastifyInstance,
  asks: {
    readonly isSigned: (request: FastifyRequest) => boolean;
    readonly onTurnedAway?: (request: FastifyRequest) => void;
  },
): RefusedCallbacks {
  const counter = app.createRateLimit({ max: BOUNDS.refusedCallbacks.most, timeWindow: WINDOW_MS });
  const blocked = createBlockedAddresses();
  const tooMany = describeProblem(app.publicBaseUrl, 'too_many_requests');
  let headers: readonly string[] = [];
  let unlogged = 0;
  let timer: NodeJS.Timeout | null = null;

  function logRest(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (unlogged > 0) app.log.warn({ count: unlogged, withinMs: WINDOW_MS }, 'more callbacks refused');
    unlogged = 0;
  }
  app.addHook('onClose', async () => logRest());

  function countUnlogged(): void {
    unlogged += 1;
    timer ??= setTimeout(logRest, WINDOW_MS).unref();
  }

  return {
    async count(request, reply, kind) {
      await enforce(counter, { request, reply }, ({ key, ttl }) => {
        countUnlogged();
        blocked.block(key, ttl);
        headers = listConstantHeaders(reply, tooMany);
      });
      const { endpoint } = request.params as { endpoint?: string };
      request.log.warn({ ...(kind === 'not_found' ? {} : { endpoint }), kind }, 'callback refused');
    },

    turnAway(request, reply) {
      // A connection that is gone has no address.
      const leftMs = blocked.leftMs(normalizeIP(request.ip ?? ''));
      if (leftMs === null || asks.isSigned(request)) return false;
      countUnlogged();
      asks.onTurnedAway?.(request);
      reply.hijack();
      reply.raw.writeHead(PROBLEMS.too_many_requests.status, [
        ...headers,
        ...['retry-after', String(toRetryAfterSeconds(leftMs))],
      ]);
      reply.raw.end(tooMany);
      return true;
    },
  };
}

/** All headers of this answer that are the same for every one: so far only those that protect pages are on the raw reply. */
function listConstantHeaders(reply: FastifyReply, body: string): readonly string[] {
  const security = Object.entries(reply.raw.getHeaders()).map(([name, value]) => [name, String(value)]);
  const length = String(Buffer.byteLength(body));
  return [...security, ['content-type', 'application/problem+json; charset=utf-8'], ['content-length', length]].flat();
}

/** Register it before every other hook: what is turned away is to cost as little as can be. */
export function registerTurningAway(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.turnAway?.(request, reply) !== true) done();
  });
}
