import { OPEN_BATCH } from '../../../src/domain/batch';
import type { BatchReading, BatchStore } from '../../../src/store/batches';
import { START_MS } from '../../domain/samples';
import { createFakeVisibility, makeRun } from '../../store/fake-visibility';
import { parseCsv } from '../../support/parse-csv';
import { makeApp, makeBatchStore, makeCaller } from '../app-harness';

const ROW = {
  ...{ amount: '10.50', currency: 'EUR', receiver: { firstName: 'Ada', phone: '+4930' } },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
};
const WRONG = { ...ROW, amount: '0' };
const FILE = 'amount,currency,receiver.phone,destination.type,destination.accountNumber\r\n';
const shop = makeCaller('shop', ['payouts:write', 'payouts:read', 'payouts:operate']);

/** Batches in memory: each is what was stored. */
function memory() {
  const known = new Map<string, BatchReading>();
  const orders: unknown[] = [];
  const rows = new Map<string, Parameters<BatchStore['start']>[1]['rows']>();
  const batches = makeBatchStore({
    read: async (batchId) => known.get(batchId) ?? null,
    async start(head, { rows: given }) {
      if (known.has(head.batchId)) return false;
      rows.set(head.batchId, given);
      known.set(head.batchId, { head: { ...head, parts: ['p'] }, record: OPEN_BATCH, isOpen: true, attempts: 1 });
      return true;
    },
    order: async (_id, order) => orders.push(order) > 0,
    list: async () => ({ batches: [...known.values()], next: null }),
    async *rows() {
      yield* [...rows.values()].flat();
    },
  });
  return { known, rows, orders, batches };
}

async function open(visibility = createFakeVisibility([])) {
  const stored = memory();
  const { app, log } = await makeApp({ batches: stored.batches, visibility, access: { apiKeys: [shop.apiKey] } });
  const post = async (url: string, payload: object | string, headers: Record<string, string> = {}) =>
    await app.inject({
      ...{ method: 'POST', url, payload },
      headers: {
        ...shop.headers,
        'content-type': typeof payload === 'string' ? 'text/csv' : 'application/json',
        ...headers,
      },
    });
  const get = async (url: string) => await app.inject({ method: 'GET', url, headers: shop.headers });
  return { ...stored, app, log, post, get };
}

