/** What a run counted, and every promise it saw broken. */
export interface Findings {
  readonly counts: ReadonlyMap<string, number>;
  readonly violations: readonly string[];
  readonly count: (what: string, by?: number) => void;
  /** Our own words about what went wrong; a case is named by how it was made, so that the seed plays it again. */
  readonly violate: (what: string) => void;
  readonly total: () => number;
}

export function createFindings(): Findings {
  const counts = new Map<string, number>();
  const violations: string[] = [];
  return {
    counts,
    violations,
    count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    violate: (what) => void violations.push(what),
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
  };
}

const SHOWN_VIOLATIONS = 20;

/** The figures as lines to print, violations last. */
export function renderFindings(title: string, { counts, violations, total }: Findings): string[] {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `${title}: ${total()} cases, ${violations.length} violations`,
    ...rows.map(([what, count]) => `  ${what.padEnd(44)} ${count}`),
    ...violations.slice(0, SHOWN_VIOLATIONS).map((violation) => `  VIOLATION ${violation}`),
  ];
}
