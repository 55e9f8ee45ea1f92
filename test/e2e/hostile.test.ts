import { readFileSync } from 'node:fs';
import path from 'node:path';
import { makeClosedPayouts, measureExport } from '../../bench/export';
import { readTarget, runWire } from '../proofs/fuzz/wire-run';
import { SEED } from '../support/seed';
import { type Stack, startStack } from '../support/stack';
import { withClient } from '../support/temporal-client';

const CLOSED = 1_300;

describe('the real API, with many closed payouts, under attack', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ temporal: 'shared' });
  }, 120_000);
  afterAll(async () => stack?.stop(), 60_000);

  test('an export of several pages has each payout once, and pages have what it has', async () => {
    await withClient(stack, async (client) => {
      await makeClosedPayouts(client, CLOSED);
      const countClosed = async () => (await client.workflow.count("ExecutionStatus = 'TimedOut'")).count;
      await stack.waitFor('all to be closed', async () => (await countClosed()) === CLOSED, 120_000);
    });
    expect(await measureExport(stack, CLOSED)).toMatchObject({ rows: CLOSED, payouts: CLOSED });
    const ids = new Set<string>();
    let cursor = '';
    do {
      const { body } = await stack.request<{ payouts: { clientOrderId: string }[]; nextCursor: string | null }>(
        `/payouts?limit=200${cursor}`,
      );
      for (const { clientOrderId } of body.payouts) ids.add(clientOrderId);
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(ids.size).toBe(CLOSED);
  }, 240_000);

  test(`seed ${SEED}: nothing gets through, nothing breaks, genuine callbacks are taken all the while`, async () => {
    const options = { requests: 1_200, idleConnections: 300, noise: 60, seed: SEED };
    const { counts, violations } = await runWire(readTarget(stack), options);
    expect(violations).toEqual([]);
    expect(counts.get('callback 200')).toBeUndefined();
    // Above sixty a minute of one address, refused ones are held up.
    const refused = (counts.get('callback 403') ?? 0) + (counts.get('callback 429') ?? 0);
    expect(refused).toBeGreaterThan(300);
    expect(counts.get('callback 403')).toBeGreaterThanOrEqual(1);
    expect(counts.get('raw: idle connections')).toBe(300);
    expect(counts.get('genuine callbacks')).toBe(8);
    // What the gateway was asked for is what the API said it had started, and nothing else.
    const { orders } = await stack.control<{ orders: unknown[] }>('/orders');
    expect(orders.length).toBeLessThanOrEqual(counts.get('API 202') ?? 0);
  }, 120_000);

  test('the log of the API holds nothing that was sent', () => {
    const log = readFileSync(path.join(stack.dir, 'api.log'), 'utf8');
    expect(log).toContain('callback refused');
    expect(log).not.toMatch(/control=|MARK7f3[^"]*"(?!,"remoteAddress)/);
  });
});
