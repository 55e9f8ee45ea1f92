import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type ApiKey, hashApiKey, type Scope } from '../../config/api-keys';

/** Who asks: a name of ours, and what it may do. */
export interface Caller {
  readonly name: string;
  readonly scopes: readonly Scope[];
}

export interface CallerDirectory {
  /** The caller whose key is in an `Authorization` header; null for no key, an unknown one or an expired one. */
  identify(authorization: string | undefined): Caller | null;
}

/** Longer than any key of ours, and cheap to hash. */
const BEARER = /^Bearer +([!-~]{1,256}) *$/i;

/** The callers of `API_KEYS`, known by the hashes of their keys alone. */
export function createCallerDirectory(keys: readonly ApiKey[], now: () => number): CallerDirectory {
  const entries = keys.map((key) => ({ ...key, hash: Buffer.from(key.hash, 'hex') }));
  return {
    identify(authorization) {
      const key = BEARER.exec(authorization ?? '')?.[1];
      if (key === undefined) return null;
      const hash = hashApiKey(key);
      // Every entry is compared, also after the right one: how long it takes says nothing.
      const [found] = entries.filter((entry) => timingSafeEqual(entry.hash, hash));
      if (found === undefined) return null;
      if (found.expiresAtMs !== null && now() >= found.expiresAtMs) return null;
      return { name: found.name, scopes: found.scopes };
    },
  };
}

/** The name of who asks, as it is kept with a payout or an operator's act: the key's, or `local` when there are no keys. */
export function actorOf({ caller }: FastifyRequest): string {
  if (caller === null) throw new Error('a route without callers has no actor');
  return caller.name;
}
