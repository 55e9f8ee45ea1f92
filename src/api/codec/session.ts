import { randomBytes } from 'node:crypto';
import { LruMap } from 'toad-cache';
import { BOUNDS } from '../../config/bounds';
import type { Caller, CallerDirectory } from '../plugins/callers';

const COOKIE = 'payout_codec';
const HOURS = 8;
const LIFE_MS = HOURS * 3_600_000;

/** In a browser, in place of an API key: its page cannot send the key itself, and must not hold it. */
export interface CodecSessions {
  /** The `Set-Cookie` for a caller whose key, of which this is the hash, was just found right. */
  open(hash: Buffer): string;
  /** Ends the sessions of a `Cookie` header, and gives the `Set-Cookie` that makes the browser forget them. */
  close(cookies: string | undefined): string;
  /** The caller of a `Cookie` header; null for none, an ended one, or one whose key would not be accepted now. */
  identify(cookies: string | undefined, address: string): Caller | null;
}

/**
 * Sessions in the memory of this process, under random names: they end by signing out, after eight hours, with their key, and with the
 * process. Beyond the bound the least recently used one ends.
 */
export function createCodecSessions(options: {
  readonly callers: Pick<CallerDirectory, 'identifyHash'>;
  readonly isHttps: boolean;
  readonly now: () => number;
}): CodecSessions {
  const { callers, now } = options;
  const attributes = `HttpOnly; SameSite=Strict; Path=/codec${options.isHttps ? '; Secure' : ''}`;
  const open = new LruMap<{ readonly hash: Buffer; readonly endMs: number }>(BOUNDS.codecSessions.most);

  return {
    open(hash) {
      const id = randomBytes(32).toString('base64url');
      open.set(id, { hash, endMs: now() + LIFE_MS });
      return `${COOKIE}=${id}; ${attributes}; Max-Age=${HOURS * 3_600}`;
    },
    close(cookies) {
      for (const id of idsOf(cookies)) open.delete(id);
      return `${COOKIE}=; ${attributes}; Max-Age=0`;
    },
    identify(cookies, address) {
      for (const id of idsOf(cookies)) {
        const session = open.get(id);
        const found = session !== undefined && now() < session.endMs && callers.identifyHash(session.hash, address);
        if (found && 'caller' in found) return found.caller;
        if (!found) open.delete(id);
      }
      return null;
    },
  };
}

/** A browser may send several cookies of the name, of other paths or ports: any of them may be the right one. */
function idsOf(cookies: string | undefined): string[] {
  return (cookies ?? '')
    .slice(0, 8_192)
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie.startsWith(`${COOKIE}=`))
    .map((cookie) => cookie.slice(COOKIE.length + 1));
}
