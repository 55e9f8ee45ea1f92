import { LruMap } from 'toad-cache';
import { BOUNDS } from '../../config/bounds';

/** The ids this process has recently seen or touched a payout of. Only a hint: what it does not know may still exist. */
export interface RecentIds {
  has(id: string): boolean;
  add(id: string): void;
}

export interface RecentIdsOptions {
  /** How many, at most; beyond it the least recently used one is dropped. */
  readonly size?: number;
  /** How long each is remembered; without it, until others replace it. */
  readonly windowMs?: number;
  readonly now?: () => number;
}

/**
 * A start that Temporal refuses is written to its database all the same, so a storm of repeats would make it grow: an id that is known
 * here is read first. And what was signalled a moment ago may not be in the history yet.
 */
export function createRecentIds(options: RecentIdsOptions = {}): RecentIds {
  const { size = BOUNDS.recentIds.most, windowMs = Number.POSITIVE_INFINITY, now = Date.now } = options;
  const addedAtMs = new LruMap<number>(size);
  return {
    has: (id) => now() - (addedAtMs.get(id) ?? Number.NEGATIVE_INFINITY) < windowMs,
    add: (id) => addedAtMs.set(id, now()),
  };
}
