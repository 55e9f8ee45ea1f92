import type { Info } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';

/** Asks the server when it recorded the start of an attempt; null when it no longer waits for that attempt. */
export function createFindStart(
  connection: NativeConnection,
  namespace: string,
): (info: Info) => Promise<number | null> {
  const client = new Client({ connection, namespace });
  return async (info) => {
    if (info.workflowExecution === undefined) return null;
    const { workflowId, runId } = info.workflowExecution;
    const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
    const pending = raw.pendingActivities?.find(({ activityId }) => activityId === info.activityId);
    if (pending?.attempt !== info.attempt || !pending.lastStartedTime?.seconds) return null;
    return Number(pending.lastStartedTime.seconds) * 1_000 + Math.floor((pending.lastStartedTime.nanos ?? 0) / 1e6);
  };
}
