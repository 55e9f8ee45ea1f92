import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { describeMeta } from '../../src/temporal/telemetry';
import { exportFactsOnly } from '../../src/tracing/facts-only';
import { openTracing } from '../../src/tracing/tracing';

const SECRET = 'DE89370400440532013000';

it('exports listed attributes, and nothing that a library or an error adds', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exportFactsOnly(exporter))] });
  const span = provider.getTracer('test').startSpan('step', { attributes: { memo: SECRET, endpoint: 'default' } });
  span.recordException(new Error(SECRET));
  span.setStatus({ code: 2, message: SECRET });
  span.end();
  const [sent] = exporter.getFinishedSpans();
  expect(sent).toMatchObject({ name: 'step', attributes: { endpoint: 'default' }, status: { code: 2 } });
  expect(JSON.stringify([sent?.attributes, sent?.events, sent?.status, sent?.links])).not.toContain(SECRET);
});

it('is null unless it is configured', async () => {
  expect(await openTracing(false, 'api', { warn: () => undefined, info: () => undefined })).toBeNull();
});

it.each([
  ['payout:A-1', 'A-1'],
  ['notify:A-1:erp', 'A-1'],
  ['late:A-1', 'A-1'],
  ['other', undefined],
])('names the payout of a line about %s, and its trace', (workflowId, clientOrderId) => {
  const line = describeMeta({ workflowId, trace_id: 'ab', task: SECRET, taskEncoded: SECRET });
  expect(line).toEqual({ workflowId, traceId: 'ab', ...(clientOrderId && { clientOrderId }) });
});
