import path from 'node:path';
import type { DataConverter, VersioningBehavior } from '@temporalio/common';
import { type NativeConnection, Worker } from '@temporalio/worker';
import type { WorkerLimits } from '../config/worker-limits';
import type { Tracing } from '../tracing/tracing';
import { BATCHES_TASK_QUEUE } from '../workflows/batch-messages';
import { gatewayTaskQueue, HOOKS_TASK_QUEUE, PAYOUTS_TASK_QUEUE } from '../workflows/messages';
import { NOTIFICATIONS_TASK_QUEUE } from '../workflows/notification-messages';
import type { WorkerVersion } from './deployment';
import { watchRole } from './role-watch';
import { BATCHES_AT_ONCE, CALL_KINDS, callSlots, deliveriesAtOnce, WORKFLOW_TASKS_AT_ONCE } from './slots';

/** Made by the build: nothing is bundled at run time. */
export const WORKFLOW_BUNDLE_PATH = path.join(__dirname, '..', 'workflow-bundle.js');

export interface WorkersOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** `ratePerSecond`: most activities of each of the endpoint's queues a second, over all workers. */
  readonly endpoints: readonly { readonly name: string; readonly ratePerSecond?: number | null }[];
  readonly subscribers: readonly unknown[];
  /** Services that are asked before a send; without one there is no worker for them. */
  readonly hooks?: readonly unknown[];
  readonly activities: object;
  readonly dataConverter: DataConverter;
  readonly bundlePath?: string;
  readonly limits: WorkerLimits;
  /** Default null: no traces. */
  readonly tracing?: Pick<Tracing, 'ofActivities'> | null;
  /** Null or absent: workers without a version. */
  readonly version?: WorkerVersion | null;
}

/** Batches are few, and each is one task. */
const FEW = { type: 'simple-maximum', maximum: 2 } as const;

/** Time for calls in hand to end by themselves, and then at the latest. */
const SHUTDOWN = { shutdownGraceTime: '10s', shutdownForceTime: '13s' } as const;

/**
 * The version of a worker that runs workflows. The behaviour belongs to the queue: a server refuses one that comes with a workflow of a
 * worker without a version. A call to a gateway is taken by every build: it never waits for one to be current.
 */
function versioned(version: WorkerVersion | null, defaultVersioningBehavior: VersioningBehavior) {
  if (version === null) return {};
  return { workerDeploymentOptions: { version, useWorkerVersioning: true as const, defaultVersioningBehavior } };
}

/** One worker for payouts, three for each endpoint's calls, by kind, one for notifications, one for what batches start, and one for hooks. */
export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, endpoints, subscribers, activities, dataConverter } = options;
  const { bundlePath = WORKFLOW_BUNDLE_PATH, limits, version = null, hooks = [] } = options;
  const { pollers } = limits;
  // Few polls wait while a queue is quiet: there are three queues an endpoint. The server says when more are needed.
  const calling = { type: 'autoscaling', minimum: 1, initial: 2, maximum: pollers } as const;
  const interceptors = options.tracing && { interceptors: { activity: [...options.tracing.ofActivities] } };
  const shared = { connection, namespace, dataConverter, activities, ...interceptors, ...SHUTDOWN };
  const deciding = { type: 'simple-maximum', maximum: pollers } as const;
  const workflows = {
    workflowBundle: { codePath: bundlePath },
    maxCachedWorkflows: limits.cachedWorkflows,
    workflowTaskPollerBehavior: deciding,
    activityTaskPollerBehavior: deciding,
  };
  if (version !== null) watchRole(connection, { namespace, version });
  return await Promise.all([
    Worker.create({
      ...{ ...shared, ...workflows, ...versioned(version, 'AUTO_UPGRADE'), taskQueue: PAYOUTS_TASK_QUEUE },
      maxConcurrentWorkflowTaskExecutions: WORKFLOW_TASKS_AT_ONCE,
    }),
    ...endpoints.flatMap(({ name, ratePerSecond = null }) =>
      CALL_KINDS.map((kind) =>
        Worker.create({
          ...{ ...shared, taskQueue: gatewayTaskQueue(name, kind), activityTaskPollerBehavior: calling },
          // The queue's limit counts activities, each of which makes none, one or more calls; the worker's own `CallRate` counts calls.
          ...(ratePerSecond === null ? {} : { maxTaskQueueActivitiesPerSecond: ratePerSecond }),
          maxConcurrentActivityTaskExecutions: callSlots(kind, ratePerSecond, limits),
        }),
      ),
    ),
    Worker.create({
      ...{ ...shared, ...workflows, ...versioned(version, 'PINNED'), taskQueue: NOTIFICATIONS_TASK_QUEUE },
      maxConcurrentActivityTaskExecutions: deliveriesAtOnce(subscribers.length),
    }),
    ...(hooks.length === 0
      ? []
      : [
          Worker.create({
            ...{ ...shared, taskQueue: HOOKS_TASK_QUEUE, activityTaskPollerBehavior: calling },
            maxConcurrentActivityTaskExecutions: deliveriesAtOnce(hooks.length),
          }),
        ]),
    Worker.create({
      ...{ ...shared, taskQueue: BATCHES_TASK_QUEUE, activityTaskPollerBehavior: FEW },
      maxConcurrentActivityTaskExecutions: BATCHES_AT_ONCE,
      // Where a batch is, is seen in its heartbeat.
      maxHeartbeatThrottleInterval: '1s',
    }),
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
