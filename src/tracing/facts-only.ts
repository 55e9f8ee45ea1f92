import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { FACTS } from './tracing';

/** What the SDK's interceptors add: ids that Temporal keeps unencrypted anyway. */
const OF_SDK = ['temporalWorkflowId', 'temporalActivityId', 'temporalUpdateId', 'run_id'];
const ALLOWED: ReadonlySet<string> = new Set([...FACTS, ...OF_SDK]);

/**
 * Exports a list of attributes that is written down here, and no others, no events and no texts of errors: the interceptors record the
 * message and the stack of every error that passes them.
 */
export function exportFactsOnly(exporter: SpanExporter): SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(factsOnly), done),
    shutdown: async () => await exporter.shutdown(),
    forceFlush: async () => await exporter.forceFlush?.(),
  };
}

/** The same span with only what may leave. */
export function factsOnly(span: ReadableSpan): ReadableSpan {
  const { name, kind, parentSpanContext, startTime, endTime, duration, ended, resource, instrumentationScope } = span;
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    ...{ name, kind, startTime, endTime, duration, ended, resource, instrumentationScope },
    spanContext: () => ({ traceId, spanId, traceFlags }),
    ...(parentSpanContext && { parentSpanContext: { ...parentSpanContext, traceState: undefined } }),
    status: { code: span.status.code },
    attributes: Object.fromEntries(Object.entries(span.attributes).filter(([key]) => ALLOWED.has(key))),
    ...{ links: [], events: [] },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
}
