import pino, { type Logger } from 'pino';

/** JSON lines on standard output. Failures of the Temporal SDK come under `error`, those of Fastify under `err`. */
export function createLog(options: { process: string; level: string }): Logger {
  return pino({
    name: options.process,
    level: options.level,
    serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
  });
}
