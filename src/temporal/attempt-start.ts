import type { Info } from '@temporalio/activity';
import type { NativeConnection } from '@temporalio/worker';

/**
 * Asks the server when it recorded the start of an attempt; null when it no longer waits for that attempt. Asks for the description as
 * it is: nothing sealed in it has to be opened for this.
 */
export function createFindStart(
  { workflowService }: NativeConnection,
  namespace: string,
): (info: Info) => Promise<number | null> {
  return async (info) => {
    if (info.workflowExecution === undefined) return null;
    const { workflowId, runId } = info.workflowExecution;
    const described = await workflowService.describeWorkflowExecution({ namespace, execution: { workflowId, runId } });
    const pending = described.pendingActivities?.find(({ activityId }) => activityId === info.activityId);
    if (pending?.attempt !== info.attempt || !pending.lastStartedTime?.seconds) return null;
    return Number(pending.lastStartedTime.seconds) * 1_000 + Math.floor((pending.lastStartedTime.nanos ?? 0) / 1e6);
  };
}
