/** How many requests to one subscriber may be under way at once: one that hangs holds no more of the worker than this. */
export interface Lanes {
  /** Runs the call when the subscriber has a free lane; null when all are taken. */
  tryRun<T>(subscriber: string, call: () => Promise<T>): Promise<T | null>;
}

export function createLanes(lanesEach: number): Lanes {
  const taken = new Map<string, number>();
  return {
    async tryRun(subscriber, call) {
      const before = taken.get(subscriber) ?? 0;
      if (before >= lanesEach) return null;
      taken.set(subscriber, before + 1);
      try {
        return await call();
      } finally {
        taken.set(subscriber, (taken.get(subscriber) ?? 1) - 1);
      }
    },
  };
}
