import { etagOf } from '../../../src/api/payouts/payout-answer';
import type { OperatorOrder } from '../../../src/domain/operator';
import { TemporalUnavailable } from '../../../src/store/errors';
import { makeFinal, makeFollowed, makePayout } from '../../domain/samples';
import { countCalls, makeReading, makeStore, problemBody, shareApp } from '../app-harness';

const share = shareApp();
async function post(
  path: string,
  options: { body?: object; headers?: Record<string, string>; store?: ReturnType<typeof makeStore> },
) {
  const { app, store } = await share({ store: options.store });
  const response = await app.inject({
    method: 'POST',
    url: `/payouts/${path}`,
    headers: { 'content-type': 'application/json', ...options.headers },
    payload: JSON.stringify(options.body ?? { reason: 'asked by the caller' }),
  });
  return { response, store };
}

const doing = (order: Partial<OperatorOrder>) => [['PO-000001', expect.objectContaining({ actor: 'local', ...order })]];

it.each(['check', 'cancel', 'resend', 'note'] as const)(
  '%s is performed with its reason, actor and id',
  async (action) => {
    const store = makeStore({ operate: async () => makeFollowed() });
    const { response } = await post(`PO-000001/${action}`, { store, headers: { 'idempotency-key': 'act-1' } });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ clientOrderId: 'PO-000001', state: 'processing' });
    expect(store.operate.mock.calls).toEqual(doing({ action, id: 'act-1', reason: 'asked by the caller' }));
  },
);

it('resolve is performed with its outcome', async () => {
  const store = makeStore({ operate: async () => makeFinal('declined') });
  const { response } = await post('PO-000001/resolve', {
    store,
    body: { reason: 'bank said so', outcome: 'declined' },
  });
  expect(response.json()).toMatchObject({ state: 'declined', outcome: 'declined' });
  expect(store.operate.mock.calls).toEqual(doing({ action: 'resolve', reason: 'bank said so', against: null }));
});

it('resolve against the last word of the gateway is refused with the field that has to name it', async () => {
  const store = makeStore({
    operate: async () => ({ refusal: 'against_last_word' }),
    read: async () => makeReading(),
  });
  const body = { reason: 'letter', outcome: 'approved', against: 'declined' };
  const { response } = await post('PO-000001/resolve', { store, body });
  expect(store.operate.mock.calls).toEqual(doing({ action: 'resolve', against: 'declined' }));
  expect(response.statusCode).toBe(409);
  expect(response.json()).toMatchObject({ code: 'not_allowed', errors: [{ field: 'against' }] });
});

it('an act without an id of the caller gets one of its own each time', async () => {
  const store = makeStore({ operate: async () => makeFollowed() });
  await post('PO-000001/check', { store });
  await post('PO-000001/check', { store });
  const ids = store.operate.mock.calls.map(([, order]) => order.id);
  expect(new Set(ids).size).toBe(2);
});

it.each([
  ['check', {}, 'reason'],
  ['cancel', { reason: '' }, 'reason'],
  ['resend', { reason: 'x'.repeat(501) }, 'reason'],
  ['check', { reason: 'card 4444 3333 2222 1111 of the Receiver' }, 'reason'],
  ['resolve', { reason: 'card 4444333322221111', outcome: 'declined' }, 'reason'],
  ['resolve', { reason: 'seen' }, 'outcome'],
  ['resolve', { reason: 'seen', outcome: 'rejected' }, 'outcome'],
  ['resolve', { reason: 'seen', outcome: 'approved', against: 'processing' }, 'against'],
  ['check', { reason: 'seen', outcome: 'approved' }, 'outcome'],
])('%s with %j is refused with the name of the field', async (action, body, field) => {
  const { response, store } = await post(`PO-000001/${action}`, { body });
  expect(response.statusCode).toBe(400);
  expect(response.json().errors.map((error: { field: string }) => error.field)).toEqual([field]);
  expect(countCalls(store)).toBe(0);
});

it('what the state does not allow is 409 and says what it needs', async () => {
  const store = makeStore({ operate: async () => ({ refusal: 'already_sent' }), read: async () => makeReading() });
  const { response } = await post('PO-000001/cancel', { store });
  expect(response.statusCode).toBe(409);
  expect(response.json()).toMatchObject({
    code: 'not_allowed',
    errors: [{ field: 'state', expected: 'a payout that was not sent' }],
  });
});

