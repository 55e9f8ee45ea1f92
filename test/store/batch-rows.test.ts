import { cutParts } from '../../src/store/batch-parts';
import { createBatchRows } from '../../src/store/batch-rows';
import type { PayoutStore, Reading } from '../../src/store/payouts';
import type { BatchHead, BatchRow } from '../../src/workflows/batch-messages';
import { INPUT, makeReading, makeStore } from '../api/app-harness';
import { makePayout, START_MS } from '../domain/samples';

const { acceptedAtMs: _acceptedAtMs, policy: POLICY, ...ASKED } = INPUT;
const ROW: BatchRow = { row: 1, input: { ...ASKED, batch: 'B' }, fingerprint: 'print', destinationHash: 'hash' };
const OWN = { fingerprint: 'print', madeBy: 'shop', input: { ...INPUT, batch: 'B' } };
const HEAD: BatchHead = {
  ...{ batchId: 'B', by: 'shop', contentHash: 'hash', rows: 1, totals: [], window: 1, perSecond: 1 },
  ...{ acceptedAtMs: START_MS, parts: ['part'] },
};
const ORDER = { id: 'act', action: 'cancel', actor: 'ada', reason: 'wrong file' } as const;

async function open(overrides: Partial<PayoutStore>) {
  const store = makeStore(overrides);
  const parts = {
    read: async () => ({ rows: [ROW], policies: { default: POLICY }, untilMs: 0 }),
    release: async () => {},
  };
  const visibility = { count: () => Promise.reject(new Error('asked')) };
  const batchRows = createBatchRows({ store, parts, visibility, now: () => START_MS });
  const { rows, start } = await batchRows.readPart('part');
  return { store, batchRows, rows, start: async () => await start(rows[0] ?? ROW, { head: HEAD }) };
}

describe('a row', () => {
  it('is started as a request of its caller, under its own id each time', async () => {
    const { store, start } = await open({});
    expect(await start()).toBeNull();
    expect(await start()).toBeNull();
    const asked = [
      { ...ROW.input, policy: POLICY, acceptedAtMs: START_MS },
      { fingerprint: 'print', madeBy: 'shop', destinationHash: 'hash' },
    ];
    expect(store.start.mock.calls).toEqual([asked, asked]);
  });

  const existing = (fields: Partial<Reading>) => ({
    start: async () => null,
    read: async () => makeReading(makePayout(), { ...OWN, ...fields }),
  });

  it('is a payout already when the one that exists is its own, running or closed', async () => {
    for (const isClosed of [false, true]) {
      const { start } = await open(existing({ isClosed }));
      expect(await start()).toBeNull();
    }
  });

  it.each<[string, Partial<Reading>]>([
    ['another caller', { madeBy: 'other' }],
    ['another request', { fingerprint: 'other' }],
    ['another batch', { input: { ...INPUT, batch: 'C' } }],
    ['no batch', { input: INPUT }],
  ])('fails when its id is that of %s', async (_whose, fields) => {
    const { start } = await open(existing(fields));
    expect(await start()).toBe('client_order_id_taken');
  });

  it('waits when what is in the way cannot be found', async () => {
    const { start } = await open({ start: async () => null });
    await expect(start()).rejects.toThrow('expected the payout');
  });
});

describe('cancelling a row', () => {
  it('is the ordinary act, once per act on the batch, and leaves closed payouts and those of others alone', async () => {
    const outcomes: unknown[] = [];
    const readings = [
      makeReading(makePayout(), OWN),
      makeReading(makePayout(), { ...OWN, isClosed: true }),
      makeReading(makePayout(), { ...OWN, input: INPUT }),
      null,
    ];
    const asked: unknown[][] = [];
    for (const reading of readings) {
      const { batchRows, store } = await open({ read: async () => reading });
      outcomes.push(await batchRows.cancelRow(ROW, ORDER));
      asked.push(...store.operate.mock.calls);
    }
    expect(outcomes).toEqual(['done', 'done', 'taken', 'unknown']);
    expect(asked).toEqual([[ASKED.request.clientOrderId, { ...ORDER, id: 'B:act' }]]);
  });
});

describe('parts', () => {
  it('hold every row once, in order, and fit into a payload whatever is in the rows', () => {
    const description = 'x'.repeat(2_000);
    const rows = Array.from({ length: 10_000 }, (_, at) => ({
      ...{ ...ROW, row: at + 1 },
      input: { ...ROW.input, request: { ...ROW.input.request, description } },
    }));
    const parts = [...cutParts(rows)];
    expect(parts.flat().map(({ row }) => row)).toEqual(rows.map(({ row }) => row));
    for (const part of parts) expect(JSON.stringify(part).length).toBeLessThanOrEqual(600_100);
    expect([...cutParts(rows.slice(0, 3))]).toHaveLength(1);
    expect([...cutParts([])]).toEqual([]);
  });
});
