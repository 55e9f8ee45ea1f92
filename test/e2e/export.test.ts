import type { Client } from '@temporalio/client';
import { makeClosedPayouts, measureExport } from '../../bench/export';
import { type Stack, startStack } from '../support/stack';
import { connectClient } from '../support/temporal-client';

const ROWS = 1_300;

let stack: Stack;
let client: Client;

beforeAll(async () => {
  stack = await startStack({ temporal: 'shared', programs: ['api'] });
  client = await connectClient(stack);
  await makeClosedPayouts(client, ROWS);
  await stack.waitFor(
    'all to be closed',
    async () => (await client.workflow.count("ExecutionStatus = 'TimedOut'")).count === ROWS,
    120_000,
  );
}, 240_000);
afterAll(async () => {
  await client?.connection.close();
  await stack?.stop();
}, 60_000);

it('an export of several pages has each payout once, and pages have what it has', async () => {
  expect(await measureExport(stack, ROWS)).toMatchObject({ rows: ROWS, payouts: ROWS });
  const ids = new Set<string>();
  let cursor = '';
  do {
    const { body } = await stack.request<{ payouts: { clientOrderId: string }[]; nextCursor: string | null }>(
      `/payouts?limit=200${cursor}`,
    );
    for (const { clientOrderId } of body.payouts) ids.add(clientOrderId);
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  expect(ids.size).toBe(ROWS);
}, 120_000);
