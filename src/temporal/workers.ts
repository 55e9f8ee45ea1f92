import path from 'node:path';
import { type NativeConnection, Worker } from '@temporalio/worker';
import { gatewayTaskQueue, PAYOUTS_TASK_QUEUE } from '../workflows/messages';
import { dataConverter } from './data-converter';

/** Made by the build: nothing is bundled at run time. */
export const WORKFLOW_BUNDLE_PATH = path.join(__dirname, '..', '..', 'workflow-bundle.js');

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly endpoints: readonly { readonly name: string }[];
  readonly activities: object;
  readonly bundlePath?: string;
}

/** Time for calls in hand to end by themselves, and then at the latest. */
const SHUTDOWN = { shutdownGraceTime: '10s', shutdownForceTime: '13s' } as const;

/** One worker for payouts, which also confirms callbacks, and one for each endpoint's calls. */
export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, endpoints, activities, bundlePath = WORKFLOW_BUNDLE_PATH } = options;
  const shared = { connection, namespace, dataConverter, activities, ...SHUTDOWN };
  return await Promise.all([
    Worker.create({ ...shared, taskQueue: PAYOUTS_TASK_QUEUE, workflowBundle: { codePath: bundlePath } }),
    ...endpoints.map(({ name }) => Worker.create({ ...shared, taskQueue: gatewayTaskQueue(name) })),
  ]);
}

/** Runs them until all have stopped; one that fails stops the others. */
export async function runWorkers(workers: readonly Worker[]): Promise<void> {
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    stopWorkers(workers);
  }
}

export function stopWorkers(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}