it('an act that was done already is answered with the payout, also when that is closed', async () => {
  const operator = { id: 'act-1', actor: 'local', reason: 'seen' };
  const done = makeFinal('declined', {
    evidence: [
      {
        source: 'operator',
        what: 'resolve_declined',
        orderId: null,
        stage: null,
        serialNumber: null,
        contradicts: false,
        atMs: 1,
        lastAtMs: 1,
        times: 1,
        operator,
      },
    ],
  });
  const store = makeStore({ operate: async () => null, read: async () => makeReading(done, { isClosed: true }) });
  const headers = { 'idempotency-key': 'act-1' };
  const { response } = await post('PO-000001/resolve', {
    store,
    headers,
    body: { reason: 'seen', outcome: 'declined' },
  });
  expect(response.statusCode).toBe(200);
  const other = await post('PO-000001/resolve', { store, body: { reason: 'seen', outcome: 'approved' } });
  expect(other.response.statusCode).toBe(409);
});

it.each(['open', 'closed'])('another act under a used key is 409, of a payout that is %s', async (state) => {
  const operator = { id: 'act-1', actor: 'local', reason: 'seen' };
  const entry = { source: 'operator', what: 'check', orderId: null, stage: null, serialNumber: null } as const;
  const payout = makeFollowed({
    evidence: [{ ...entry, contradicts: false, atMs: 1, lastAtMs: 1, times: 1, operator }],
  });
  const store = makeStore({
    operate: async () => (state === 'open' ? { refusal: 'id_used' } : null),
    read: async () => makeReading(payout),
  });
  const headers = { 'idempotency-key': 'act-1' };
  const same = await post('PO-000001/check', { store, headers, body: { reason: 'seen' } });
  expect(same.response.statusCode).toBe(200);
  for (const [action, body] of [
    ['cancel', { reason: 'seen' }],
    ['check', { reason: 'seen again' }],
    ['resolve', { reason: 'seen', outcome: 'approved' }],
  ] as const) {
    const { response } = await post(`PO-000001/${action}`, { store, headers, body });
    expect(response.json()).toEqual(problemBody('idempotency_key_used'));
  }
});

it('an unknown payout is 404, and so is an impossible id', async () => {
  expect((await post('PO-000009/check', {})).response.statusCode).toBe(404);
  const { response, store } = await post('1/check', {});
  expect(response.statusCode).toBe(404);
  expect(store.operate).toHaveBeenCalledTimes(0);
});

it('Temporal out of reach is 503', async () => {
  const store = makeStore({
    operate: async () => {
      throw new TemporalUnavailable();
    },
  });
  const { response } = await post('PO-000001/check', { store });
  expect(response.statusCode).toBe(503);
  expect(response.headers['retry-after']).toBe('5');
});

describe('an act that says which payout was seen', () => {
  const inReview = makeReading(makePayout({ state: 'needs_review', attention: 'outcome_unknown' }));
  const seen = etagOf(inReview.payout, inReview.lateEvents);
  const resend = async (etag: string, reading = inReview) => {
    const store = makeStore({ operate: async () => makeFollowed(), read: async () => reading });
    const { response } = await post('PO-000001/resend', {
      store,
      headers: { 'if-match': etag, 'idempotency-key': 'act-1' },
    });
    return [response.statusCode, store.operate.mock.calls.length];
  };

  it('is performed while the payout is what was seen, also behind a proxy that compresses', async () => {
    expect(await resend(seen)).toEqual([200, 1]);
    expect(await resend(seen.replace(/^W\/(.*)"$/, '$1-gzip"'))).toEqual([200, 1]);
  });

  it('is refused when it has changed since: nothing is done', async () => {
    const changed = makeReading({ ...inReview.payout, attention: 'conflict' });
    expect(await resend(seen, changed)).toEqual([412, 0]);
  });

  it('is answered as done when it was done before, though that changed it', async () => {
    const entry = {
      orderId: null,
      stage: null,
      serialNumber: null,
      contradicts: false,
      atMs: 1,
      lastAtMs: 1,
      times: 1,
    };
    const operator = { id: 'act-1', actor: 'local', reason: 'asked by the caller' };
    const evidence = [{ ...entry, source: 'operator' as const, what: 'resend', operator }];
    expect((await resend(seen, makeReading(makePayout({ state: 'sending', evidence }))))[0]).toBe(200);
  });
});
