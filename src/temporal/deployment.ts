import type { ConnectionLike } from '@temporalio/client';

/** Which build a worker runs, as Temporal's Worker Deployment Versioning names it. */
export interface WorkerVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** Where the workflow tasks of a deployment go. Null as a build: workers without a version. */
export interface Routes {
  readonly current: string | null;
  readonly ramping: { readonly buildId: string | null; readonly percentage: number } | null;
  /** The builds that are known, the one that was current last first. */
  readonly builds: readonly {
    readonly buildId: string;
    readonly wasCurrent: boolean;
    /** When it took payouts for the first time, epoch seconds; 0: never. */
    readonly activatedAt: number;
  }[];
}

/** What is wrong with the arguments. */
export class UsageError extends Error {}

const NOT_FOUND = 5;

/** Null when no worker of this deployment has ever polled. @throws when Temporal does not answer */
export async function readRoutes(
  { workflowService }: Pick<ConnectionLike, 'workflowService'>,
  request: { readonly namespace: string; readonly deploymentName: string },
): Promise<Routes | null> {
  try {
    const { workerDeploymentInfo } = await workflowService.describeWorkerDeployment(request);
    const { routingConfig, versionSummaries } = workerDeploymentInfo ?? {};
    const percentage = routingConfig?.rampingVersionPercentage ?? 0;
    const toSeconds = (time: { seconds?: unknown; nanos?: number | null } | null | undefined) =>
      Number(time?.seconds ?? 0) + (time?.nanos ?? 0) / 1e9;
    return {
      current: routingConfig?.currentDeploymentVersion?.buildId || null,
      ramping:
        percentage > 0 ? { buildId: routingConfig?.rampingDeploymentVersion?.buildId || null, percentage } : null,
      builds: (versionSummaries ?? [])
        .toSorted((one, other) => toSeconds(other.lastCurrentTime) - toSeconds(one.lastCurrentTime))
        .map(({ deploymentVersion, lastCurrentTime, firstActivationTime }) => ({
          buildId: deploymentVersion?.buildId ?? '',
          wasCurrent: toSeconds(lastCurrentTime) > 0,
          activatedAt: toSeconds(firstActivationTime),
        })),
    };
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND) return null;
    throw error;
  }
}

/** What a build takes, in a sentence for the log and the health check. `isIdle`: no new payouts. */
export function describeRole({ buildId }: WorkerVersion, routes: Routes | null): { text: string; isIdle: boolean } {
  if (routes?.current === buildId) return { text: 'this version is current', isIdle: false };
  if (routes?.ramping?.buildId === buildId)
    return { text: `this version takes ${routes.ramping.percentage} % of the payouts`, isIdle: false };
  const others = routes === null || routes.current === null ? '; no version is' : '';
  return {
    text: `this version is not current${others}: it takes no new payouts; see npm run deploy -- status`,
    isIdle: true,
  };
}
