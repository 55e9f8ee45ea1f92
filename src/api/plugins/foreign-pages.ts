import type { FastifyRequest } from 'fastify';
import type { AccessSettings } from '../../config/config';
import { isLoopback } from '../../net/addresses';
import { Problem } from './errors';

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
