import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { GatewayPort } from '../activities/gateways';
import type { CallKind } from '../workflows/messages';
import type { TraceLog } from './export-failures';

export type GatewayOf = (endpoint: string, kind: CallKind) => GatewayPort;

/** All that one of our spans may say. Nothing else is exported, whatever a library adds. */
export const FACTS = ['clientOrderId', 'orderId', 'endpoint', 'kind', 'outcome'] as const;
export type Facts = Partial<Readonly<Record<(typeof FACTS)[number], string>>>;

export interface SpanOptions {
  readonly name: string;
  readonly kind: 'server' | 'client';
  readonly facts: Facts;
  /** A `traceparent`; without a valid one the span continues the current trace or begins its own. */
  readonly parent?: string | null;
}

/** Traces of a process. Where there are none it is null, and no module of OpenTelemetry is loaded. */
export interface Tracing {
  /** Runs `work` in a span; `note` adds what is known later. The span of work that throws ends as an error. */
  run<T>(span: SpanOptions, work: (note: (facts: Facts) => void) => Promise<T>): Promise<T>;
  /** Runs `work`, and calls `onTrace` with the id of the first trace that a span in it belongs to. */
  follow<T>(onTrace: (traceId: string) => void, work: () => T): T;
  /** The current span as a `traceparent`; null outside of any. */
  current(): string | null;
  readonly ofClient: readonly WorkflowClientInterceptor[];
  /** The same gateways, each call in a span of kind and outcome. */
  ofGateways(gatewayOf: GatewayOf): GatewayOf;
  readonly ofActivities: readonly ActivityInterceptorsFactory[];
  /** Sends what is left, within two seconds. */
  close(): Promise<void>;
}

/** @param service `api` or `worker`; a name in `OTEL_SERVICE_NAME` replaces it */
export async function openTracing(isOn: boolean, service: string, log: TraceLog): Promise<Tracing | null> {
  return isOn ? (await import('./opentelemetry.js')).startTracing(service, log) : null;
}
