import { Connection, isRetryableError, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { TemporalAddress } from './address';

const RETRY_TRIES = 20;
const LONGEST_RETRY_PAUSE_MS = 400;
const LONGEST_RECONNECT_PAUSE_MS = 1_000;

/**
 * The API's connection. Not the worker's native one: that retries past every deadline and cannot be told to stop, so a payout whose
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
