import { parseArgs } from 'node:util';
import { openClientConnection, readTemporalAddress } from './connection';
import { COMMANDS } from './deploy-steps';
import { readRoutes, UsageError } from './deployment';

const USAGE = `npm run deploy -- status | ramp --percentage N | promote | rollback [--to BUILD] | release

Which build of the workers takes payouts. WORKER_DEPLOYMENT_NAME and WORKER_BUILD_ID, or --deployment and --build-id, name the build.
  status    what each build takes, and whether its workers may stop
  ramp      N in a hundred payouts go to the build
  promote   the build takes all payouts, open ones too
  rollback  ends a ramp, or makes the build current that was so before; payouts that have run on the bad build stay with it.
            May be repeated: it never goes further back than one build
  release   what stays with the build moves to the current one`;

/** `npm run deploy`, also in the image. Exit code 0 when it is done, 1 when Temporal refuses or not all is done, 2 for wrong arguments. */
async function main(): Promise<void> {
  const names = ['percentage', 'to', 'deployment', 'build-id'] as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
  });
  const run = COMMANDS[positionals[0] ?? ''];
  const deploymentName = values.deployment ?? process.env.WORKER_DEPLOYMENT_NAME;
  if (run === undefined || positionals.length > 1) throw new UsageError(USAGE);
  if (!deploymentName) throw new UsageError('WORKER_DEPLOYMENT_NAME or --deployment: is required');
  const build = () => {
    const buildId = values['build-id'] ?? process.env.WORKER_BUILD_ID;
    if (!buildId) throw new UsageError('WORKER_BUILD_ID or --build-id: is required');
    return buildId;
  };
  const percentage = () => {
    const number = Number(values.percentage ?? Number.NaN);
    if (!(number > 0 && number <= 100)) throw new UsageError('--percentage: expected a number above 0, at most 100');
    return number;
  };
  const address = readTemporalAddress();
  const { namespace } = address;
  const connection = openClientConnection(address);
  try {
    const routes = await readRoutes(connection, { namespace, deploymentName });
    if (routes === null)
      throw new Error(
        `deployment ${deploymentName}: expected a worker of it to run in namespace ${namespace}; found none`,
      );
    await run({ connection, namespace, deploymentName, routes, build, percentage, to: values.to });
  } finally {
    await connection.close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
