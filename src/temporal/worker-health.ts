import { hostname } from 'node:os';
import { PAYOUTS_TASK_QUEUE } from '../workflows/messages';
import { openClientConnection, readTemporalAddress } from './connection';
import { describeRole, readRoutes } from './deployment';
import { describeNamespaceProblems, findNamespaceProblems } from './namespace';

const WORKFLOW_QUEUE_TYPE = 1;

/**
 * Health check of a worker's container, which has no port: Temporal has what payouts need, and a worker on this host polls it. One whose
 * version is not current is healthy, and says so: it waits to be promoted, or for its last payouts.
 */
async function isWorkerReady(): Promise<boolean> {
  const address = readTemporalAddress();
  const { namespace } = address;
  const connection = openClientConnection(address);
  try {
    const problems = await findNamespaceProblems(connection, address);
    if (problems.length > 0) throw new Error(describeNamespaceProblems(problems));
    const { WORKER_DEPLOYMENT_NAME: deploymentName, WORKER_BUILD_ID: buildId } = process.env;
    if (deploymentName && buildId) {
      const routes = await readRoutes(connection, { namespace, deploymentName });
      console.log(describeRole({ deploymentName, buildId }, routes).text);
    }
    const request = { namespace, taskQueue: { name: PAYOUTS_TASK_QUEUE }, taskQueueType: WORKFLOW_QUEUE_TYPE };
    const describe = () => connection.workflowService.describeTaskQueue(request);
    const answer = await connection.withDeadline(Date.now() + 3_000, describe);
    return (answer.pollers ?? []).some(({ identity }) => identity?.endsWith(`@${hostname()}`));
  } finally {
    await connection.close();
  }
}

isWorkerReady().then(
  (isReady) => {
    process.exitCode = isReady ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
