import { BATCH_ACTIONS, OPEN_BATCH } from '../../../src/domain/batch';
import { START_MS } from '../../domain/samples';
import { createFakeVisibility, makeRun } from '../../store/fake-visibility';
import { parseCsv } from '../../support/parse-csv';
import { makeApp, makeBatchStore, makeCaller } from '../app-harness';
import { makeMemoryBatches } from './memory-batches';

const ROW = {
  ...{ amount: '10.50', currency: 'EUR', receiver: { firstName: 'Ada', phone: '+4930' } },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
};
const WRONG = { ...ROW, amount: '0' };
const FILE = 'amount,currency,receiver.phone,destination.type,destination.accountNumber\r\n';
const shop = makeCaller('shop', ['payouts:write', 'payouts:read', 'payouts:operate']);

async function open(visibility = createFakeVisibility([])) {
  const stored = makeMemoryBatches();
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
      ...{ approval: null, attention: null, executeAt: null, movedFrom: null, movedBecause: null },
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
    // Under a key of before, another act is not done: no answer says that it were.
    const cancelled = await post('/batches/B/cancel', { reason: 'wrong file' }, { 'idempotency-key': 'k' });
    expect([cancelled.statusCode, cancelled.json().code]).toEqual([409, 'idempotency_key_used']);
    expect((await post('/batches/B/pause', { reason: 'wait' })).json()).toMatchObject({
      ...{ code: 'not_allowed', errors: [{ field: 'state', expected: 'a batch that is running' }] },
    });
  });

  it('answers an act by what the batch decides, not by what was read of it', async () => {
    const { post, known } = await withRecord({});
    const reading = known.get('B');
    if (reading === undefined) throw new Error('expected a batch');
    const stale = { ...reading, record: { ...OPEN_BATCH, state: 'paused' as const } };
    const opened = await open();
    const { app } = await makeApp({
      batches: makeBatchStore({ read: async () => stale, act: async () => ({ refusal: 'over' }) }),
      access: { apiKeys: [shop.apiKey] },
    });
    const payload = { reason: 'go on' };
    const answer = await app.inject({ method: 'POST', url: '/batches/B/resume', headers: shop.headers, payload });
    expect(answer.json()).toMatchObject({ code: 'not_allowed', errors: [{ field: 'state' }] });
    expect([answer.statusCode, opened.known.size]).toEqual([409, 0]);
    expect((await post('/batches/B/resume', payload)).statusCode).toBe(409);
  });

  it('binds a key to its endpoints, and one that is bound to none that a batch does not name', async () => {
    const bound = makeCaller('bound', ['payouts:operate', 'payouts:approve'], null, { endpoints: ['default'] });
    const other = makeCaller('other', ['payouts:operate', 'payouts:approve'], null, { endpoints: ['other'] });
    const { known, batches } = await withRecord({});
    const { app } = await makeApp({ batches, access: { apiKeys: [bound.apiKey, other.apiKey] } });
    const act = async (by: typeof bound, action: string) =>
      await app.inject({
        ...{ method: 'POST', url: `/batches/B/${action}`, headers: by.headers },
        payload: {
          reason: 'x',
          ...(action === 'approve' && { contentHash: 'x' }),
          ...(action === 'reschedule' && { executeAt: '2024-12-01T10:00:00Z' }),
        },
      });
    const statuses = async (by: typeof bound) => {
      const codes: number[] = [];
      for (const action of BATCH_ACTIONS) codes.push((await act(by, action)).statusCode);
      return codes;
    };
    expect(await statuses(other)).toEqual([403, 403, 403, 403, 403, 403]);
    const reading = known.get('B');
    if (reading) {
      const { endpoints: _endpoints, ...head } = reading.head;
      known.set('B', { ...reading, head });
      expect(await statuses(bound)).toEqual([403, 403, 403, 403, 403, 403]);
      known.set('B', reading);
    }
    expect((await act(bound, 'pause')).statusCode).toBe(200);
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

it('a batch has a time, which is said at once and moved until it starts; the same rows for another time are another batch', async () => {
  const { post, get } = await open();
  const at = '2024-11-25T10:00:00Z';
  const take = async (query: string) => await post(`/batches?${query}`, { batchId: 'B', rows: [ROW] });
  expect((await take(`executeAt=${at}`)).json()).toMatchObject({
    state: 'scheduled',
    executeAt: '2024-11-25T10:00:00.000Z',
    movedFrom: null,
  });
  expect((await take(`executeAt=${at}`)).statusCode).toBe(200);
  expect((await take('executeAt=2024-11-26T10:00:00Z')).json().code).toBe('batch_differs');
  const put = { reason: 'later', executeAt: '2024-11-27T10:00:00', timeZone: 'Europe/Berlin' };
  expect((await post('/batches/B/reschedule', put)).json()).toMatchObject({ executeAt: '2024-11-27T09:00:00.000Z' });
  expect((await get('/batches/B')).json().acts).toMatchObject([{ action: 'reschedule', reason: 'later' }]);
  const past = await post('/batches/B/reschedule', { ...put, executeAt: '2024-11-01T10:00:00' });
  expect([past.statusCode, past.json().errors[0].field]).toEqual([400, 'executeAt']);
  expect((await post('/batches?executeAt=2024-11-01T10:00:00Z', { batchId: 'C', rows: [ROW] })).json()).toMatchObject({
    ...{ code: 'invalid_batch', errors: [{ field: 'executeAt' }] },
  });
  expect((await post('/batches?timeZone=UTC', { batchId: 'C', rows: [ROW] })).statusCode).toBe(400);
});
