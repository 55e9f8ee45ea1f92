import { Connection, isRetryableError, makeGrpcRetryInterceptor } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { isLoopback } from '../net/addresses';

export interface TemporalAddress {
  readonly connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'] & {
    readonly address: string;
  };
  readonly namespace: string;
  /** True when the server is on this very machine, where a development server is expected. */
  readonly isLoopback: boolean;
}

/** Where Temporal is, from its own `TEMPORAL_*` variables and configuration file. */
export function readTemporalAddress(): TemporalAddress {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const address = connectionOptions.address ?? 'localhost:7233';
  const host = address.replace(/:\d+$/, '');
  return {
    connectionOptions: { ...connectionOptions, address },
    namespace: namespace ?? 'default',
    isLoopback: isLoopback(host),
  };
}

export interface Patience {
  /** Called once, when the first try fails. */
  readonly onWait: () => void;
  readonly signal: AbortSignal;
}

/** Tries once a second until it works: a process that starts before its server is early, not broken. Null when it was stopped. */
export async function tryPatiently<T>(attempt: () => Promise<T>, { onWait, signal }: Patience): Promise<T | null> {
  for (let tries = 0; !signal.aborted; tries += 1) {
    try {
      return await attempt();
    } catch {
      if (tries === 0) onWait();
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
  return null;
}

const RETRY_TRIES = 20;
const LONGEST_RETRY_PAUSE_MS = 400;
const LONGEST_RECONNECT_PAUSE_MS = 1_000;

/**
 * The API's connection. Not the worker's native one: that retries past every deadline and cannot be stopped, so a payout whose
 * POST was answered 503 could still start. Here a deadline ends everything; retries within it are short. Connects when first used.
 */
export function openClientConnection({ connectionOptions }: TemporalAddress): Connection {
  return Connection.lazy({
    ...connectionOptions,
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': LONGEST_RECONNECT_PAUSE_MS,
    },
    interceptors: [
      makeGrpcRetryInterceptor({
        delayFunction: (attempt) => Math.min(LONGEST_RETRY_PAUSE_MS, 25 * 2 ** attempt),
        retryableDecider: (attempt, status) => attempt < RETRY_TRIES && isRetryableError(status),
      }),
    ],
  });
}
