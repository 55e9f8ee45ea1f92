import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionLike } from '@temporalio/client';
import type { WorkerVersion } from './deployment';

type Service = Pick<ConnectionLike, 'workflowService'>;

/** Where the workflows of a build go on: with that build alone, or with whatever is current. */
export type Course = 'held' | 'released';

/** Visibility is late: what it does not show yet comes with a later look. */
const LOOKS = 20;
const LOOK_EVERY_MS = 500;

/** Open workflows whose last task was done by this build; `isPinned`: only those that need it. */
export async function countOpen(
  { workflowService }: Service,
  { namespace, version, isPinned = false }: { namespace: string; version: WorkerVersion; isPinned?: boolean },
): Promise<number> {
  const query = openOf(version) + (isPinned ? " AND TemporalWorkflowVersioningBehavior = 'Pinned'" : '');
  return Number((await workflowService.countWorkflowExecutions({ namespace, query })).count ?? 0);
}

/**
 * Sets the course of every open workflow of a build, until none is left on the other one. A payout that has passed a change of the code
 * can only be replayed by code that knows the change: after a roll-back it stays with the build that it has passed it with.
 *
 * @returns how many stay with the build, at the end
 */
export async function setCourse(
  service: Service,
  { namespace, version, course }: { namespace: string; version: WorkerVersion; course: Course },
): Promise<number> {
  const behavior = course === 'held' ? 'AutoUpgrade' : 'Pinned';
  const query = `${openOf(version)} AND TemporalWorkflowVersioningBehavior = '${behavior}'`;
  const versioningOverride =
    course === 'held' ? { pinned: { behavior: PINNED_OVERRIDE, version } } : { autoUpgrade: true };
  let quiet = 0;
  for (let look = 0; look < LOOKS && quiet < 2; look += 1) {
    const { count } = await service.workflowService.countWorkflowExecutions({ namespace, query });
    quiet = Number(count ?? 0) === 0 ? quiet + 1 : 0;
    if (quiet === 0)
      await service.workflowService.startBatchOperation({
        ...{ namespace, visibilityQuery: query, jobId: randomUUID(), reason: `${course} by npm run deploy` },
        updateWorkflowOptionsOperation: {
          workflowExecutionOptions: { versioningOverride },
          updateMask: { paths: ['versioning_override'] },
        },
      });
    await sleep(LOOK_EVERY_MS);
  }
  return await countOpen(service, { namespace, version, isPinned: true });
}

const PINNED_OVERRIDE = 1;

function openOf({ deploymentName, buildId }: WorkerVersion): string {
  return `ExecutionStatus = 'Running' AND TemporalWorkerDeploymentVersion = '${deploymentName}:${buildId}'`;
}
