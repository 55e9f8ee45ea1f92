/** Counts what happened, by name. */
export interface Tally {
  add(name: string, times?: number): void;
  counts(): ReadonlyMap<string, number>;
}

/** Starts with nothing counted. */
export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add: (name, times = 1) => void counts.set(name, (counts.get(name) ?? 0) + times),
    counts: () => counts,
  };
}
