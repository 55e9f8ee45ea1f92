import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Client, WorkflowIdReusePolicy } from '@temporalio/client';
import { describeError } from '../scripts/project';
import { searchAttributes } from '../src/workflows/messages';
import { type Stack, startStack } from '../test/support/stack';
import { connectClient } from '../test/support/temporal-client';
import { quantile } from './median';

const AT_ONCE = 40;

/** Closed workflows that lists show as approved payouts: no worker takes them, so each times out a second after its start. */
export async function makeClosedPayouts(client: Client, rows: number): Promise<void> {
  let next = 0;
  const startAll = async () => {
    while (next < rows) {
      const at = next++;
      await client.workflow.start('payout', {
        workflowId: `payout:X-${String(at).padStart(6, '0')}`,
        taskQueue: 'nobody',
        workflowRunTimeout: '1s',
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        memo: { fingerprint: 'x' },
        typedSearchAttributes: [
          { key: searchAttributes.state, value: 'approved' },
          { key: searchAttributes.outcome, value: 'approved' },
          { key: searchAttributes.endpoint, value: 'default' },
          { key: searchAttributes.currency, value: 'EUR' },
          { key: searchAttributes.amountMinor, value: 1_000 + at },
        ],
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, startAll));
}

export interface ExportFigures {
  readonly rows: number;
  readonly payouts: number;
  readonly seconds: number;
  readonly firstByteMs: number;
  /** Resident memory of the API in MB: before, after each quarter of the rows, and at most. */
  readonly residentMb: readonly number[];
}

/** One export, read as fast as it comes. @throws when it breaks off */
export async function measureExport(stack: Stack, expected: number): Promise<ExportFigures> {
  const startedAt = performance.now();
  const residentMb = [readResidentMb(stack.pidOf('api'))];
  const ids = new Set<string>();
  let [rows, firstByteMs, mostMb, rest] = [-1, 0, 0, ''];
  const response = await fetch(`${stack.api}/payouts.csv`);
  for await (const piece of response.body ?? []) {
    firstByteMs ||= performance.now() - startedAt;
    const lines = (rest + Buffer.from(piece).toString()).split('\r\n');
    rest = lines.pop() ?? '';
    rows += lines.length;
    for (const line of lines) if (line.startsWith('X-')) ids.add(line.slice(0, line.indexOf(',')));
    mostMb = Math.max(mostMb, readResidentMb(stack.pidOf('api')));
    if (rows >= (residentMb.length * expected) / 4) residentMb.push(readResidentMb(stack.pidOf('api')));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  return { rows, payouts: ids.size, seconds, firstByteMs, residentMb: [...residentMb, mostMb] };
}

function readResidentMb(pid: number | null): number {
  if (pid === null || process.platform !== 'linux') return Number.NaN;
  return Math.round(
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024,
  );
}

/** `npm run bench:export -- [--rows 20000]`: exit code 1 when a row is missing or comes twice. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rows: { type: 'string', default: '20000' } } });
  const rows = Number(values.rows);
  if (!(rows > 0)) throw new RangeError('--rows: expected a number above zero');
  const stack = await startStack({ temporal: 'shared', programs: ['api'] });
  const client = await connectClient(stack);
  try {
    const startedAt = performance.now();
    await makeClosedPayouts(client, rows);
    await stack.waitFor(
      'all to be closed',
      async () => (await client.workflow.count("ExecutionStatus = 'TimedOut'")).count === rows,
      600_000,
    );
    console.log(`${rows} closed payouts made in ${Math.round((performance.now() - startedAt) / 1_000)} s`);
    const pages: number[] = [];
    for (let page = 0; page < 20; page += 1) {
      const askedAt = performance.now();
      await stack.request('/payouts?limit=100');
      pages.push(performance.now() - askedAt);
    }
    console.log(`page of 100: p50 ${quantile(pages, 0.5).toFixed(0)} ms, p95 ${quantile(pages, 0.95).toFixed(0)} ms`);
    const figures = await measureExport(stack, rows);
    console.log(
      `export: ${figures.rows} rows of ${figures.payouts} payouts in ${figures.seconds.toFixed(1)} s, first byte after ${figures.firstByteMs.toFixed(0)} ms`,
    );
    console.log(`resident memory of the API, MB: ${figures.residentMb.join(' ')} (before, after each quarter, most)`);
    if (figures.rows !== rows || figures.payouts !== rows) process.exitCode = 1;
  } finally {
    await client.connection.close();
    await stack.stop();
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(describeError(error));
    process.exitCode = 1;
  });
}
