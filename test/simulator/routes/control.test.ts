import {
  controlGet,
  controlSend,
  eventually,
  makeLedgerPath,
  payoutFields,
  postSigned,
  readReply,
  startCallbackReceiver,
  startSimulator,
} from '../connecting-party';

const ledger = makeLedgerPath();
let simulator: Awaited<ReturnType<typeof startSimulator>>;
let receiver: Awaited<ReturnType<typeof startCallbackReceiver>>;

beforeAll(async () => {
  simulator = await startSimulator({ ledgerPath: ledger.path });
  receiver = await startCallbackReceiver();
});
afterAll(async () => {
  await simulator.stop();
  await receiver.stop();
  ledger.remove();
});

const receivedFor = (clientOrderId: string) =>
  receiver.received.filter(
    ({ query, body }) =>
      (query.get('client_orderid') ?? new URLSearchParams(body).get('client_orderid')) === clientOrderId,
  );

const post = (path: string, body: unknown) => controlSend(simulator.controlUrl, 'POST', path, body);
const create = async (clientOrderId: string, digits = '611', more: Record<string, string> = {}) => {
  const fields = payoutFields(digits, { client_orderid: clientOrderId, notify_url: receiver.url, ...more });
  return readReply(await postSigned(`${simulator.baseUrl}/api/v4/payout/1144`, fields));
};
const ordersOf = async (clientOrderId: string) =>
  (
    await controlGet<{ orders: { scenario: string; status: string; done: boolean }[] }>(
      simulator.controlUrl,
      `/orders?clientOrderId=${clientOrderId}`,
    )
  ).orders;

test('a scenario is forced by client order id, for as long as nothing replaces it', async () => {
  expect((await post('/force', { clientOrderId: 'PO-f', scenario: 'refuses' })).httpStatus).toBe(200);
  expect((await create('PO-f', '000')).type).toBe('validation-error');
  expect((await create('PO-f', '000')).type).toBe('validation-error');
  await post('/force', { clientOrderId: 'PO-f', scenario: 'filtered' });
  await create('PO-f', '000');
  expect(await ordersOf('PO-f')).toMatchObject([{ scenario: 'filtered' }]);
});

test('a scenario is forced for the next N orders, then the digits rule again', async () => {
  await post('/force', { count: 2, scenario: 'error' });
  for (const id of ['PO-n1', 'PO-n2', 'PO-n3']) await create(id);
  const scenarios = await Promise.all(['PO-n1', 'PO-n2', 'PO-n3'].map(async (id) => (await ordersOf(id))[0]?.scenario));
  expect(scenarios).toEqual(['error', 'error', 'stays_processing']);
});

test('an order is done when neither a status nor a callback is to come', async () => {
  await post('/force', {
    clientOrderId: 'PO-d',
    scenario: 'callback_twice',
    settings: { processingMs: 50, callbackDelayMs: 50 },
  });
  await create('PO-d');
  expect(await ordersOf('PO-d')).toMatchObject([{ done: false }]);
  await eventually(
    () => ordersOf('PO-d'),
    ([order]) => order?.done === true,
  );
  expect(receivedFor('PO-d')).toHaveLength(2);
  await create('PO-e', '611');
  expect(await ordersOf('PO-e')).toMatchObject([{ status: 'processing', done: true }]);
});

test('settings of one order alone', async () => {
  await controlSend(simulator.controlUrl, 'PATCH', '/settings', { processingMs: 1_000_000 });
  await post('/force', { clientOrderId: 'PO-s1', scenario: 'approved', settings: { processingMs: 1 } });
  await create('PO-s1', '000');
  await create('PO-s2', '000');
  await eventually(
    () => ordersOf('PO-s1'),
    ([order]) => order?.status === 'approved',
  );
  expect((await ordersOf('PO-s2'))[0]?.status).toBe('processing');
  // A change reaches orders that already wait.
  await controlSend(simulator.controlUrl, 'PATCH', '/settings', { processingMs: 5 });
  await eventually(
    () => ordersOf('PO-s2'),
    ([order]) => order?.status === 'approved',
  );
});

