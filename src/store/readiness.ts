import { shareAnswers } from './shared-answers';

/** Something that is missing on Temporal's side, and what was expected. */
export interface Lack {
  readonly field: string;
  readonly expected: string;
}

/** What keeps this process from serving: empty when nothing does, null when Temporal does not answer. */
export type Readiness = () => Promise<readonly Lack[] | null>;

const KEEP_MS = 5_000;

/** Remembers an answer, no answer too, for some seconds, and asks once for all who wait: probes do not burden the server. */
export function createReadiness(check: () => Promise<readonly Lack[]>, now: () => number = Date.now): Readiness {
  const share = shareAnswers<readonly Lack[] | null>({ keepMs: KEEP_MS, now });
  return () => share('', () => check().catch(() => null));
}
