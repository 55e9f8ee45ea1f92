import closeWithGrace from 'close-with-grace';
import { buildApp } from './api/app';
import { createEndpointDirectory } from './api/endpoints';
import { findMissingKeys, WITHOUT_KEYS } from './api/plugins/callers';
import { ConfigError, readConfig } from './config/config';
import { openKeys } from './config/key-file';
import { createLog } from './config/log';
import { openMetrics } from './metrics/open-metrics';
import { watchApprovers } from './store/approver-watch';
import { createPayoutStore } from './store/payouts';
import { createReadiness } from './store/readiness';
import { openClientConnection, readTemporalAddress, tryPatiently } from './temporal/connection';
import { openDataConverter } from './temporal/data-converter';
import { describeNamespaceProblems, findNamespaceProblems } from './temporal/namespace';
import { openCodecServer } from './temporal/payload-codec';
import { openTracing } from './tracing/tracing';

/** The HTTP process. It listens at once, also while Temporal is away, and answers 503 until it is there. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const missingKeys = findMissingKeys(config);
  if (missingKeys !== null) throw new ConfigError([missingKeys]);
  const log = createLog({ process: 'api', level: config.logLevel });
  const tracing = await openTracing(config.isTraced, 'api', log);
  const address = readTemporalAddress();
  const dataConverter = openDataConverter(config.payloadKeys, address, log);
  const connection = openClientConnection(address);
  const stopping = new AbortController();
  const { namespace } = address;
  const findProblems = () => findNamespaceProblems(connection, address);
  const metrics = await openMetrics(config);
  const store = createPayoutStore({ connection, namespace, dataConverter, tracing, ...metrics });
  const ring = openKeys(config, log);
  watchApprovers({ ...ring, store, visibility: store.visibility, signal: stopping.signal });
  const app = await buildApp({
    ...config,
    ...{ store, ownerOf: store.ownerOf, visibility: store.visibility, notifications: store.notifications },
    limits: store.limits,
    ...{ batches: store.batches, keys: ring.keys, listWarnings: ring.listWarnings },
    readiness: createReadiness(findProblems),
    endpoints: createEndpointDirectory(config),
    codec: openCodecServer(config, namespace),
    ...(metrics && { observer: metrics }),
    ...{ tracing, log },
  });
  closeWithGrace({ delay: 14_000, logger: log }, async ({ err }) => {
    if (err) log.fatal({ err }, 'stopped by an error');
    stopping.abort();
    ring.close();
    metrics?.close();
    await app.close();
    await connection.close();
    await tracing?.close();
  });
  await metrics?.serve(store, ring);
  await app.listen({ host: config.host, port: config.port });
  if (config.access.apiKeys.length === 0) log.warn(WITHOUT_KEYS);
  for (const warning of config.warnings) log.warn(warning);

  const onWait = () => log.warn('waiting for Temporal');
  const problems = await tryPatiently(findProblems, { onWait, signal: stopping.signal });
  if (problems === null) return;
  if (problems.length > 0) throw new Error(describeNamespaceProblems(problems));
  log.info('api ready');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(1);
});
