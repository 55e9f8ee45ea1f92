import { createServer } from 'node:http';
import { listenOnLoopback } from './listen';

/** A span as it came over the wire. */
export interface ReceivedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}
interface Batch {
  readonly resourceSpans: {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: {
      readonly spans: (Omit<ReceivedSpan, 'facts' | 'service'> & { readonly attributes: readonly Attribute[] })[];
    }[];
  }[];
}

const toFacts = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));

/** A collector: takes OTLP/HTTP as JSON and keeps the bytes and the spans in them. */
export async function startTraceReceiver() {
  const bodies: string[] = [];
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      bodies.push(body);
      for (const { resource, scopeSpans } of (JSON.parse(body) as Batch).resourceSpans) {
        const service = String(toFacts(resource.attributes)['service.name']);
        for (const { name, traceId, spanId, parentSpanId = '', attributes } of scopeSpans.flatMap(
          (scope) => scope.spans,
        ))
          spans.push({ service, name, traceId, spanId, parentSpanId, facts: toFacts(attributes) });
      }
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  return {
    /** Turns traces on, sent at once. */
    environment: { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '100' },
    bodies,
    spans,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
