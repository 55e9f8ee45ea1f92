const REMEMBERED = 10_000;

/** The ids this process has lately seen or touched a payout of. Only a hint: what it does not know may exist all the same. */
export interface RecentIds {
  has(id: string): boolean;
  add(id: string): void;
}

export interface RecentIdsOptions {
  /** How many, at most; beyond it the oldest goes. */
  readonly size?: number;
  /** How long each is remembered; for ever unless told otherwise. */
  readonly windowMs?: number;
  readonly now?: () => number;
}

/**
 * A start that Temporal refuses is written to its database nevertheless, so a storm of repeats would make it grow: whoever is known
 * here is read first. And what was signalled a moment ago may not stand in the history yet.
 */
export function createRecentIds(options: RecentIdsOptions = {}): RecentIds {
  const { size = REMEMBERED, windowMs = Number.POSITIVE_INFINITY, now = Date.now } = options;
  const added = new Map<string, number>();
  return {
    has(id) {
      const atMs = added.get(id);
      return atMs !== undefined && now() - atMs < windowMs;
    },
    add(id) {
      added.delete(id);
      added.set(id, now());
      const oldest = added.keys().next().value;
      if (added.size > size && oldest !== undefined) added.delete(oldest);
    },
  };
}
