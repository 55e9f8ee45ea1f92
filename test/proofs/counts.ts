/** How often each thing happened, by name. */
export type Counts<Name = string> = ReadonlyMap<Name, number>;

export function addTo<Name>(counts: Map<Name, number>, name: Name, times = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}

export function countBy<T, Name>(items: Iterable<T>, nameOf: (item: T) => Name): Map<Name, number> {
  const counts = new Map<Name, number>();
  for (const item of items) addTo(counts, nameOf(item));
  return counts;
}

export function sumOf(counts: Iterable<number>): number {
  return [...counts].reduce((sum, count) => sum + count, 0);
}

/** `worker 3, api 4`, as the reports print it. */
export function joinCounts(counts: Counts): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
}