describe('POST /batches', () => {
  it('takes rows as JSON and as a file, and both are the same batch', async () => {
    const { post, rows } = await open();
    const { firstName: _firstName, ...receiver } = ROW.receiver;
    const first = await post('/batches', { batchId: 'B', rows: [{ ...ROW, receiver }] });
    expect(first.statusCode).toBe(202);
    expect(first.headers.location).toBe('/batches/B');
    expect(first.json()).toMatchObject({ batchId: 'B', state: 'running', rows: 1, started: 0, left: 1, by: 'shop' });
    const again = await post(
      '/batches?batchId=B',
      `${FILE}10.50,EUR,+4930,bank_account,DE89 3704 0044 0532 0130 00\r\n`,
    );
    expect(again.statusCode).toBe(200);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(rows.get('B')?.map(({ input }) => input.request.clientOrderId)).toEqual(['B-1']);
  });

  it('refuses another content, and another caller, under the id', async () => {
    const { post, known } = await open();
    await post('/batches', { batchId: 'B', rows: [ROW] });
    const other = await post('/batches', { batchId: 'B', rows: [{ ...ROW, amount: '10.51' }] });
    expect([other.statusCode, other.json().code]).toEqual([409, 'batch_differs']);
    const reading = known.get('B');
    if (reading) known.set('B', { ...reading, head: { ...reading.head, by: 'someone' } });
    const taken = await post('/batches', { batchId: 'B', rows: [ROW] });
    expect([taken.statusCode, taken.json().code]).toEqual([409, 'batch_differs']);
  });

  it('starts nothing when a row is wrong, and names every error by row and field', async () => {
    const { post, known } = await open();
    const response = await post('/batches', { batchId: 'B', rows: [ROW, WRONG, { ...ROW, currency: 'eur' }] });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      code: 'invalid_batch',
      errors: [
        { row: 2, field: 'amount', expected: 'an amount above zero' },
        { row: 3, field: 'currency' },
      ],
    });
    expect(known.size).toBe(0);
  });

  it('answers errors as the same file with one more column, guarded, that can be corrected and sent again', async () => {
    const { post, known } = await open();
    const file = `${FILE}10.50,EUR,+4930,bank_account,DE89370400440532013000\r\n0,EUR,+4931,bank_account,DE89370400440532013000\r\n`;
    const response = await post('/batches?batchId=B', file, { accept: 'text/csv' });
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.headers['cache-control']).toBe('no-store');
    const [fine, wrong] = await parseCsv(response.body);
    expect(Object.entries(fine ?? {}).at(-1)).toEqual(['errors', '']);
    expect(Object.values(fine ?? {})).toEqual(['10.50', 'EUR', "'+4930", 'bank_account', 'DE89370400440532013000', '']);
    expect(wrong?.errors).toBe('amount: expected an amount above zero');
    const corrected = response.body.replace('\r\n0,', '\r\n7,');
    expect((await post('/batches?batchId=B', corrected)).statusCode).toBe(202);
    expect(known.get('B')?.head.totals).toEqual([{ currency: 'EUR', count: 2, amount: '17.50' }]);
  });

  it('answers errors of JSON as a file too', async () => {
    const { post } = await open();
    const { body } = await post('/batches', { batchId: 'B', rows: [WRONG] }, { accept: 'text/csv' });
    expect(await parseCsv(body)).toMatchObject([{ amount: '0', 'receiver.firstName': 'Ada' }]);
  });

  it('only checks with dryRun', async () => {
    const { post, known } = await open();
    const response = await post('/batches?dryRun=true', { batchId: 'B', rows: [ROW, ROW] });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      ...{ batchId: 'B', rows: 2, totals: [{ currency: 'EUR', count: 2, amount: '21.00' }] },
      warnings: [{ row: 2, sameAs: 1 }],
    });
    expect(known.size).toBe(0);
  });

  it.each([
    ['no id', '/batches', { rows: [ROW] }, 'batchId'],
    ['an id with a card number', '/batches', { batchId: 'B-4111111111111111', rows: [ROW] }, 'batchId'],
    ['no rows', '/batches', { batchId: 'B', rows: [] }, 'rows'],
    ['a rate without bounds', '/batches?perSecond=101', { batchId: 'B', rows: [ROW] }, 'perSecond'],
    ['another field', '/batches', { batchId: 'B', rows: [ROW], start: 1 }, 'start'],
    ['a file without rows', '/batches?batchId=B', FILE, 'rows'],
    ['too many rows', '/batches', { batchId: 'B', rows: Array.from({ length: 10_001 }, () => 1) }, 'rows'],
  ])('refuses %s', async (_what, url, payload, field) => {
    const { post } = await open();
    const response = await post(url, payload);
    expect(response.statusCode).toBe(400);
    expect(response.json().errors.map((error: { field: string }) => error.field)).toEqual([field]);
  });

  it('takes at most 8 MiB; others still take 64 KiB', async () => {
    const { post } = await open();
    expect((await post('/batches?batchId=B', 'x'.repeat(8 * 1_024 * 1_024 + 1))).statusCode).toBe(413);
    expect((await post('/payouts', { description: 'x'.repeat(65_536) })).statusCode).toBe(413);
  });

  it('writes no row to the log', async () => {
    const { post, log } = await open();
    await post('/batches', { batchId: 'B', rows: [ROW, WRONG] });
    await post('/batches', { batchId: 'B', rows: [ROW] });
    expect(log()).toContain('batch asked for');
    expect(log()).not.toMatch(/DE89|Ada|4930/);
  });
});

