import path from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { gatewayTaskQueue, PAYOUTS_TASK_QUEUE } from '../workflows/messages';
import { NOTIFICATIONS_TASK_QUEUE } from '../workflows/notification-messages';

/** Made by the build: nothing is bundled at run time. */
export const WORKFLOW_BUNDLE_PATH = path.join(__dirname, '..', '..', 'workflow-bundle.js');

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** `ratePerSecond`: most calls of one endpoint's queue a second, over all workers. */
  readonly endpoints: readonly { readonly name: string; readonly ratePerSecond?: number | null }[];
  readonly activities: object;
  readonly dataConverter: DataConverter;
  readonly bundlePath?: string;
}

/** Time for calls in hand to end by themselves, and then at the latest. */
const SHUTDOWN = { shutdownGraceTime: '10s', shutdownForceTime: '13s' } as const;

/** Requests to subscribers at once: most of their time is waiting for somebody else. */
const MOST_NOTIFICATIONS_AT_ONCE = 100;

/** One worker for payouts, which also confirms callbacks, one for each endpoint's calls, and one for what subscribers are told. */
export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, endpoints, activities, dataConverter, bundlePath = WORKFLOW_BUNDLE_PATH } = options;
  const shared = { connection, namespace, dataConverter, activities, ...SHUTDOWN };
  return await Promise.all([
    Worker.create({ ...shared, taskQueue: PAYOUTS_TASK_QUEUE, workflowBundle: { codePath: bundlePath } }),
    ...endpoints.map(({ name, ratePerSecond = null }) =>
      Worker.create({ ...shared, taskQueue: gatewayTaskQueue(name), ...limitsOf(ratePerSecond) }),
    ),
    Worker.create({
      ...{ ...shared, taskQueue: NOTIFICATIONS_TASK_QUEUE, workflowBundle: { codePath: bundlePath } },
      maxConcurrentActivityTaskExecutions: MOST_NOTIFICATIONS_AT_ONCE,
    }),
  ]);
}

/** A call waits for its turn in the worker for at most about this long: as many are taken up as get their turn within it. */
const TURN_SECONDS = 4;
const MOST_CALLS_AT_ONCE = 100;

/**
 * The queue's limit counts activities, each of which makes none, one or two calls; the turns of the worker's own `CallRate` count
 * calls. Without a limit to those taken up, activities would wait for their turns beyond their own deadlines.
 */
function limitsOf(ratePerSecond: number | null): Partial<WorkerOptions> {
  if (ratePerSecond === null) return {};
  return {
    maxTaskQueueActivitiesPerSecond: ratePerSecond,
    maxConcurrentActivityTaskExecutions: Math.max(
      2,
      Math.min(MOST_CALLS_AT_ONCE, Math.ceil(ratePerSecond * TURN_SECONDS)),
    ),
  };
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
