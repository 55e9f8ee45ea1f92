import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { describeError } from './project';

const TASK_QUEUE = 'payouts';
const WORKFLOW_QUEUE_TYPE = 1;

/** Whether a worker of this host takes tasks, as Temporal sees it: the health check of a container without a port. */
async function isWorkerPolling(): Promise<boolean> {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: 3000 });
  try {
    const taskQueue = { name: TASK_QUEUE };
    const answer = await connection.workflowService.describeTaskQueue({
      ...{ namespace, taskQueue, taskQueueType: WORKFLOW_QUEUE_TYPE },
    });
    return (answer.pollers ?? []).some(({ identity }) => identity?.endsWith(`@${hostname()}`));
  } finally {
    await connection.close();
  }
}

isWorkerPolling().then(
  (polling) => {
    process.exitCode = polling ? 0 : 1;
  },
  (error: unknown) => {
    console.error(describeError(error));
    process.exitCode = 1;
  },
);
