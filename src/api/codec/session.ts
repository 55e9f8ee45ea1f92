import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type ApiKey, hashApiKey } from '../../api-keys';
import type { Caller } from '../callers';

const COOKIE = 'payout_codec';
const HOURS = 8;
const LIFE_MS = HOURS * 3_600_000;
const VALUE = /^([a-z][a-z0-9-]{0,31})\.([0-9]{1,15})\.([A-Za-z0-9_-]{43})$/;

/** A browser's stand-in for an API key: its page cannot send the key itself, and must not hold it. */
export interface CodecSessions {
  /** The `Set-Cookie` for a caller whose key was just found right. */
  open(caller: Caller, key: string): string;
  /** The `Set-Cookie` that ends the session of this browser. */
  close(): string;
  /** The caller of a `Cookie` header; null for none, a changed, an expired or a revoked one. */
  identify(cookies: string | undefined): Caller | null;
}

/**
 * Sessions without memory: the cookie holds the key's name, its own end and a keyed hash over both and over the key's hash. So it ends
 * with the entry in `API_KEYS` it was opened with, in every process, and tells nothing of the key.
 */
export function createCodecSessions(options: {
  readonly apiKeys: readonly ApiKey[];
  /** What the sessions' key is derived from, bound to this purpose. */
  readonly hashKey: string;
  readonly isHttps: boolean;
  readonly now: () => number;
}): CodecSessions {
  const { apiKeys, now } = options;
  const secret = Buffer.from(hkdfSync('sha256', options.hashKey, '', 'codec session', 32));
  const attributes = `HttpOnly; SameSite=Strict; Path=/codec${options.isHttps ? '; Secure' : ''}`;
  const seal = (name: string, endMs: number, keyHash: string): Buffer =>
    createHmac('sha256', secret).update([name, endMs, keyHash].join('.')).digest();

  return {
    open({ name }, key) {
      const endMs = now() + LIFE_MS;
      const mac = seal(name, endMs, hashApiKey(key).toString('hex')).toString('base64url');
      return `${COOKIE}=${name}.${endMs}.${mac}; ${attributes}; Max-Age=${HOURS * 3_600}`;
    },
    close: () => `${COOKIE}=; ${attributes}; Max-Age=0`,
    identify(cookies) {
      for (const value of valuesOf(cookies)) {
        const [, name = '', end = '', mac = ''] = VALUE.exec(value) ?? [];
        const endMs = Number(end);
        if (name === '' || now() >= endMs) continue;
        const given = Buffer.from(mac, 'base64url');
        const entry = apiKeys.find((key) => key.name === name && timingSafeEqual(seal(name, endMs, key.hash), given));
        if (entry === undefined || (entry.expiresAtMs !== null && now() >= entry.expiresAtMs)) continue;
        return { name, scopes: entry.scopes };
      }
      return null;
    },
  };
}

/** A browser may send several cookies of the name, of other paths or ports: any of them may be the right one. */
function valuesOf(cookies: string | undefined): string[] {
  return (cookies ?? '')
    .slice(0, 8_192)
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(`${COOKIE}=`))
    .map((cookie) => cookie.slice(COOKIE.length + 1));
}
