import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { type ApiKey, approversFor, checkKeyEndpoints, listTenants, readApiKeys } from './api-keys';
import type { Config } from './config';
import { createPlaceNames } from './json-places';
import { warnOfExpiry } from './key-expiry';

/** The keys of callers, as they are now. */
export interface KeyRing {
  readonly keys: () => readonly ApiKey[];
  /** True while the file cannot be used, and the previous keys stay. */
  readonly isStale: () => boolean;
  close(): void;
}

/** A removed key is refused after this long. */
const LOOK_EVERY_MS = 2_000;
const STALE = 'API_KEYS_FILE: cannot be used as it is now; the keys of before stay, and the log says why';
/** Far more than any list of callers has. */
const MOST_BYTES = 4 * 1_024 * 1_024;

/**
 * Follows the file of keys, so that a key is added or revoked without a restart. A file that cannot be used changes nothing: the previous
 * keys stay, and the log says what is wrong, once. It is read again and again: watching is not reliable where files are mounted.
 * @param file null when the keys are no file's: they stay as they are
 */
export function followKeys(options: {
  readonly file: string | null;
  readonly keys: readonly ApiKey[];
  /** Names of the configured ones. */
  readonly endpoints: readonly string[];
  readonly log: Pick<Logger, 'info' | 'error'>;
  readonly read?: (file: string) => Promise<string>;
  readonly everyMs?: number;
}): KeyRing & { readonly look: () => Promise<void> } {
  const { file, endpoints, log, read = readText, everyMs = LOOK_EVERY_MS } = options;
  let { keys } = options;
  let seen: string | null = null;
  let problems: readonly string[] = [];

  async function look(): Promise<void> {
    if (file === null) return;
    const text = await read(file).catch(() => '');
    if (text === seen) return;
    const isFirst = seen === null;
    seen = text;
    const found = text === '' ? { keys: [], problems: ['expected a readable file'] } : readApiKeys(text);
    problems = [...found.problems, ...checkKeyEndpoints(found.keys, endpoints, createPlaceNames(text))];
    if (problems.length > 0) log.error({ problems }, 'API_KEYS_FILE cannot be used: the keys of before stay');
    else {
      keys = found.keys;
      if (!isFirst) log.info({ entries: keys.length }, 'API_KEYS_FILE was read again');
    }
  }

  const timer = file === null ? undefined : setInterval(() => void look(), everyMs).unref();
  return { keys: () => keys, isStale: () => problems.length > 0, look, close: () => clearInterval(timer) };
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file);
  if (bytes.length > MOST_BYTES) throw new RangeError('expected a smaller file');
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trimEnd();
}

/** The keys of a process, kept up to date, with warnings before they expire. */
export function openKeys({ access, endpoints }: Pick<Config, 'access' | 'endpoints'>, log: Logger) {
  const names = endpoints.map(({ name }) => name);
  const ring = followKeys({ file: access.keysFile, keys: access.apiKeys, endpoints: names, log });
  const expiry = warnOfExpiry({ keys: ring.keys, log, now: Date.now });
  return {
    keys: ring.keys,
    isStale: ring.isStale,
    /** Tenants that they name. */
    tenants: () => listTenants(ring.keys()),
    approversFor: (tenant: string) => approversFor(ring.keys(), { tenant, nowMs: Date.now() }),
    /** For everyone: what exactly is wrong is in the log. */
    listWarnings: () => (ring.isStale() ? [STALE] : []),
    close() {
      ring.close();
      expiry.close();
    },
  };
}
