import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionLike } from '@temporalio/client';
import type { WorkerVersion } from './deployment';

type Service = Pick<ConnectionLike, 'workflowService'>;

/** Where the workflows of a build continue: with that build alone, or with whatever is current. */
export type Course = 'held' | 'released';

const LOOK_EVERY_MS = 500;
const SAY_EVERY_MS = 5_000;

/** Open workflows whose last task was done by this build; `isPinned`: only those that need it. */
export async function countOpen(
  service: Service,
  { namespace, version, isPinned = false }: { namespace: string; version: WorkerVersion; isPinned?: boolean },
): Promise<number> {
  return await count(service, namespace, openOf(version) + (isPinned ? ` AND ${behaves('Pinned')}` : ''));
}

/**
 * Sets the course of every open workflow of a build, until none is left on the other one, none follows for `patienceMs`, or `atMostMs`
 * have passed. A payout that has passed a change of the code can only be replayed by code that knows the change: after a roll-back it stays with the build that it
 * has passed it with.
 *
 * @returns how many are not on the course, as far as the server shows
 */
export async function setCourse(
  service: Service,
  order: {
    readonly namespace: string;
    readonly version: WorkerVersion;
    readonly course: Course;
    readonly patienceMs: number;
    readonly atMostMs?: number;
    readonly say: (line: string) => void;
    readonly now?: () => number;
    readonly pause?: (ms: number) => Promise<unknown>;
  },
): Promise<number> {
  const { namespace, version, course, patienceMs, say, now = Date.now, pause = sleep } = order;
  const endMs = now() + (order.atMostMs ?? Number.POSITIVE_INFINITY);
  const query = `${openOf(version)} AND ${behaves(course === 'held' ? 'AutoUpgrade' : 'Pinned')}`;
  let jobId: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  let leastAtMs = now();
  let saidAtMs = now();
  for (let quiet = 0; ; await pause(LOOK_EVERY_MS)) {
    const left = await count(service, namespace, query);
    // Visibility is late: what it does not show yet comes with a later look.
    quiet = left === 0 ? quiet + 1 : 0;
    if (quiet === 2) return 0;
    if (left < least) [least, leastAtMs] = [left, now()];
    if (now() - leastAtMs >= patienceMs || now() >= endMs) return left;
    if (left > 0 && now() - saidAtMs >= SAY_EVERY_MS) {
      saidAtMs = now();
      say(`${left} open workflows of ${version.buildId} are not ${course} yet`);
    }
    if (left > 0 && !(await isRunning(service, namespace, jobId)))
      jobId = await startBatch(service, { namespace, query, version, course });
  }
}

const RESOURCE_EXHAUSTED = 8;
const PINNED_OVERRIDE = 1;

/** @returns the id of the job; null when another one runs: the server takes one at a time */
async function startBatch(
  { workflowService }: Service,
  { namespace, query, version, course }: { namespace: string; query: string; version: WorkerVersion; course: Course },
): Promise<string | null> {
  const jobId = randomUUID();
  const pinned = { behavior: PINNED_OVERRIDE, version };
  const versioningOverride = course === 'held' ? { pinned } : { autoUpgrade: true };
  try {
    await workflowService.startBatchOperation({
      ...{ namespace, visibilityQuery: query, jobId, reason: `${course} by npm run deploy` },
      updateWorkflowOptionsOperation: {
        workflowExecutionOptions: { versioningOverride },
        updateMask: { paths: ['versioning_override'] },
      },
    });
    return jobId;
  } catch (error) {
    if ((error as { code?: number }).code === RESOURCE_EXHAUSTED) return null;
    throw error;
  }
}

const RUNNING = 1;

async function isRunning({ workflowService }: Service, namespace: string, jobId: string | null): Promise<boolean> {
  return jobId !== null && (await workflowService.describeBatchOperation({ namespace, jobId })).state === RUNNING;
}

async function count({ workflowService }: Service, namespace: string, query: string): Promise<number> {
  return Number((await workflowService.countWorkflowExecutions({ namespace, query })).count ?? 0);
}

function openOf({ deploymentName, buildId }: WorkerVersion): string {
  return `ExecutionStatus = 'Running' AND TemporalWorkerDeploymentVersion = '${deploymentName}:${buildId}'`;
}

const behaves = (behavior: 'AutoUpgrade' | 'Pinned') => `TemporalWorkflowVersioningBehavior = '${behavior}'`;
