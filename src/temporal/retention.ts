import type { NativeConnection } from '@temporalio/worker';
import type { TemporalAddress } from './connection';

const DAY_SECONDS = 24 * 60 * 60;
/** The gateway repeats a callback for 14 days; a closed payout must be remembered at least that long to be recognised. */
const LEAST_DAYS = 14;

/**
 * Refuses a namespace that forgets closed payouts too soon: its retention is the memory of which ids were paid. A development
 * server on this machine may forget sooner.
 * @throws Error naming the namespace, its retention and the remedy
 */
export async function assertRetention(connection: NativeConnection, address: TemporalAddress): Promise<void> {
  if (address.isLoopback) return;
  const reply = await connection.workflowService.describeNamespace({ namespace: address.namespace });
  const days = Number(reply.config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_SECONDS;
  if (days >= LEAST_DAYS) return;
  throw new Error(
    `namespace ${address.namespace} keeps closed workflows for ${days} days; payouts need at least ${LEAST_DAYS}, better 90: ` +
      `temporal operator namespace update --retention 90d ${address.namespace}`,
  );
}
