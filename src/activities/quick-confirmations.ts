import { GatewayError } from '../gateway/errors';
import { callResultOfError, createSendingGate } from './breaker';
import { type ConcurrencyLimits, createConcurrencyLimit } from './concurrency-limit';

/** Confirmations within a workflow task: each holds the task while it asks. */
export interface QuickConfirmations {
  /** Null when there is no slot, when the endpoint has left such questions unanswered, and when it leaves this one. */
  tryRun<T>(endpoint: string, ask: () => Promise<T>): Promise<T | null>;
}

/**
 * In slots of their own, and not where they keep going unanswered: a gate like that of the sends lets one through now and then.
 */
export function createQuickConfirmations(limits: ConcurrencyLimits, now: () => number): QuickConfirmations {
  const limit = createConcurrencyLimit(limits);
  const gate = createSendingGate({ now });
  return {
    tryRun: async (endpoint, ask) =>
      await limit.tryRun(endpoint, async () => {
        if (!gate.admits(endpoint)) return null;
        try {
          const answer = await ask();
          gate.record(endpoint, 'answered');
          return answer;
        } catch (error) {
          gate.record(endpoint, callResultOfError(error));
          return orNothing(error);
        }
      }),
  };
}

/** Without limits. */
export const ALL_QUICK: QuickConfirmations = { tryRun: async (_, ask) => await ask().catch(orNothing) };

function orNothing(error: unknown): null {
  if (error instanceof GatewayError) return null;
  throw error;
}
