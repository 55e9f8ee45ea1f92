import type { NotSentCause, Submission } from '../domain/order-report';
import { GatewayError } from '../gateway/errors';
import { TurnTooLate } from './call-rate';

/** What a call says about its endpoint: it answered, or it did not (no connection, no answer, 5xx, 403, nothing readable). */
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
 * The breaker after a call. Any answer closes it, to any kind of call. A failure counts while it is closed, and ends a trial with a pause
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

/** Keeps sends away from an endpoint that keeps failing. One worker's memory: nothing of it outlives the process or is shared. */
export interface SendingGate {
  /** Asks whether one send may be made now; true at the end of a pause lets the one trial through. */
  admits(endpoint: string): boolean;
  /** True while sends are kept away; asking changes nothing. */
  isPaused(endpoint: string): boolean;
  /** Records how a call ended; null when that says nothing about the endpoint. */
  record(endpoint: string, result: CallResult | null): void;
}

export interface SendingGateOptions {
  readonly now: () => number;
  /** Called when sending to an endpoint pauses, and when it continues. */
  readonly onTurn?: (endpoint: string, turn: 'paused' | 'resumed') => void;
}

/** One breaker per endpoint: an outage of one does not pause another. */
export function createSendingGate({ now, onTurn = () => undefined }: SendingGateOptions): SendingGate {
  const breakers = new Map<string, Breaker>();
  const breakerOf = (endpoint: string) => breakers.get(endpoint) ?? CLOSED;
  return {
    admits(endpoint) {
      const { admitted, breaker } = admit(breakerOf(endpoint), now());
      breakers.set(endpoint, breaker);
      return admitted;
    },
    isPaused: (endpoint) => breakerOf(endpoint).position !== 'closed',
    record(endpoint, result) {
      if (result === null) return;
      const before = breakerOf(endpoint);
      const after = recordCall(before, result, now());
      breakers.set(endpoint, after);
      if (before.position === 'closed' && after.position === 'open') onTurn(endpoint, 'paused');
      if (before.position !== 'closed' && after.position === 'closed') onTurn(endpoint, 'resumed');
    },
  };
}

/** Lets every send through. */
export const NO_GATE: SendingGate = { admits: () => true, isPaused: () => false, record: () => undefined };

/** What a question without an answer says about its endpoint; an answer about another order was an answer. */
export function callResultOfError(error: unknown): CallResult | null {
  if (!(error instanceof GatewayError) || error instanceof TurnTooLate) return null;
  return error.kind === 'wrong_ids' || error.kind === 'request_refused' ? null : 'failed';
}

/** The words of a doubtful send after which the endpoint, and not this one order, is to be doubted. */
const FAILED_SENDS = ['timeout', 'connection_lost', 'server_error', 'throttled', 'redirected', 'unreadable'];

/** Causes that say nothing about the endpoint. */
const UNCALLED: readonly NotSentCause[] = ['past_deadline', 'endpoint_paused', 'not_recorded'];

/** What the creating call says about its endpoint. A refusal is an answer; our own late send is nothing. */
export function callResultOfSubmission(submission: Submission): CallResult | null {
  switch (submission.outcome) {
    case 'accepted':
    case 'adopted':
    case 'refused':
      return 'answered';
    case 'not_sent':
      return UNCALLED.includes(submission.cause) ? null : 'failed';
    case 'unconfirmed':
      return FAILED_SENDS.includes(submission.cause) ? 'failed' : null;
  }
}
