import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { interceptors } from '../../src/workflows/trace-context';

/** What a log line of a run started with this header carries. */
function logAttributesOf(header: Payload): Record<string, unknown> {
  const { inbound = [], outbound = [] } = interceptors();
  const started = { args: [], headers: { '_tracer-data': header } };
  void inbound[0]?.execute?.(started, async () => undefined);
  return outbound[0]?.getLogAttributes?.({}, (attributes) => attributes) ?? {};
}

test('a log line carries the id of the trace that its run was started in', () => {
  const header = defaultPayloadConverter.toPayload({
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });
  expect(logAttributesOf(header)).toEqual({ trace_id: '0af7651916cd43dd8448eb211c80319c' });
});

test('a header in a form of another stops no log line', () => {
  const encoding = new TextEncoder().encode('binary/unheard-of');
  expect(logAttributesOf({ metadata: { encoding }, data: new Uint8Array([1]) })).toEqual({ trace_id: '' });
});
