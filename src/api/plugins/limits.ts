import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LruMap } from 'toad-cache';
import { BOUNDS } from '../../config/bounds';
import type { AccessSettings } from '../../config/config';
import { Problem } from './errors';

/** Each throws Problem too_many_requests, with Retry-After, before anything was done for the request. */
export interface Limits {
  /** One request of a caller and of its tenant. All keys of one name count together. */
  limitCaller(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** One request of an address that needs no key. */
  limitAddress(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** One wrong key. Only wrong ones count: a caller with a valid key is never blocked because of a neighbour. */
  countWrongKey(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/** A Receiver's page is a handful of requests at once, then none: the rate is counted over this long. */
const RECEIVER_WINDOW_MS = 10_000;
const WRONG_KEYS_PER_WINDOW = BOUNDS.wrongKeys.most;
const WRONG_KEYS_WINDOW_MS = 60_000;

type Counter = ReturnType<FastifyInstance['createRateLimit']>;

/**
 * The counters of this process; each process counts for itself. IPv6 addresses count by their /64; beyond 5,000 the least recently used
 * one is dropped.
 */
export async function registerLimits(
  app: FastifyInstance,
  rates: Pick<AccessSettings, 'callerRatePerSecond' | 'tenantRatePerSecond' | 'receiverRatePerSecond'>,
): Promise<Limits> {
  await app.register(rateLimit, { global: false });
  const byCaller = app.createRateLimit({
    max: rates.callerRatePerSecond,
    timeWindow: 1_000,
    keyGenerator: (request) => request.caller?.name ?? '',
  });
  const byTenant = app.createRateLimit({
    max: rates.tenantRatePerSecond,
    timeWindow: 1_000,
    keyGenerator: (request) => request.caller?.tenant ?? '',
  });
  const byReceiver = app.createRateLimit({
    max: (rates.receiverRatePerSecond * RECEIVER_WINDOW_MS) / 1_000,
    timeWindow: RECEIVER_WINDOW_MS,
  });
  const byWrongKey = app.createRateLimit({
    max: WRONG_KEYS_PER_WINDOW,
    timeWindow: WRONG_KEYS_WINDOW_MS,
  });
  return {
    async limitCaller(request, reply) {
      // First its own limit: what is refused there takes nothing from the other callers of the tenant.
      await enforce(byCaller, { request, reply });
      await enforce(byTenant, { request, reply });
    },
    limitAddress: (request, reply) => enforce(byReceiver, { request, reply }),
    countWrongKey: (request, reply) => enforce(byWrongKey, { request, reply }),
  };
}

/**
 * Counts one request.
 * @param onExceeded gets, above the limit, the key and for how long, in ms, further requests will be refused
 * @throws Problem too_many_requests above the limit
 */
export async function enforce(
  counter: Counter,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  onExceeded?: (exceeded: { readonly key: string; readonly ttl: number }) => void,
): Promise<void> {
  const count = await counter(request);
  if (count.isAllowed || !count.isExceeded) return;
  onExceeded?.(count);
  void reply.header('retry-after', toRetryAfterSeconds(count.ttl));
  throw new Problem('too_many_requests');
}

/** How long to wait, in whole seconds, at least one. */
export function toRetryAfterSeconds(leftMs: number): number {
  return Math.max(1, Math.ceil(leftMs / 1_000));
}

/** Addresses, or callers, that are blocked for a while. What is forgotten here is counted afresh by its counter. */
export interface BlockedAddresses {
  block(address: string, forMs: number): void;
  /** How much longer it is blocked, in ms; null when it is not. */
  leftMs(address: string): number | null;
}

/** @param size how many, at most; beyond it the least recently used one is dropped */
export function createBlockedAddresses(size: number = BOUNDS.blockedAddresses.most): BlockedAddresses {
  const blockedUntilMs = new LruMap<number>(size);
  return {
    // The clock of the limiter: a window ends here and there at the same time.
    block: (address, forMs) => blockedUntilMs.set(address, Date.now() + forMs),
    leftMs(address) {
      const leftMs = (blockedUntilMs.get(address) ?? 0) - Date.now();
      if (leftMs > 0) return leftMs;
      blockedUntilMs.delete(address);
      return null;
    },
  };
}
