/** One stage of a poll plan: ask every `everyMs` until `untilMs` after the start. Milliseconds. */
export interface PollStage {
  readonly everyMs: number;
  readonly untilMs: number;
}

/** Stages in rising order of `untilMs`; the first is fast polling, the end of the last one is the horizon. */
export type PollPlan = readonly [PollStage, ...PollStage[]];

/** The backoff of an unconfirmed send: the gaps one after another, then `thenEveryMs` until `untilMs` after the doubt began. */
export interface Backoff {
  readonly gapsMs: readonly number[];
  readonly thenEveryMs: number;
  readonly untilMs: number;
}

/** Every duration a payout runs by. It travels in the workflow's input: workflow code never reads configuration. Milliseconds. */
export interface PayoutPolicy {
  readonly pollPlan: PollPlan;
  readonly backoff: Backoff;
  /** How long an unreachable gateway may keep a callback's claim from being confirmed before it settles alone. */
  readonly confirmWithinMs: number;
  /** How long the one call that creates the order may take, probe included. */
  readonly submitTimeoutMs: number;
  /** How long one status request may take. */
  readonly answerTimeoutMs: number;
  /** The pause after a send that provably did not leave doubles from the first to the longest; given up after `untilMs`. */
  readonly sendAgain: { readonly firstMs: number; readonly longestMs: number; readonly untilMs: number };
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The gateway's published cadence (3-5 s for five minutes, 5-10 min to the first hour), then a safety net to its callback window. */
export const DEFAULT_POLICY: PayoutPolicy = {
  pollPlan: [
    { everyMs: 4 * SECOND, untilMs: 5 * MINUTE },
    { everyMs: 5 * MINUTE, untilMs: HOUR },
    { everyMs: HOUR, untilMs: DAY },
    { everyMs: 6 * HOUR, untilMs: 14 * DAY },
  ],
  backoff: {
    gapsMs: [5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE],
    thenEveryMs: HOUR,
    untilMs: DAY,
  },
  confirmWithinMs: MINUTE,
  submitTimeoutMs: 45 * SECOND,
  answerTimeoutMs: 20 * SECOND,
  sendAgain: { firstMs: SECOND, longestMs: 5 * MINUTE, untilMs: DAY },
};

/**
 * The pause before a payout whose endpoint is paused is tried again. Flat: with the longest pause of an endpoint it bounds, at a
 * minute, how long a payout waits after its endpoint answers again.
 */
export const ENDPOINT_PAUSE_MS = 30 * SECOND;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** Reads `250ms`, `4s`, `5m`, `6h` or `14d` as milliseconds. @throws RangeError */
export function parseDuration(text: string): number {
  const match = /^([1-9][0-9]{0,8})(ms|s|m|h|d)$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined)
    throw new RangeError('expected a duration such as "4s", "5m", "6h" or "14d"');
  return Number(match[1]) * unit;
}

/** How long after the start the plan gives up. */
export function horizonOf(plan: PollPlan): number {
  return Math.max(...plan.map((stage) => stage.untilMs));
}

/** The pause between two questions at a time of the plan; the last stage's beyond its end. */
export function intervalAt(plan: PollPlan, elapsedMs: number): number {
  const stage = plan.find((candidate) => elapsedMs < candidate.untilMs);
  return (stage ?? plan[plan.length - 1] ?? plan[0]).everyMs;
}

/** A pause spread evenly from 75 % to 125 % (4 s becomes 3 to 5 s); `unit` is a number from 0 (inclusive) to 1 (exclusive). */
export function jitter(delayMs: number, unit: number): number {
  return Math.round(delayMs * (0.75 + 0.5 * unit));
}

/** When to ask next after the last question of a doubt, both counted from its beginning; null when the backoff is at its end. */
export function nextBackoff(backoff: Backoff, askedElapsedMs: number): number | null {
  let dueMs = 0;
  for (const gapMs of backoff.gapsMs) {
    dueMs += gapMs;
    if (dueMs > askedElapsedMs) return dueMs <= backoff.untilMs ? dueMs : null;
  }
  const stepsMs = Math.floor((askedElapsedMs - dueMs) / backoff.thenEveryMs + 1) * backoff.thenEveryMs;
  return dueMs + stepsMs <= backoff.untilMs ? dueMs + stepsMs : null;
}

/** The pause before the next send after `attempts` that provably did not leave. */
export function sendPause(policy: PayoutPolicy['sendAgain'], attempts: number): number {
  return Math.min(policy.longestMs, policy.firstMs * 2 ** Math.min(30, Math.max(0, attempts - 1)));
}
