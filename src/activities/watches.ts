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
  /** Runs one attempt of a watch; `signal` tells it that it must end. */
  run<T>(context: AttemptContext, endpoint: string, attempt: Attempt<T>): Promise<T>;
  /** The payout of this workflow is final by a confirmation just made: its watch, if it is here, is quiet from now on. */
  quiet(workflowId: string): void;
}

type Attempt<T> = (pause: Pause, signal: AbortSignal) => Promise<T>;
type AttemptContext = Pick<Context, 'cancellationSignal'> & {
  readonly info: { readonly workflowExecution?: { readonly workflowId: string } };
};

export interface WatchesOptions {
  /** How many watches of an endpoint may pause here at once; what is beyond it ends its attempt instead. */
  readonly mostOf: (endpoint: string) => number;
  /** Ends all pauses and questions: the worker stops. */
  readonly stopping: AbortSignal;
  /** Epoch ms, default the system's clock. */
  readonly now?: () => number;
}

/** Pauses in this process: a status request then costs neither an attempt nor a write on the server. */
export function createWatches({ mostOf, stopping, now = Date.now }: WatchesOptions): Watches {
  // After a lost heartbeat two attempts of one watch may be here for a moment.
  const running = new Set<{ readonly workflowId: string; readonly end: () => void; quietUntilMs: number }>();
  const limit = createConcurrencyLimit({ each: mostOf });
  stopping.addEventListener('abort', () => {
    for (const { end } of running) end();
  });
  return {
    async run({ cancellationSignal, info }, endpoint, attempt) {
      const ending = new AbortController();
      const { signal } = ending;
      const end = () => ending.abort();
      const watch = { workflowId: info.workflowExecution?.workflowId ?? '', end, quietUntilMs: 0 };
      running.add(watch);
      cancellationSignal.addEventListener('abort', end);
      if (stopping.aborted || cancellationSignal.aborted) end();
      try {
        return await attempt(async (forMs) => {
          if (forMs > LONGEST_PAUSE_MS || signal.aborted) return false;
          const paused = limit.tryRun(endpoint, async () => {
            await sleep(forMs, undefined, { signal });
            await sleep(Math.max(0, watch.quietUntilMs - now()), undefined, { signal });
            return true;
          });
          return (await paused.catch(() => false)) ?? false;
        }, signal);
      } finally {
        running.delete(watch);
        cancellationSignal.removeEventListener('abort', end);
      }
    },
    quiet(workflowId) {
      for (const watch of running) if (watch.workflowId === workflowId) watch.quietUntilMs = now() + QUIET_MS;
    },
  };
}

/** Every pause is left to the server. */
export const NO_WATCHES: Watches = {
  run: async ({ cancellationSignal }, _endpoint, attempt) => await attempt(async () => false, cancellationSignal),
  quiet: () => {},
};
