import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Sends everything the Temporal SDK says, its native part included, to our log. Must run before anything else of the SDK. */
export function installTemporalRuntime(log: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      log[level.toLowerCase() as 'info'](withoutTask(meta), message);
    }),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } } },
    shutdownSignals: [],
  });
}

/** The SDK logs a whole activity task, its arguments among it, when it cannot begin one: in clear when they came in clear. */
function withoutTask(meta: Readonly<Record<string | symbol, unknown>> = {}): object {
  const { task: _task, taskEncoded: _taskEncoded, ...rest } = meta;
  return rest;
}
