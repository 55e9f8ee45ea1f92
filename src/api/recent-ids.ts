const REMEMBERED = 10_000;

/** The ids this process has lately seen a payout of. Only a hint: what it does not know may exist all the same. */
export interface RecentIds {
  has(id: string): boolean;
  add(id: string): void;
}

/**
 * A start that Temporal refuses is written to its database nevertheless, so a storm of repeats would make it grow. Whoever is known
 * here is read first.
 */
export function createRecentIds(size = REMEMBERED): RecentIds {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.delete(id);
      ids.add(id);
      const oldest = ids.values().next().value;
      if (ids.size > size && oldest !== undefined) ids.delete(oldest);
    },
  };
}
