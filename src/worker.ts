import type { Worker } from '@temporalio/worker';
import closeWithGrace from 'close-with-grace';
import { createAllActivities } from './activities/all';
import { createSendingGate } from './activities/breaker';
import { createGateways, createSkewWatch } from './activities/gateways';
import { createHooks } from './activities/hook-activities';
import { createNotifications } from './activities/notification-activities';
import { createWatches } from './activities/watches';
import { ConfigError, readConfig } from './config/config';
import { createLog } from './config/log';
import { openBatchRows } from './store/batch-rows';
import { readTemporalAddress } from './temporal/connection';
import { openDataConverter } from './temporal/data-converter';
import { createRecords } from './temporal/records';
import { DELIVERIES_EACH, pausesAtOnce, questionsAtOnce, socketsPerEndpoint } from './temporal/slots';
import { createEndpointAlerts, installTemporalRuntime } from './temporal/telemetry';
import { connectWorker } from './temporal/worker-connection';
import { createWorkers, runWorkers, stopWorkers } from './temporal/workers';
import { openTracing } from './tracing/tracing';

/** The worker process: payouts, notifications, and the calls to each gateway endpoint, each on its own queue. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog({ process: 'worker', level: config.logLevel });
  for (const warning of config.warnings) log.warn(warning);
  installTemporalRuntime(log, config.metricsAddress);
  const tracing = await openTracing(config.isTraced, 'worker', log);
  const { endpoints, answerTimeoutMs, subscribers, limits } = config;
  const alerts = createEndpointAlerts(log, config);
  const watching = { onSkew: createSkewWatch(alerts.onSkew, alerts.onClock).observe, onCall: alerts.onCall };
  const gateways = createGateways(endpoints, { answerTimeoutMs, connections: socketsPerEndpoint(limits), ...watching });
  const notifications = createNotifications(subscribers, { each: DELIVERIES_EACH });
  const hooks = createHooks(config.hooks, { each: DELIVERIES_EACH, onVerdict: alerts.onVerdict });
  const gate = createSendingGate({ now: Date.now, onTurn: alerts.onTurn });
  const stopping = new AbortController();
  const watches = createWatches({ mostOf: pausesAtOnce(endpoints, limits), stopping: stopping.signal });
  const gatewayOf = tracing?.ofGateways(gateways.of) ?? gateways.of;
  const calling = { gatewayOf, gate, watches, ...questionsAtOnce(limits) };
  const address = readTemporalAddress();
  const dataConverter = openDataConverter(config.payloadKeys, address, log);
  const batchRows = openBatchRows(address, { dataConverter, tracing });
  let workers: Worker[] = [];
  let running: Promise<void> = Promise.resolve();
  closeWithGrace({ delay: 14_500, logger: log }, async ({ err }) => {
    if (err) log.fatal({ err }, 'stopped by an error');
    stopping.abort();
    stopWorkers(workers);
    await running;
    await Promise.all([gateways, notifications, hooks, batchRows, tracing].map(async (part) => await part?.close()));
  });
  const patience = { onWait: () => log.warn('waiting for Temporal'), signal: stopping.signal };
  const connection = await connectWorker({ ...address, refusesReplicated: !config.allowsReplicated }, patience);
  if (connection === null) return;
  const at = { namespace: address.namespace, dataConverter };
  const records = createRecords(connection, at);
  const batches = { ...batchRows, stopping: stopping.signal };
  const activities = createAllActivities({ calling, notifications, records, batches, hooks });
  workers = await createWorkers({ ...config, ...at, connection, activities, tracing });
  running = runWorkers(workers);
  log.info('worker ready');
  await Promise.all([running, gateways.checkControlKeys(alerts.onKeyCheck)]);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exit(1);
});