describe('a batch', () => {
  const made = [
    makeRun('B-1', { attributes: { PayoutBatch: 'B' } }),
    makeRun('B-3', { attributes: { PayoutBatch: 'b' } }),
  ];
  const withRecord = async (record: object, isOpen = true) => {
    const opened = await open(createFakeVisibility([[/./, made]]));
    await opened.post('/batches', { batchId: 'B', rows: [ROW, ROW, ROW, ROW] });
    const reading = opened.known.get('B');
    if (reading) opened.known.set('B', { ...reading, record: { ...OPEN_BATCH, ...record }, isOpen });
    return opened;
  };
  const progress = { next: 4, failed: [{ from: 2, to: 2, why: 'client_order_id_taken' }] };

  it('shows how far it is, what failed, and how its payouts stand', async () => {
    const { get } = await withRecord({ progress });
    expect((await get('/batches/B')).json()).toMatchObject({
      ...{ state: 'running', rows: 4, started: 2, failed: 1, left: 1 },
      ...{ payouts: { made: 2, open: 2, inReview: 2, paid: 2 }, isSettled: false },
    });
    expect((await get('/batches')).json()).toMatchObject({
      batches: [{ batchId: 'B', payouts: null }],
      nextCursor: null,
    });
  });

  it.each([
    ['paused', true, 'paused'],
    ['paused', false, 'stopped'],
    ['running', false, 'stopped'],
    ['started', false, 'started'],
    ['cancelled', true, 'cancelled'],
  ])('that is recorded as %s, and open: %s, is %s', async (state, isOpen, shown) => {
    const { get } = await withRecord({ state }, isOpen);
    expect((await get('/batches/B')).json().state).toBe(shown);
  });

  it('has a result file with every row', async () => {
    const { get } = await withRecord({ progress, state: 'cancelled' });
    const response = await get('/batches/B/result');
    expect(response.headers['content-disposition']).toBe('attachment; filename="B-result.csv"');
    const rows = await parseCsv(response.body);
    expect(
      rows.map(({ row, clientOrderId, result, error, state }) => [row, clientOrderId, result, error, state]),
    ).toEqual([
      ['1', 'B-1', 'started', '', 'approved'],
      ['2', 'B-2', 'failed', 'client_order_id_taken', ''],
      ['3', 'B-3', 'started', '', ''],
      ['4', 'B-4', 'not_started', '', ''],
    ]);
  });

  it('takes acts, once for their key, with the name and the reason', async () => {
    const { post, orders } = await withRecord({});
    const response = await post('/batches/B/pause', { reason: 'wait' }, { 'idempotency-key': 'k' });
    expect(response.json()).toMatchObject({
      state: 'paused',
      acts: [{ action: 'pause', actor: 'shop', reason: 'wait' }],
    });
    expect(orders).toEqual([{ id: 'k', action: 'pause', actor: 'shop', reason: 'wait' }]);
    expect((await post('/batches/B/resume', { reason: 'wait' })).json()).toMatchObject({
      ...{ code: 'not_allowed', errors: [{ field: 'state', expected: 'a batch that is paused' }] },
    });
  });

  it('that is unknown is not found', async () => {
    const { get, post } = await open();
    for (const path of ['/batches/none', '/batches/none/result', '/batches/-'])
      expect((await get(path)).statusCode).toBe(404);
    expect((await post('/batches/none/cancel', { reason: 'x' })).statusCode).toBe(404);
  });

  it('has a template with every column, and nothing in it that could be paid', async () => {
    const { get, post } = await open();
    const { body } = await get('/batches/template.csv');
    expect(body.split('\r\n')).toHaveLength(2);
    expect(body).toContain('destination.accountNumber');
    expect((await post('/batches?batchId=B', body)).statusCode).toBe(400);
  });
});

it(`a batch keeps the time at which it was taken`, async () => {
  const { post, known } = await open();
  await post('/batches?perSecond=3&window=2', { batchId: 'B', rows: [ROW] });
  expect(known.get('B')?.head).toMatchObject({ acceptedAtMs: START_MS, perSecond: 3, window: 2 });
});
