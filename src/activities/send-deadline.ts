import type { Info } from '@temporalio/activity';

/** When the server recorded the start of this attempt (epoch milliseconds); null when it no longer waits for it. */
export type FindStart = (info: Info) => Promise<number | null>;

/** A send stops this long before the server gives the attempt up: bytes on their way must not outlive our knowledge of them. */
const MARGIN_PART = 0.05;
/** A task that is taken up this long after it was scheduled was queued, or its worker was frozen: only the server knows which. */
const PROMPT_MS = 3_000;

/**
 * The last moment (epoch milliseconds) at which this attempt may write the creating request; null when it already may not. The
 * server gives the attempt up `startToClose` after it recorded its start, and the workflow goes on without it: a worker that was
 * frozen in between must not send late. A prompt start is proof enough; otherwise the server is asked.
 */
export async function sendDeadline(
  info: Info,
  { findStart, now }: { findStart: FindStart; now: () => number },
): Promise<number | null> {
  const enteredMs = now();
  const isPrompt = Math.abs(enteredMs - info.currentAttemptScheduledTimestampMs) < PROMPT_MS;
  const startedMs = isPrompt ? info.currentAttemptScheduledTimestampMs : await findStart(info);
  if (startedMs === null) return null;
  const deadlineMs = startedMs + info.startToCloseTimeoutMs * (1 - MARGIN_PART);
  return deadlineMs > now() ? deadlineMs : null;
}
