/** How many calls may be under way at once, for each key: what hangs under one key holds no more than its share. */
export interface ConcurrencyLimit {
  /** Runs the call when a slot of the key is free; null when there is none. */
  tryRun<T>(key: string, call: () => Promise<T>): Promise<T | null>;
}

/** At most `each` calls for one key, and `inAll` for all of them together, default as many as the keys have. */
export interface ConcurrencyLimits {
  readonly each: number | ((key: string) => number);
  readonly inAll?: number;
}

export function createConcurrencyLimit({
  each,
  inAll = Number.POSITIVE_INFINITY,
}: ConcurrencyLimits): ConcurrencyLimit {
  const taken = new Map<string, number>();
  let takenInAll = 0;
  const most = typeof each === 'number' ? () => each : each;
  const take = (key: string, calls: 1 | -1) => {
    taken.set(key, (taken.get(key) ?? 0) + calls);
    takenInAll += calls;
  };
  return {
    async tryRun(key, call) {
      if ((taken.get(key) ?? 0) >= most(key) || takenInAll >= inAll) return null;
      take(key, 1);
      try {
        return await call();
      } finally {
        take(key, -1);
      }
    },
  };
}

/** Calls of which at most `each` for one key are under way at once; the others wait for their turn, first come first served. */
export interface QueuedLimit {
  /** Runs the call in its turn; null, without a call, when there is none within `maxWaitMs`. */
  run<T>(key: string, maxWaitMs: number, call: () => Promise<T>): Promise<T | null>;
}

export function createQueuedLimit(each: number): QueuedLimit {
  const taken = new Map<string, number>();
  const queues = new Map<string, Set<() => void>>();

  async function takeTurn(key: string, maxWaitMs: number): Promise<boolean> {
    const count = taken.get(key) ?? 0;
    if (count < each) {
      taken.set(key, count + 1);
      return true;
    }
    const queue = queues.get(key) ?? new Set();
    queues.set(key, queue);
    return await new Promise((resolve) => {
      const answer = (isTurn: boolean) => {
        clearTimeout(timer);
        queue.delete(onTurn);
        resolve(isTurn);
      };
      const onTurn = () => answer(true);
      const timer = setTimeout(() => answer(false), maxWaitMs);
      queue.add(onTurn);
    });
  }

  return {
    async run(key, maxWaitMs, call) {
      if (!(await takeTurn(key, maxWaitMs))) return null;
      try {
        return await call();
      } finally {
        const [next] = queues.get(key) ?? [];
        // A turn passes to the next one waiting.
        if (next) next();
        else taken.set(key, (taken.get(key) ?? 1) - 1);
      }
    },
  };
}
