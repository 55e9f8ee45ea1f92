import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

/**
 * Sends everything the Temporal SDK says, its native part included, to our log. Must run before anything else of the SDK.
 * @param metricsAddress `address:port` on which Prometheus finds the SDK's metrics under `/metrics`; null for none
 * @throws when nothing can listen there
 */
export function installTemporalRuntime(log: Logger, metricsAddress: string | null = null): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      log[level.toLowerCase() as 'info'](withoutTask(meta), message);
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } },
      ...(metricsAddress === null ? {} : { metrics: { prometheus: { bindAddress: metricsAddress } } }),
    },
    shutdownSignals: [],
  });
}

/** The SDK logs a whole activity task, its arguments among it, when it cannot begin one: in clear when they came in clear. */
function withoutTask(meta: Readonly<Record<string | symbol, unknown>> = {}): object {
  const { task: _task, taskEncoded: _taskEncoded, ...rest } = meta;
  return rest;
}
