import closeWithGrace from 'close-with-grace';
import { buildApp } from './api/app';
import { createEndpointDirectory } from './api/endpoints';
import { createPayoutDesk } from './api/payouts';
import { ConfigError, readConfig } from './config';
import { createLog } from './log';
import { isLoopback, readTemporalAddress, tryPatiently } from './temporal/address';
import { openClientConnection } from './temporal/client-connection';
import { findRetentionProblem } from './temporal/retention';

/** The HTTP process. It listens at once, also while Temporal is away, and answers 503 until it is there. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog({ process: 'api', level: config.logLevel });
  const address = readTemporalAddress();
  const connection = openClientConnection(address);
  const stopping = new AbortController();
  const desk = createPayoutDesk({ connection, namespace: address.namespace, subscribers: config.subscribers });
  const app = await buildApp({
    desk,
    notifications: desk.notifications,
    endpoints: createEndpointDirectory(config),
    hashKey: config.hashKey,
    publicBaseUrl: config.publicBaseUrl,
    log,
  });
  closeWithGrace({ delay: 14_000, logger: log }, async ({ err }) => {
    if (err) log.fatal({ err }, 'stopped by an error');
    stopping.abort();
    await app.close();
    await connection.close();
  });
  await app.listen({ host: config.host, port: config.port });
  if (!isLoopback(config.host)) log.warn('callers are not authenticated: let only your own systems reach this address');

  const onWait = () => log.warn('waiting for Temporal');
  const problem = await tryPatiently(() => findRetentionProblem(connection, address), {
    onWait,
    signal: stopping.signal,
  });
  if (problem !== null) throw new Error(problem);
  if (!stopping.signal.aborted) log.info('api ready');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(1);
});
