import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@temporalio/activity';
import { createConcurrencyLimit } from './concurrency-limit';

/** Longer pauses are left to the server's retry timer: they would cost more heartbeats than they save attempts. */
const LONGEST_PAUSE_MS = 15_000;
/** How long a watch pauses after its payout was confirmed as final, so that the gateway is not asked while the workflow completes. */
const QUIET_MS = 30_000;

/** Waits between two questions within one attempt. False when the attempt must end and leave the rest to the server's retry timer. */
export type Pause = (forMs: number) => Promise<boolean>;

/** The watches of this process. */
export interface Watches {
  /** Runs one attempt of a watch. */
  run<T>(context: AttemptContext, endpoint: string, attempt: (pause: Pause) => Promise<T>): Promise<T>;
  /** The payout of this workflow is final by a confirmation just made: its watch, if it is here, is quiet from now on. */
  quiet(workflowId: string): void;
}

type AttemptContext = Pick<Context, 'cancellationSignal'> & {
  readonly info: { readonly workflowExecution?: { readonly workflowId: string } };
};

export interface WatchesOptions {
  /** How many watches of an endpoint may pause here at once; what is beyond it ends its attempt instead. */
  readonly mostOf: (endpoint: string) => number;
  /** Ends all pauses: the worker stops. */
  readonly stopping: AbortSignal;
  /** Epoch ms, default the system's clock. */
  readonly now?: () => number;
}

/** Pauses in this process: a status request then costs neither an attempt nor a write on the server. */
export function createWatches({ mostOf, stopping, now = Date.now }: WatchesOptions): Watches {
  const quietUntilMs = new Map<string, number>();
  const limit = createConcurrencyLimit({ each: mostOf });
  return {
    async run({ cancellationSignal, info }, endpoint, attempt) {
      const workflowId = info.workflowExecution?.workflowId ?? '';
      const ending = new AbortController();
      const end = () => ending.abort();
      const { signal } = ending;
      for (const cause of [cancellationSignal, stopping]) cause.addEventListener('abort', end);
      quietUntilMs.set(workflowId, 0);
      try {
        return await attempt(async (forMs) => {
          if (forMs > LONGEST_PAUSE_MS || stopping.aborted || cancellationSignal.aborted) return false;
          const paused = limit.tryRun(endpoint, async () => {
            await sleep(forMs, undefined, { signal });
            await sleep(Math.max(0, (quietUntilMs.get(workflowId) ?? 0) - now()), undefined, { signal });
            return true;
          });
          return (await paused.catch(() => false)) ?? false;
        });
      } finally {
        quietUntilMs.delete(workflowId);
        for (const cause of [cancellationSignal, stopping]) cause.removeEventListener('abort', end);
      }
    },
    quiet(workflowId) {
      if (quietUntilMs.has(workflowId)) quietUntilMs.set(workflowId, now() + QUIET_MS);
    },
  };
}

/** Every pause is left to the server. */
export const NO_WATCHES: Watches = { run: async (_, __, attempt) => await attempt(async () => false), quiet: () => {} };
