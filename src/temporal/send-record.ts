import type { Info } from '@temporalio/activity';
import type { DataConverter } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import type { RecordSend } from '../activities/send-record';
import { createEncoder } from './data-converter';

/** That it is there is what is read; what it says is for who looks at the open call. */
const WORDS = 'about to send';

/**
 * The record is the attempt's heartbeat, made by a call of our own whose answer is waited for: the SDK's `heartbeat` is sent at some
 * later time, and never says whether it arrived. The server keeps it with the open call, adds no event for it, tells it in the
 * failure when it gives the attempt up, and refuses it afterwards.
 */
export function createRecordSend(
  { workflowService }: Pick<NativeConnection, 'workflowService'>,
  { namespace, dataConverter }: { readonly namespace: string; readonly dataConverter: DataConverter },
): RecordSend {
  return async ({ taskToken, workflowExecution }: Info) => {
    if (workflowExecution === undefined) throw new Error('expected an activity of a workflow');
    const encode = createEncoder(dataConverter, { namespace, workflowId: workflowExecution.workflowId });
    const details = { payloads: await encode([WORDS]) };
    await workflowService.recordActivityTaskHeartbeat({ namespace, taskToken, details });
  };
}
