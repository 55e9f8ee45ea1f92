import type { NativeConnection } from '@temporalio/worker';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './api/app';
import { createEndpointDirectory } from './api/endpoints';
import { createPayoutDesk } from './api/payouts';
import { ConfigError, readConfig } from './config';
import { connectPatiently, readTemporalAddress } from './temporal/connection';
import { createLog, installTemporalRuntime } from './temporal/logging';
import { assertRetention } from './temporal/retention';

/** The HTTP process. It listens at once, also while Temporal is away, and answers 503 until it is there. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog({ process: 'api', level: config.logLevel });
  installTemporalRuntime(log);
  const address = readTemporalAddress();
  const stopping = new AbortController();
  let connection: NativeConnection | null = null;

  const app = await buildApp({
    desk: createPayoutDesk({ connection: () => connection, namespace: address.namespace }),
    endpoints: createEndpointDirectory(config),
    hashKey: config.hashKey,
    publicBaseUrl: config.publicBaseUrl,
    log,
  });
  closeWithGrace({ delay: 14_000, logger: log }, async ({ err }) => {
    if (err) log.fatal({ err }, 'stopped by an error');
    stopping.abort();
    await app.close();
    await connection?.close();
  });
  await app.listen({ host: config.host, port: config.port });

  const found = await connectPatiently(address, {
    onWait: () => log.warn('waiting for Temporal'),
    signal: stopping.signal,
  });
  if (found === null) return;
  await assertRetention(found, address);
  connection = found;
  log.info('api ready');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(1);
});
