import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

/** Where failures are reported. */
export interface TraceLog {
  warn(facts: object, text: string): void;
  info(text: string): void;
}

/** A collector that comes and goes is reported at most this often. */
const SAY_EVERY_MS = 10 * 60_000;
const SUCCESS = 0;

/** The same exporter. Failures in a row are reported once, by a code and no text of the collector's; so is the success that ends them. */
export function sayFailures(exporter: SpanExporter, log: TraceLog, now: () => number = Date.now): SpanExporter {
  let isSaid = false;
  let saidAtMs = Number.NEGATIVE_INFINITY;
  const note = (isDone: boolean, error?: Error): void => {
    if (isDone) {
      if (isSaid) log.info('traces are exported again');
      isSaid = false;
    } else if (!isSaid && now() - saidAtMs >= SAY_EVERY_MS) {
      isSaid = true;
      saidAtMs = now();
      log.warn({ code: codeOf(error) }, 'traces are not exported: the collector does not take them; payouts continue');
    }
  };
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        note(result.code === SUCCESS, result.error);
        done(result);
      }),
    shutdown: async () => await exporter.shutdown(),
    forceFlush: async () => await exporter.forceFlush?.(),
  };
}

/** An HTTP status or a code of Node's. */
function codeOf(error: unknown): string | number {
  const { code } = (error ?? {}) as { code?: unknown };
  const isCode = typeof code === 'number' || (typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code));
  return isCode ? code : 'none';
}
