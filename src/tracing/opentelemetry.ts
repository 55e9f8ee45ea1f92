import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import {
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry-v2';
import { sayFailures, type TraceLog } from './export-failures';
import { exportFactsOnly } from './facts-only';
import { traceGateways } from './gateway-spans';
import type { SpanOptions, Tracing } from './tracing';

const CLOSE_LIMIT_MS = 2_000;
/** Version 00 alone, without state: what a caller can make us store and pass on has this length. */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/** Loads OpenTelemetry and exports by OTLP/HTTP as JSON; where to, how much and how often is in its own `OTEL_` variables. */
export function startTracing(service: string, log: TraceLog): Tracing {
  const named = resourceFromAttributes({ 'service.name': `payouts-${service}` });
  const fromVariables = detectResources({ detectors: [envDetector] });
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(named).merge(fromVariables),
    spanProcessors: [new BatchSpanProcessor(exportFactsOnly(sayFailures(new OTLPTraceExporter(), log)))],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const tracer = provider.getTracer('payouts');
  const followers = new AsyncLocalStorage<(traceId: string) => void>();

  async function run<T>({ name, kind, facts, parent }: SpanOptions, work: Parameters<Tracing['run']>[1]): Promise<T> {
    const options = { kind: KINDS[kind], attributes: facts };
    return await tracer.startActiveSpan(name, options, contextOf(parent), async (span) => {
      followers.getStore()?.(span.spanContext().traceId);
      try {
        return (await work((more) => void span.setAttributes(more))) as T;
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  return {
    run,
    follow(onTrace, work) {
      let isFirst = true;
      const once = (traceId: string) => {
        if (isFirst) onTrace(traceId);
        isFirst = false;
      };
      return followers.run(once, work);
    },
    ofGateways: (gatewayOf) => traceGateways(gatewayOf, run),
    current: () => traceparentOf(trace.getActiveSpan()),
    ofClient: [new OpenTelemetryWorkflowClientInterceptor({ tracer })],
    ofActivities: [
      (ctx) => ({
        inbound: new OpenTelemetryActivityInboundInterceptor(ctx, { tracer }),
        outbound: new OpenTelemetryActivityOutboundInterceptor(ctx),
      }),
    ],
    async close() {
      const { promise, resolve } = timeLimit();
      await Promise.race([provider.shutdown().catch(() => undefined), promise]);
      resolve();
    },
  };
}

function contextOf(parent: string | null | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(parent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return context.active();
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return trace.isSpanContextValid(remote) ? trace.setSpanContext(context.active(), remote) : context.active();
}

function traceparentOf(span: Span | undefined): string | null {
  if (span === undefined) return null;
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-0${traceFlags & 1}`;
}

function timeLimit(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    const timer = setTimeout(done, CLOSE_LIMIT_MS);
    resolve = () => clearTimeout(timer);
  });
  return { promise, resolve };
}
