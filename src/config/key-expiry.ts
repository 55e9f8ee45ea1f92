import type { Logger } from 'pino';
import type { ApiKey } from './api-keys';

const DAY_MS = 86_400_000;
/** How long before its expiry a key is warned about. */
const WARNED_MS = 14 * DAY_MS;

/** When the first key of each caller expires, for those that do so soon: epoch ms by name. */
export function listExpiring(keys: readonly ApiKey[], nowMs: number): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { name, expiresAtMs } of keys) {
    const isSoon = expiresAtMs !== null && expiresAtMs > nowMs && expiresAtMs <= nowMs + WARNED_MS;
    if (isSoon) ends.set(name, Math.min(expiresAtMs, ends.get(name) ?? expiresAtMs));
  }
  return ends;
}

/** Warns of keys that expire soon, now and once a day. */
export function warnOfExpiry(options: {
  readonly keys: () => readonly ApiKey[];
  readonly log: Pick<Logger, 'warn'>;
  readonly now: () => number;
}): { readonly close: () => void } {
  const { keys, log, now } = options;
  const warn = () => {
    for (const [caller, endMs] of listExpiring(keys(), now()))
      log.warn({ caller, expires: new Date(endMs).toISOString().slice(0, 10) }, 'an API key expires soon');
  };
  warn();
  const timer = setInterval(warn, DAY_MS).unref();
  return { close: () => clearInterval(timer) };
}
