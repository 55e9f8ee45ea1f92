/** What a call told about its endpoint: it answered, or it did not (no connection, no answer, 5xx, 403, nothing readable). */
export type CallResult = 'answered' | 'failed';

/**
 * Whether an endpoint is sent to. `open`: nothing is sent until `untilMs`. `trying`: one send was let through and the others wait for
 * it, but only until `untilMs`: one that never reports must not keep the endpoint paused. Epoch milliseconds.
 */
export type Breaker =
  | { readonly position: 'closed'; readonly failuresInRow: number }
  | { readonly position: 'open' | 'trying'; readonly untilMs: number; readonly pauseMs: number };

export const CLOSED: Breaker = { position: 'closed', failuresInRow: 0 };

/** This many failures in a row, without an answer between them, pause an endpoint. */
export const FAILURES_TO_PAUSE = 5;
export const FIRST_PAUSE_MS = 5_000;
/** With the pause of a paused payout (`ENDPOINT_PAUSE_MS`), a minute: the longest wait after the endpoint answers again. */
export const LONGEST_PAUSE_MS = 30_000;

/** Asks whether one send may be made now. At the end of a pause one may, as a trial. */
export function admit(breaker: Breaker, nowMs: number): { readonly admitted: boolean; readonly breaker: Breaker } {
  if (breaker.position === 'closed') return { admitted: true, breaker };
  if (nowMs < breaker.untilMs) return { admitted: false, breaker };
  const { pauseMs } = breaker;
  return { admitted: true, breaker: { position: 'trying', untilMs: nowMs + pauseMs, pauseMs } };
}

/**
 * The breaker after a call. Any answer closes it, whoever asked. A failure counts while it is closed, and ends a trial with a pause
 * twice as long; while it is open it changes nothing, or many failing questions would keep every trial away.
 */
export function recordCall(breaker: Breaker, result: CallResult, nowMs: number): Breaker {
  if (result === 'answered') return CLOSED;
  switch (breaker.position) {
    case 'closed': {
      const failuresInRow = breaker.failuresInRow + 1;
      return failuresInRow < FAILURES_TO_PAUSE
        ? { position: 'closed', failuresInRow }
        : { position: 'open', untilMs: nowMs + FIRST_PAUSE_MS, pauseMs: FIRST_PAUSE_MS };
    }
    case 'trying': {
      const pauseMs = Math.min(LONGEST_PAUSE_MS, breaker.pauseMs * 2);
      return { position: 'open', untilMs: nowMs + pauseMs, pauseMs };
    }
    case 'open':
      return breaker;
  }
}
