import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { sayFailures } from '../../src/tracing/export-failures';

const MINUTE_MS = 60_000;
const SECRET = 'DE89370400440532013000';

function open() {
  const said: unknown[][] = [];
  const clock = { ms: 0 };
  let ends: Error | null = null;
  const exporter: SpanExporter = {
    export: (_, done) => done(ends === null ? { code: 0 } : { code: 1, error: ends }),
    shutdown: async () => undefined,
  };
  const log = { warn: (...line: unknown[]) => said.push(line), info: (...line: unknown[]) => said.push(line) };
  const watched = sayFailures(exporter, log, () => clock.ms);
  const results: number[] = [];
  const send = (error: Error | null) => {
    ends = error;
    watched.export([], ({ code }) => results.push(code));
  };
  return { said, clock, send, results };
}
const failure = (code: unknown) => Object.assign(new Error(SECRET), { code, data: SECRET });
const FAILED = 'traces are not exported: the collector does not take them; payouts continue';
const AGAIN = ['traces are exported again'];

it('failures in a row are said once, and so is their end; every result is passed on', () => {
  const { said, send, results } = open();
  for (const error of [null, failure('ECONNREFUSED'), failure(503), failure(503), null, null]) send(error);
  expect(said).toEqual([[{ code: 'ECONNREFUSED' }, FAILED], AGAIN]);
  expect(results).toEqual([0, 1, 1, 1, 0, 0]);
});

it('a collector that comes and goes is said twice in ten minutes at most', () => {
  const { said, send, clock } = open();
  for (let nth = 0; nth < 100; nth += 1) {
    send(failure(503));
    send(null);
    clock.ms += 6_000;
  }
  expect(said).toEqual([[{ code: 503 }, FAILED], AGAIN]);
  clock.ms += 10 * MINUTE_MS;
  send(failure(500));
  expect(said).toHaveLength(3);
});

it.each([SECRET, undefined, { code: SECRET }, 'lower'])('what a failure says otherwise is not repeated: %p', (code) => {
  const { said, send } = open();
  send(failure(code));
  expect(said).toEqual([[{ code: 'none' }, FAILED]]);
});
