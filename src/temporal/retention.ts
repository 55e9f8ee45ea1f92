import type { Connection } from '@temporalio/client';
import type { TemporalAddress } from './address';

const DAY_SECONDS = 24 * 60 * 60;
/** The gateway repeats a callback for 14 days; a closed payout must be remembered at least that long to be recognised. */
const LEAST_DAYS = 14;

/**
 * What is wrong with a namespace that forgets closed payouts too soon: its retention is the memory of which ids were paid. Null when
 * nothing is; a development server on this machine may forget sooner.
 */
export async function findRetentionProblem(connection: Connection, address: TemporalAddress): Promise<string | null> {
  const { namespace, isLoopback } = address;
  const limit = Date.now() + 5_000;
  const reply = await connection.withDeadline(limit, () => connection.workflowService.describeNamespace({ namespace }));
  const days = Number(reply.config?.workflowExecutionRetentionTtl?.seconds ?? 0) / DAY_SECONDS;
  if (isLoopback || days >= LEAST_DAYS) return null;
  return (
    `namespace ${namespace} keeps closed workflows for ${days} days; payouts need at least ${LEAST_DAYS}, better 90: ` +
    `temporal operator namespace update --retention 90d ${namespace}`
  );
}
