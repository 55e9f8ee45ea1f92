import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type ApiKey, hashApiKey, type Scope } from '../../config/api-keys';
import type { AccessSettings } from '../../config/config';
import { isLoopback } from '../../net/addresses';
import { Problem } from './errors';

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
      if (found === undefined || now() >= (found.expiresAtMs ?? Number.POSITIVE_INFINITY)) return null;
      return { name: found.name, scopes: found.scopes };
    },
  };
}

/** The name of who asks, as it is kept with a payout or an operator's act: the key's, or `local` when there are no keys. */
export function actorOf({ caller }: FastifyRequest): string {
  if (caller === null) throw new Error('a route without callers has no actor');
  return caller.name;
}

/** The warning in the log of an API without keys. */
export const WITHOUT_KEYS =
  'NO API KEYS: anyone who reaches this port on this machine may start payouts; set API_KEYS to require keys';

/** Why the API must not start: without keys it listens on loopback only, and behind no proxy. Null when it may. */
export function findMissingKeys(config: { readonly host: string; readonly access: AccessSettings }): string | null {
  if (config.access.apiKeys.length > 0) return null;
  if (!isLoopback(config.host)) {
    return 'HOST: expected a loopback address such as 127.0.0.1 while there are no API_KEYS';
  }
  // A proxy on this machine would make everyone who reaches it local.
  return config.access.trustedProxies.length > 0 ? 'TRUSTED_PROXIES: expected none while there are no API_KEYS' : null;
}

/**
 * Without keys anyone who reaches the port may pay, and any web page runs in a browser on this machine. So a request must name a
 * loopback host, which a page of a rebound name does not, and must not come from a page of another origin.
 * Only the `Host` header itself counts: no forwarded one.
 * @param origins whose pages may come beside our own
 * @throws Problem not_permitted
 */
export function refuseForeignPages(request: FastifyRequest, origins: readonly string[] = []): void {
  const host = parseAuthority(request.headers.host);
  if (host === null || !isLoopback(host.hostname)) {
    throw new Problem('not_permitted', [{ field: 'host', expected: 'a loopback name, while there are no API keys' }]);
  }
  const { origin } = request.headers;
  if (origin === undefined || origins.includes(origin) || ['GET', 'HEAD'].includes(request.method)) return;
  if (!URL.canParse(origin) || new URL(origin).host !== host.host) {
    throw new Problem('not_permitted', [{ field: 'origin', expected: 'the origin of this API, or none' }]);
  }
}

function parseAuthority(authority: string | undefined): URL | null {
  const text = `http://${authority ?? ''}`;
  return URL.canParse(text) && !/[/@?#\\]/.test(authority ?? '') ? new URL(text) : null;
}
