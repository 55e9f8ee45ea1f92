import { addTo, type Counts, sumOf } from '../counts';

export type Findings = ReturnType<typeof createFindings>;

/** What a run counted, and every promise it saw broken. */
export function createFindings() {
  const counts = new Map<string, number>();
  const violations: string[] = [];
  return {
    counts: counts as Counts,
    violations: violations as readonly string[],
    count: (what: string, by = 1) => addTo(counts, what, by),
    /** Our own words about what went wrong; a case is named by how it was made, so that the seed plays it again. */
    violate: (what: string) => void violations.push(what),
  };
}

const SHOWN_VIOLATIONS = 20;

/** The figures as lines to print, violations last. */
export function renderFindings(title: string, { counts, violations }: Findings): string[] {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `${title}: ${sumOf(counts.values())} cases, ${violations.length} violations`,
    ...rows.map(([what, count]) => `  ${what.padEnd(44)} ${count}`),
    ...violations.slice(0, SHOWN_VIOLATIONS).map((violation) => `  VIOLATION ${violation}`),
  ];
}
