import { hostname } from 'node:os';
import { readTemporalAddress } from '../src/temporal/address';
import { openClientConnection } from '../src/temporal/client-connection';
import { describeNamespaceProblems, findNamespaceProblems } from '../src/temporal/namespace';
import { describeError } from './project';

const TASK_QUEUE = 'payouts';
const WORKFLOW_QUEUE_TYPE = 1;

/** Whether Temporal has what payouts need and a worker of this host takes its tasks: the health check of a container without a port. */
async function isWorkerReady(): Promise<boolean> {
  const address = readTemporalAddress();
  const { namespace } = address;
  const connection = openClientConnection(address);
  try {
    const problems = await findNamespaceProblems(connection, address);
    if (problems.length > 0) throw new Error(describeNamespaceProblems(problems));
    const request = { namespace, taskQueue: { name: TASK_QUEUE }, taskQueueType: WORKFLOW_QUEUE_TYPE };
    const describe = () => connection.workflowService.describeTaskQueue(request);
    const answer = await connection.withDeadline(Date.now() + 3_000, describe);
    return (answer.pollers ?? []).some(({ identity }) => identity?.endsWith(`@${hostname()}`));
  } finally {
    await connection.close();
  }
}

isWorkerReady().then(
  (ready) => {
    process.exitCode = ready ? 0 : 1;
  },
  (error: unknown) => {
    console.error(describeError(error));
    process.exitCode = 1;
  },
);
