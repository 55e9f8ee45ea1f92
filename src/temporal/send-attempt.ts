import type { Info } from '@temporalio/activity';
import type { DataConverter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import { createEncoder } from './data-converter';

type Service = Pick<NativeConnection, 'workflowService'>;
interface Access {
  readonly namespace: string;
  readonly dataConverter: DataConverter;
}

/** What the server knows about the attempt that sends, and what it is asked to record. */
export function createSendAttempt(service: Service, access: Access) {
  return { findStart: createFindStart(service, access), recordSend: createRecordSend(service, access) };
}

/**
 * Asks the server when it recorded the start of an attempt; null when it no longer waits for that attempt. Asks for the description as
 * it is: nothing sealed in it has to be opened for this.
 */
export function createFindStart(
  { workflowService }: Service,
  { namespace }: Pick<Access, 'namespace'>,
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

/** That it is there is what is read; what it says is for who looks at the open call. */
const WORDS = 'about to send';

/**
 * The record is the attempt's heartbeat, made by a call of our own whose answer is waited for: the SDK's `heartbeat` is sent at some
 * later time, and never says whether it arrived. The server keeps it with the open call, adds no event for it, tells it in the
 * failure when it gives the attempt up, and refuses it afterwards. Its reply says when an operator stopped the attempt.
 */
export function createRecordSend(
  { workflowService }: Service,
  { namespace, dataConverter }: Access,
): (info: Info) => Promise<void> {
  return async ({ taskToken, workflowExecution }) => {
    if (workflowExecution === undefined) throw new Error('expected an activity of a workflow');
    const encode = createEncoder(dataConverter, { namespace, workflowId: workflowExecution.workflowId });
    const details = { payloads: await encode([WORDS]) };
    const reply = await workflowService.recordActivityTaskHeartbeat({ namespace, taskToken, details });
    if (reply.cancelRequested || reply.activityPaused || reply.activityReset) throw new Error('told to stop');
  };
}
