import type { DataConverter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import { createLimitLedger } from './limit-ledger';
import { createOutbox } from './outbox';
import { createSendAttempt } from './send-attempt';

/** What activities record in Temporal itself, or read there. With the worker's own data converter. */
export function createRecords(
  connection: NativeConnection,
  at: { readonly namespace: string; readonly dataConverter: DataConverter },
) {
  return {
    sends: createSendAttempt(connection, at),
    outbox: createOutbox(connection, at),
    ledger: createLimitLedger(connection, at),
  };
}
