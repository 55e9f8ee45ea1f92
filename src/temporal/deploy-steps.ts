import type { Connection } from '@temporalio/client';
import type { Routes, WorkerVersion } from './deployment';
import { countOpen, setCourse } from './held-payouts';

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

/** What is wrong with the arguments. */
export class UsageError extends Error {}

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
    const left = await setCourse(deploy.connection, { namespace: deploy.namespace, version, course: 'released' });
    console.log(`${left} open workflows still need ${version.buildId}.`);
  },
};

async function rollBack(deploy: Deploy): Promise<void> {
  const { routes, connection, namespace } = deploy;
  const bad = routes.ramping === null ? routes.current : routes.ramping.buildId;
  const earlier = routes.builds.find(({ buildId, wasCurrent }) => wasCurrent && buildId !== bad)?.buildId;
  const good = deploy.to ?? (routes.ramping === null ? earlier : undefined);
  if (routes.ramping === null && good === undefined)
    throw new UsageError('--to: expected a build; none was current before');
  const hold = async () =>
    bad === null ? 0 : await setCourse(connection, { namespace, version: versionOf(deploy, bad), course: 'held' });
  // Before it as well: so few of them are given to code that cannot replay them, where they would wait for the next try.
  await hold();
  if (routes.ramping !== null) await setRamp(deploy, '', 0);
  if (good !== undefined) await setCurrent(deploy, good);
  const held = await hold();
  console.log(`${good ?? routes.current ?? 'Without a version'} takes all payouts again.`);
  if (held > 0)
    console.log(
      `${held} open workflows stay with ${bad}: keep its workers, or promote a repaired build and \`release\` them.`,
    );
}

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
