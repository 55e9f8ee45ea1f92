import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_PAUSE_MS = 400;

export interface WaitOptions<T> {
  /** What is awaited, in words, for the error. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Between two questions; default short at first, then longer: who waits long need not ask often. */
  readonly intervalMs?: number;
  /** Null, undefined or false: not yet. A throw counts as not yet and is quoted when time is up. */
  readonly ask: () => Promise<T | null | undefined | false> | T | null | undefined | false;
  /** A reason to give up at once, or null. */
  readonly giveUp?: () => string | null;
}

/**
 * Asks repeatedly until there is an answer.
 *
 * @throws Error naming `what` when time is up or there is a reason to give up.
 */
export async function waitUntil<T>(options: WaitOptions<T>): Promise<T> {
  const startedAt = performance.now();
  const deadline = startedAt + options.timeoutMs;
  for (;;) {
    let lastProblem = '';
    try {
      const answer = await options.ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
    } catch (error) {
      lastProblem = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    const reason = options.giveUp?.() ?? null;
    if (reason !== null) throw new Error(`${options.what}: ${reason}`);
    if (performance.now() > deadline) {
      throw new Error(`${options.what}: not within ${Math.round(options.timeoutMs / 1000)} s${lastProblem}`);
    }
    const waitedMs = performance.now() - startedAt;
    await sleep(options.intervalMs ?? Math.min(LONGEST_PAUSE_MS, 50 + waitedMs / 10));
  }
}
