import { type NativeConnection, Runtime } from '@temporalio/worker';
import { describeRole, readRoutes, type WorkerVersion } from './deployment';

/** Often enough for a person who waits for a deploy, and nothing to a server. */
const LOOK_EVERY_MS = 10_000;

/** Says in the log what this worker's version takes, at first and whenever it changes, for as long as the process lives. */
export function watchRole(
  connection: NativeConnection,
  { namespace, version }: { readonly namespace: string; readonly version: WorkerVersion },
): void {
  const { logger } = Runtime.instance();
  const { deploymentName, buildId } = version;
  let said = '';
  const look = async () => {
    // The deployment exists once a worker of it has polled. Trouble with Temporal is logged where it is met.
    const routes = await readRoutes(connection, { namespace, deploymentName }).catch(() => undefined);
    if (routes === undefined) return;
    const { text, isIdle } = describeRole(version, routes);
    if (text !== said) logger[isIdle ? 'warn' : 'info'](text, { deploymentName, buildId });
    said = text;
  };
  setInterval(() => void look(), LOOK_EVERY_MS).unref();
  void look();
}
