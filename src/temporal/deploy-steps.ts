import type { Connection } from '@temporalio/client';
import { type Routes, UsageError, type WorkerVersion } from './deployment';
import { type Course, countOpen, setCourse } from './held-payouts';
import { planRollback } from './rollback-plan';

/** What a command works on. */
export interface Deploy {
  readonly connection: Connection;
  readonly namespace: string;
  readonly deploymentName: string;
  readonly routes: Routes;
  readonly build: () => string;
  readonly percentage: () => number;
  readonly to: string | undefined;
}

/** By name; each prints what it did. */
export const COMMANDS: Readonly<Record<string, (deploy: Deploy) => Promise<void>>> = {
  status: printStatus,
  async ramp(deploy) {
    await setRamp(deploy, deploy.build(), deploy.percentage());
    console.log(`${deploy.build()} takes ${deploy.percentage()} % of the payouts.`);
  },
  async promote(deploy) {
    await setCurrent(deploy, deploy.build());
    console.log(`${deploy.build()} is current.`);
  },
  rollback: rollBack,
  async release(deploy) {
    const version = versionOf(deploy, deploy.build());
    if (version.buildId === deploy.routes.current)
      throw new UsageError('--build-id: expected a build that is not current');
    const left = await steer(deploy, { version, course: 'released' });
    if (left > 0) throw new Error(`${left} open workflows of ${version.buildId} are not released yet. Run it again.`);
    console.log(`No open workflow needs ${version.buildId} any more.`);
  },
};

/** Before the change: what is held by then is not given to code that cannot replay it. The bad build keeps running meanwhile. */
const BEFORE_MS = 10_000;
/** How long without progress before it gives up. */
const PATIENCE_MS = 60_000;

async function rollBack(deploy: Deploy): Promise<void> {
  const { bad, good, endsRamp, setsCurrent } = planRollback(deploy.routes, deploy.to);
  const versions = bad.map((buildId) => versionOf(deploy, buildId));
  if (endsRamp || setsCurrent) for (const version of versions) await hold(deploy, version, { atMostMs: BEFORE_MS });
  if (endsRamp) await setRamp(deploy, '', 0);
  if (good !== null && setsCurrent) await setCurrent(deploy, good);
  const isDone = endsRamp || setsCurrent ? 'takes all payouts again' : 'takes all payouts already; --to names another';
  console.log(`${good ?? 'What has no version'} ${isDone}.`);
  let left = 0;
  for (const version of versions) {
    const missed = await hold(deploy, version);
    const held = await countOpen(deploy.connection, { namespace: deploy.namespace, version, isPinned: true });
    left += missed;
    if (held > 0)
      console.log(
        `${held} open workflows stay with ${version.buildId}: keep its workers, or promote a repaired build and \`release\` them.`,
      );
  }
  if (left > 0) throw new Error(`${left} open workflows of ${bad.join(' and ')} are not held yet. Run it again.`);
}

const hold = (deploy: Deploy, version: WorkerVersion, limit: { atMostMs?: number } = {}) =>
  steer(deploy, { version, course: 'held', ...limit });

const steer = (
  { connection, namespace }: Deploy,
  order: { readonly version: WorkerVersion; readonly course: Course; readonly atMostMs?: number },
) => setCourse(connection, { ...order, namespace, patienceMs: PATIENCE_MS, say: (line) => console.error(line) });

async function setCurrent({ connection, namespace, deploymentName }: Deploy, buildId: string): Promise<void> {
  await connection.workflowService.setWorkerDeploymentCurrentVersion({ namespace, deploymentName, buildId });
}

async function setRamp(
  { connection, namespace, deploymentName }: Deploy,
  buildId: string,
  percentage: number,
): Promise<void> {
  await connection.workflowService.setWorkerDeploymentRampingVersion({
    namespace,
    deploymentName,
    buildId,
    percentage,
  });
}

async function printStatus(deploy: Deploy): Promise<void> {
  const { routes, connection, namespace } = deploy;
  if (routes.current === null)
    console.log('No version is current: payouts go to workers without a version, if there are any.');
  for (const { buildId } of routes.builds.slice(0, MOST_SHOWN)) {
    const version = versionOf(deploy, buildId);
    const [open, pinned] = [
      await countOpen(connection, { namespace, version }),
      await countOpen(connection, { namespace, version, isPinned: true }),
    ];
    const idle = pinned > 0 ? `${pinned} workflows need its workers` : 'its workers may stop';
    const ramp = routes.ramping?.buildId === buildId ? `ramping, ${routes.ramping.percentage} %` : idle;
    console.log(`${buildId}: ${routes.current === buildId ? 'current' : ramp}; last seen by ${open} open workflows`);
  }
}

/** Two counts each: visibility takes ten calls a second. */
const MOST_SHOWN = 5;

function versionOf({ deploymentName }: Deploy, buildId: string): WorkerVersion {
  return { deploymentName, buildId };
}
