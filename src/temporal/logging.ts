import { DefaultLogger, Runtime } from '@temporalio/worker';
import pino, { type Logger } from 'pino';

/** JSON lines on standard output. Failures of the Temporal SDK come under `error`, those of Fastify under `err`. */
export function createLog(options: { process: string; level: string }): Logger {
  return pino({
    name: options.process,
    level: options.level,
    serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
  });
}

/** Sends everything the Temporal SDK says, its native part included, to our log. Must run before anything else of the SDK. */
export function installTemporalRuntime(log: Logger): void {
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => {
      log[level.toLowerCase() as 'info']({ ...meta }, message);
    }),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } } },
    shutdownSignals: [],
  });
}
