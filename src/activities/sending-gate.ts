import type { NotSentCause, Submission } from '../domain/order-report';
import { GatewayError } from '../gateway/errors';
import { admit, type Breaker, type CallResult, CLOSED, recordCall } from './breaker';
import { TurnTooLate } from './call-rate';

/** Keeps sends away from an endpoint that keeps failing. One worker's memory: nothing of it outlives the process or is shared. */
export interface SendingGate {
  /** Asks whether one send may be made now; a yes at the end of a pause is the one trial. */
  admits(endpoint: string): boolean;
  /** True while sends are kept away; asking changes nothing. */
  isPaused(endpoint: string): boolean;
  /** Tells what a call came to; null when it says nothing about the endpoint. */
  record(endpoint: string, result: CallResult | null): void;
}

export interface SendingGateOptions {
  readonly now: () => number;
  /** Called when sending to an endpoint pauses, and when it goes on. */
  readonly onTurn?: (endpoint: string, turn: 'paused' | 'resumed') => void;
}

/** One breaker per endpoint: an outage of one is no matter of another. */
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

/** Keeps no send away. */
export const NO_GATE: SendingGate = { admits: () => true, isPaused: () => false, record: () => undefined };

/** What a question without an answer tells about its endpoint; an answer about another order was an answer. */
export function callResultOfError(error: unknown): CallResult | null {
  if (!(error instanceof GatewayError) || error instanceof TurnTooLate) return null;
  return error.kind === 'wrong_ids' || error.kind === 'request_refused' ? null : 'failed';
}

/** The words of a doubtful send after which the endpoint, and not this one order, is to be doubted. */
const FAILED_SENDS = ['timeout', 'connection_lost', 'server_error', 'throttled', 'redirected', 'unreadable'];

/** The causes that are no matter of the endpoint. */
const UNCALLED: readonly NotSentCause[] = ['past_deadline', 'endpoint_paused', 'not_recorded'];

/** What the creating call tells about its endpoint. A refusal is an answer; a send of ours that came too late is nothing. */
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
