import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type ApiKey, hashApiKey, LOCAL_NAME, SCOPES, type Scope } from '../../config/api-keys';
import type { AccessSettings } from '../../config/config';
import { ALL_TENANTS, DEFAULT_TENANT, includesTenant, type Tenants } from '../../domain/tenants';
import { isLoopback } from '../../net/addresses';
import { createNetworks } from '../../net/networks';
import type { PayoutView } from '../../store/tenant-view';
import { Problem } from './errors';

/** The caller: a name that we gave, and what it may do. */
export interface Caller {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The tenant whose payouts it makes. */
  readonly tenant: string;
  /** The tenants whose payouts it reads and acts on. */
  readonly tenants: Tenants;
  /** Who acts: the same with every key of one person. */
  readonly person: string;
  /** The endpoints over which it may make payouts and act on them; null: all. */
  readonly endpoints: readonly string[] | null;
}

/** The caller of every request while there are no keys. */
export const LOCAL: Caller = {
  ...{ name: LOCAL_NAME, person: LOCAL_NAME, scopes: SCOPES },
  ...{ tenant: DEFAULT_TENANT, tenants: ALL_TENANTS, endpoints: null },
};

/** What is known of a key: whose it is, or that it was right but came from a network it may not come from. */
export type Identified = { readonly caller: Caller } | { readonly misplaced: string };

export interface CallerDirectory {
  /** Null for no key, an unknown one or an expired one in an `Authorization` header. */
  identify(authorization: string | undefined, address: string): Identified | null;
  /** The same for the hash of a key, as `hashApiKey` makes it. */
  identifyHash(hash: Buffer, address: string): Identified | null;
}

/** Longer than any of our keys, and cheap to hash. */
const BEARER = /^Bearer +([!-~]{1,256}) *$/i;

/** The hash of the key in an `Authorization` header; null for none. */
export function hashOfKey(authorization: string | undefined): Buffer | null {
  const key = BEARER.exec(authorization ?? '')?.[1];
  return key === undefined ? null : hashApiKey(key);
}

/** The callers of `API_KEYS` as they are at each request, known by the hashes of their keys alone. */
export function createCallerDirectory(keys: () => readonly ApiKey[], now: () => number): CallerDirectory {
  let of: readonly ApiKey[] | null = null;
  let entries: readonly ReturnType<typeof toEntry>[] = [];
  const directory: CallerDirectory = {
    identify(authorization, address) {
      const hash = hashOfKey(authorization);
      return hash === null ? null : directory.identifyHash(hash, address);
    },
    identifyHash(hash, address) {
      if (of !== keys()) {
        of = keys();
        entries = of.map(toEntry);
      }
      // Every entry is compared, also after the right one: how long it takes says nothing.
      const [found] = entries.filter((entry) => timingSafeEqual(entry.hash, hash));
      if (found === undefined || now() >= (found.expiresAtMs ?? Number.POSITIVE_INFINITY)) return null;
      return found.isFrom(address) ? { caller: found.caller } : { misplaced: found.caller.name };
    },
  };
  return directory;
}

function toEntry({ hash, expiresAtMs, networks, ...caller }: ApiKey) {
  const isFrom = networks === null ? () => true : createNetworks(networks);
  return { hash: Buffer.from(hash, 'hex'), expiresAtMs, isFrom, caller: caller as Caller };
}

/** A request, as far as it identifies the caller. */
export type Asking = Pick<FastifyRequest, 'caller'>;

/** Who asks. */
export function callerOf({ caller }: Asking): Caller {
  if (caller === null) throw new Error('a route without callers has no actor');
  return caller;
}

/** The name of the caller, as it is kept with a payout or an operator's act: the key's, or `local` when there are no keys. */
export function actorOf(request: Asking): string {
  return callerOf(request).name;
}

/** The payouts that the caller of a request sees. */
export type PayoutsOf = (request: Asking) => PayoutView;

/** @throws Problem not_permitted when the caller's key may not act over the endpoint of a payout that it sees */
export function demandEndpoint(request: Asking, { endpoint }: { readonly endpoint: string }): void {
  if (callerOf(request).endpoints?.includes(endpoint) ?? true) return;
  throw new Problem('not_permitted', [{ field: 'endpoint', expected: 'an endpoint that this key may use' }]);
}

/**
 * The tenants that an answer is about: those that the caller sees, or the one of them that it asks for.
 * @throws Problem invalid_request for one that it does not see, whether it exists or not
 */
export function tenantsOf(request: Asking, asked?: string): Tenants {
  const { tenants } = callerOf(request);
  if (asked === undefined) return tenants;
  if (includesTenant(tenants, asked)) return [asked];
  throw new Problem('invalid_request', [{ field: 'tenant', expected: 'a tenant whose payouts this key may see' }]);
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