test('settle decides the status, with or without a callback', async () => {
  const first = await create('PO-settle-1');
  const answer = await post(`/orders/${first['paynet-order-id']}/settle`, {
    status: 'declined',
    errorCode: '119',
    errorMessage: 'No',
    amount: '9.00',
  });
  expect(answer.body).toMatchObject({ status: 'declined', errorCode: '119', amount: '9.00', final: true });
  await eventually(
    () => receivedFor('PO-settle-1').length,
    (count) => count === 1,
  );
  expect(Object.fromEntries(receivedFor('PO-settle-1')[0]?.query ?? [])).toMatchObject({
    status: 'declined',
    error_code: '119',
    amount: '9.00',
  });
  const second = await create('PO-settle-2');
  await post(`/orders/${second['paynet-order-id']}/settle`, { status: 'approved', callback: false });
  await create('PO-settle-3', '218');
  await eventually(
    () => receivedFor('PO-settle-3').length,
    (count) => count === 2,
  );
  expect(receivedFor('PO-settle-2')).toEqual([]);
});

test('callback sends now, as often and as wrong as asked, and returns the answers', async () => {
  const { 'paynet-order-id': orderId } = await create('PO-cb');
  const sent = await post(`/orders/${orderId}/callback`, { status: 'approved', times: 3 });
  expect(sent.body).toEqual({ answers: Array(3).fill({ httpStatus: 200, failure: null }) });
  await post(`/orders/${orderId}/callback`, { type: 'chargeback', orderId: '42', wrongControl: true, method: 'POST' });
  expect(receivedFor('PO-cb').map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'POST']);
  const body = new URLSearchParams(receivedFor('PO-cb')[3]?.body);
  expect(Object.fromEntries(body)).toMatchObject({ type: 'chargeback', orderid: '42', status: 'processing' });
  // By hand means once: a failure is returned and not repeated.
  const ledgerOf = await controlGet<{ entries: { kind: string }[] }>(
    simulator.controlUrl,
    '/ledger?clientOrderId=PO-cb',
  );
  expect(ledgerOf.entries.map(({ kind }) => kind)).toEqual([
    'accepted',
    ...Array(4).fill(['callback_queued', 'callback_attempt', 'callback_answer']).flat(),
  ]);
});

test('callback without an address is 409', async () => {
  const { 'paynet-order-id': orderId } = await create('PO-cb-none', '611', { notify_url: '' });
  expect((await post(`/orders/${orderId}/callback`, {})).httpStatus).toBe(409);
});

test.each([
  ['/force', {}],
  ['/force', { scenario: 'no_such' }],
  ['/force', { scenario: 'approved', count: 0 }],
  ['/force', { scenario: 'approved', settings: { colour: 1 } }],
  ['/force', []],
])('POST %s %j is 400', async (path, body) => {
  expect((await post(path, body)).httpStatus).toBe(400);
});

test('settings that make no sense are refused and change nothing', async () => {
  const before = await controlGet(simulator.controlUrl, '/settings');
  for (const change of [{ processingMs: -1 }, { processingMs: '5' }, { callbackTries: 1.5 }, { duplicates: 'x' }]) {
    expect((await controlSend(simulator.controlUrl, 'PATCH', '/settings', change)).httpStatus).toBe(400);
  }
  expect(await controlGet(simulator.controlUrl, '/settings')).toEqual(before);
});

test('an unknown order is 404', async () => {
  expect((await post('/orders/1/settle', { status: 'approved' })).httpStatus).toBe(404);
  expect((await post('/orders/1/callback', {})).httpStatus).toBe(404);
});

test('requests, stats and scenarios', async () => {
  await create('PO-seen');
  const { requests } = await controlGet<{ requests: unknown[] }>(
    simulator.controlUrl,
    '/requests?clientOrderId=PO-seen',
  );
  expect(requests).toEqual([expect.objectContaining({ verdict: 'accepted', scenario: 'stays_processing' })]);
  const stats = await controlGet<{ ordersAccepted: number; routes: Record<string, { requests: number }> }>(
    simulator.controlUrl,
    '/stats',
  );
  const { orders } = await controlGet<{ orders: unknown[] }>(simulator.controlUrl, '/orders');
  expect(stats.ordersAccepted).toBe(orders.length);
  expect(stats.routes['v4/payout']?.requests).toBeGreaterThanOrEqual(orders.length);
  const { scenarios } = await controlGet<{ scenarios: { name: string }[] }>(simulator.controlUrl, '/scenarios');
  expect(scenarios).toContainEqual(expect.objectContaining({ name: 'late_acceptance', digits: ['714'] }));
});

test('the page escapes what callers send', async () => {
  await create('<b>"PO"');
  const html = await (await fetch(`${new URL(simulator.controlUrl).origin}/`)).text();
  expect(html).toContain('&lt;b&gt;&quot;PO&quot;');
  expect(html).not.toContain('<b>');
});
