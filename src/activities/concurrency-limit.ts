/** How many calls may be under way at once, for each key: what hangs under one key holds no more than its share. */
export interface ConcurrencyLimit {
  /** Runs the call when a slot of the key is free; null when there is none. */
  tryRun<T>(key: string, call: () => Promise<T>): Promise<T | null>;
}

/** At most `each` calls for one key, and `inAll` for all of them together, default as many as the keys have. */
export interface ConcurrencyLimits {
  readonly each: number;
  readonly inAll?: number;
}

export function createConcurrencyLimit({
  each,
  inAll = Number.POSITIVE_INFINITY,
}: ConcurrencyLimits): ConcurrencyLimit {
  const taken = new Map<string, number>();
  let takenInAll = 0;
  const take = (key: string, calls: 1 | -1) => {
    taken.set(key, (taken.get(key) ?? 0) + calls);
    takenInAll += calls;
  };
  return {
    async tryRun(key, call) {
      if ((taken.get(key) ?? 0) >= each || takenInAll >= inAll) return null;
      take(key, 1);
      try {
        return await call();
      } finally {
        take(key, -1);
      }
    },
  };
}
