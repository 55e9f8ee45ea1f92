/** Something that is missing on Temporal's side, and what was expected. */
export interface Lack {
  readonly field: string;
  readonly expected: string;
}

/** What keeps this process from serving: empty when nothing does. @throws when Temporal does not answer */
export type Readiness = () => Promise<readonly Lack[]>;

const FRESH_MS = 5_000;

/** Remembers an answer, failures too, for some seconds, and asks once for all who wait: probes do not burden the server. */
export function createReadiness(check: Readiness, now: () => number = Date.now): Readiness {
  let last: { readonly answer: Promise<readonly Lack[]>; readonly untilMs: number } | null = null;
  return () => {
    if (last === null || now() >= last.untilMs) last = { answer: check(), untilMs: now() + FRESH_MS };
    return last.answer;
  };
}
