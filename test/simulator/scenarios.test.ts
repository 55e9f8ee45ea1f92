import { FINAL_STATUSES } from '../../simulator/orders/order';
import { findScenario, SCENARIOS, scenarioOfDigits } from '../../simulator/scenarios';
import { callbackControl } from '../../simulator/wire/control';
import {
  askStatus,
  CONTROL_KEY,
  controlGet,
  controlSend,
  eventually,
  makeLedgerPath,
  payoutFields,
  postSigned,
  readReply,
  startCallbackReceiver,
  startSimulator,
} from './connecting-party';

interface OrderView {
  orderId: string;
  status: string;
  callbacks: { answers: (number | null)[]; done: boolean; variant: string }[];
}

const ledger = makeLedgerPath();
let simulator: Awaited<ReturnType<typeof startSimulator>>;
let receiver: Awaited<ReturnType<typeof startCallbackReceiver>>;

beforeAll(async () => {
  simulator = await startSimulator({ ledgerPath: ledger.path });
});
afterAll(async () => {
  await simulator.stop();
  ledger.remove();
});
beforeEach(async () => {
  receiver = await startCallbackReceiver();
});
afterEach(() => receiver.stop());

let serial = 0;

/** One create call, with what came back (or that nothing did) and a look at the rest. */
async function play(digits: string, more: Record<string, string> = {}) {
  serial += 1;
  const clientOrderId = `PO-${digits}-${serial}`;
  const url = `${simulator.baseUrl}/api/v4/payout/1144`;
  const fields = payoutFields(digits, { client_orderid: clientOrderId, notify_url: receiver.url, ...more });
  const answer = await postSigned(url, fields)
    .then(async (response) => ({ httpStatus: response.status, text: await response.text() }))
    .catch((error: Error & { cause?: { code?: string } }) => ({ httpStatus: 0, text: error.cause?.code ?? '' }));
  const orders = async () =>
    (await controlGet<{ orders: OrderView[] }>(simulator.controlUrl, `/orders?clientOrderId=${clientOrderId}`)).orders;
  const status = async () => {
    const response = await askStatus(simulator.baseUrl, clientOrderId);
    return { httpStatus: response.status, ...(await readReply(response)) } as Record<string, string | number>;
  };
  const settled = async (callbacks: number) => {
    const [order] = await eventually(
      orders,
      ([first]) => (first?.callbacks.filter(({ done }) => done).length ?? 0) === callbacks,
    );
    return order as OrderView;
  };
  const reply = Object.fromEntries([...new URLSearchParams(answer.text)].map(([k, v]) => [k, v.trim()]));
  return { clientOrderId, answer, reply, orders, status, settled };
}

const receivedStatuses = () => receiver.received.map(({ query }) => query.get('status'));

async function expectNothingCreated(played: Awaited<ReturnType<typeof play>>) {
  expect(await played.orders()).toEqual([]);
  expect(await played.status()).toMatchObject({ type: 'validation-error' });
}

test('digits and names are unique, and unmatched digits are approved', () => {
  const digits = SCENARIOS.flatMap((scenario) => scenario.digits);
  expect(new Set(digits).size).toBe(digits.length);
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  expect(SCENARIOS).toHaveLength(32);
  expect(scenarioOfDigits('777').name).toBe('approved');
});

test.each([
  ['000', 'approved', undefined],
  ['777', 'approved', undefined],
  ['116', 'declined', '116'],
  ['101', 'declined', '101'],
  ['119', 'declined', '119'],
  ['209', 'declined', '209'],
  ['600', 'filtered', '102'],
  ['601', 'error', '909'],
  ['610', 'approved', undefined],
])('%s ends %s in status and one callback', async (digits, status, code) => {
  const played = await play(digits);
  expect(played.reply).toMatchObject({ type: 'async-response', 'merchant-order-id': played.clientOrderId });
  const order = await played.settled(1);
  const reply = await played.status();
  expect(reply).toMatchObject({ status, amount: '10.50', 'order-stage': `payout_${status}` });
  expect(reply['error-code']).toBe(code);
  expect(receiver.received).toHaveLength(1);
  const query = receiver.received[0]?.query ?? new URLSearchParams();
  expect(Object.fromEntries(query)).toMatchObject({
    src: 'gw',
    status,
    type: 'payout',
    orderid: order.orderId,
    client_orderid: played.clientOrderId,
    merchant_order: played.clientOrderId,
    amount: '10.50',
    currency: 'EUR',
    control: callbackControl({
      status,
      orderId: order.orderId,
      clientOrderId: played.clientOrderId,
      controlKey: CONTROL_KEY,
    }),
  });
  expect(query.get('error_code')).toBe(code ?? null);
});

test('slow takes slowMs, whatever the others take', async () => {
  await controlSend(simulator.controlUrl, 'PATCH', '/settings', { slowMs: 1_000_000 });
  const slow = await play('610');
  await (await play('000')).settled(1);
  expect((await slow.orders())[0]?.status).toBe('processing');
  await controlSend(simulator.controlUrl, 'PATCH', '/settings', { slowMs: 0 });
  expect((await slow.settled(1)).status).toBe('approved');
});

test.each([
  ['611', 'processing'],
  ['713', 'on_hold'],
])('%s stays %s and sends no callback', async (digits, status) => {
  const played = await play(digits);
  const later = await play('218');
  await later.settled(2);
  await eventually(played.status, (reply) => reply.status === status);
  expect(FINAL_STATUSES).not.toContain((await played.status()).status);
  expect(receivedStatuses().sort()).toEqual(['approved', 'unknown']);
});

test.each([
  ['400', 200, 'validation-error'],
  ['401', 200, 'error'],
])('%s is refused with HTTP %i %s and creates nothing', async (digits, httpStatus, type) => {
  const played = await play(digits);
  expect(played.answer.httpStatus).toBe(httpStatus);
  expect(played.reply).toMatchObject({ type, 'error-code': '1' });
  expect(played.reply['paynet-order-id']).toBeUndefined();
  await expectNothingCreated(played);
});

test.each([
  ['403', 403, '<h1>403 Forbidden</h1>'],
  ['501', 500, '<h1>500 Internal Server Error</h1>'],
  ['505', 0, 'ECONNRESET'],
  ['719', 302, ''],
])('%s answers HTTP %i and creates nothing', async (digits, httpStatus, text) => {
  const played = await play(digits);
  expect(played.answer).toEqual({ httpStatus, text });
  await expectNothingCreated(played);
});

test('a followed redirect is counted', async () => {
  const hits = async () =>
    (await controlGet<{ redirectsFollowed: number }>(simulator.controlUrl, '/stats')).redirectsFollowed;
  const before = await hits();
  const url = `${simulator.baseUrl}/api/v4/payout/1144`;
  const location = (await postSigned(url, payoutFields('719'))).headers.get('location') ?? '';
  expect(await hits()).toBe(before);
  await fetch(location);
  expect(await hits()).toBe(before + 1);
});

test.each([
  ['504', 0, 'UND_ERR_SOCKET'],
  ['506', 0, 'ECONNRESET'],
  ['500', 500, '<h1>500 Internal Server Error</h1>'],
  ['717', 0, 'UND_ERR_SOCKET'],
])('%s answers HTTP %i %s, and the order is approved all the same', async (digits, httpStatus, text) => {
  const played = await play(digits);
  expect(played.answer).toEqual({ httpStatus, text });
  expect(await played.orders()).toHaveLength(1);
  await played.settled(1);
  expect(await played.status()).toMatchObject({ status: 'approved' });
  expect(receivedStatuses()).toEqual(['approved']);
});

test('718 answers a page, and the order is approved all the same', async () => {
  const played = await play('718');
  expect(played.answer.httpStatus).toBe(200);
  expect(played.answer.text).toMatch(/^<!doctype html>/);
  expect((await played.settled(1)).status).toBe('approved');
});

test('716 names other ids; the real order is approved', async () => {
  const played = await play('716');
  const order = await played.settled(1);
  expect(played.reply['merchant-order-id']).toBe(`${played.clientOrderId}-other`);
  expect(played.reply['paynet-order-id']).toMatch(/^\d{1,20}$/);
  expect(played.reply['paynet-order-id']).not.toBe(order.orderId);
  expect(order.status).toBe('approved');
});

test('703 has the callback answered before the reply', async () => {
  const played = await play('703');
  // Not waited for: the callback is here as soon as the reply is.
  expect(receivedStatuses()).toEqual(['approved']);
  expect(played.reply).toMatchObject({ type: 'async-response' });
});

test('703 without a callback address still answers', async () => {
  expect((await play('703', { notify_url: '' })).reply).toMatchObject({ type: 'async-response' });
});

test('701 delivers the same callback twice after a 200', async () => {
  const played = await play('701');
  await played.settled(2);
  expect(receiver.received).toHaveLength(2);
  expect(String(receiver.received[0]?.query)).toBe(String(receiver.received[1]?.query));
});

test('704 sends a wrong control before the right one, each once', async () => {
  const played = await play('704');
  const order = await played.settled(2);
  const control = callbackControl({
    status: 'approved',
    orderId: order.orderId,
    clientOrderId: played.clientOrderId,
    controlKey: CONTROL_KEY,
  });
  expect(receiver.received.map(({ query }) => query.get('control') === control)).toEqual([false, true]);
  expect(receiver.received[0]?.query.get('control')).toMatch(/^[0-9a-f]{40}$/);
});

test('710 answers no status request, the callback says approved', async () => {
  const played = await play('710');
  await played.settled(1);
  expect(await played.status()).toMatchObject({ httpStatus: 500 });
  expect(receivedStatuses()).toEqual(['approved']);
});

test('700 sends no callback', async () => {
  const played = await play('700');
  const other = await play('218');
  await other.settled(2);
  expect(await played.status()).toMatchObject({ status: 'approved' });
  expect(receivedStatuses().sort()).toEqual(['approved', 'unknown']);
});

test('711: callback approved, status declined', async () => {
  const played = await play('711');
  await played.settled(1);
  expect(await played.status()).toMatchObject({ status: 'declined' });
  expect(receivedStatuses()).toEqual(['approved']);
  expect(receiver.received[0]?.query.has('error_code')).toBe(false);
});

test('712 names another amount in status and callback', async () => {
  const played = await play('712');
  await played.settled(1);
  expect(await played.status()).toMatchObject({ status: 'approved', amount: '11.50', 'initial-amount': '10.50' });
  expect(receiver.received[0]?.query.get('amount')).toBe('11.50');
});

test('714 is reset; the order is not found until lateMs have passed, then approved with a callback', async () => {
  await controlSend(simulator.controlUrl, 'PATCH', '/settings', { lateMs: 1_000_000 });
  const early = await play('714');
  expect(early.answer.text).toBe('ECONNRESET');
  expect(await early.status()).toMatchObject({ type: 'validation-error' });
  expect(await early.orders()).toHaveLength(1);

  await controlSend(simulator.controlUrl, 'PATCH', '/settings', { lateMs: 20 });
  const played = await play('714');
  expect(played.answer.text).toBe('ECONNRESET');
  await played.settled(1);
  expect(await played.status()).toMatchObject({ status: 'approved' });
  expect(receivedStatuses()).toEqual(['approved']);
});

test('715 reports a reversal later, to notify_url only', async () => {
  const played = await play('715');
  await played.settled(2);
  expect(receiver.received.map(({ query }) => query.get('type'))).toEqual(['payout', 'reversal']);
  expect(await played.status()).toMatchObject({ status: 'approved' });

  const without = await play('715', { notify_url: '', server_callback_url: receiver.url });
  await without.settled(1);
  await (await play('218')).settled(2);
  expect(receiver.received.filter(({ query }) => query.get('type') === 'reversal')).toHaveLength(1);
  expect((await without.orders())[0]?.callbacks).toHaveLength(1);
});

test('notify_url wins over server_callback_url', async () => {
  const other = await startCallbackReceiver();
  await (await play('000', { server_callback_url: other.url })).settled(1);
  expect([receiver.received.length, other.received.length]).toEqual([1, 0]);
  await other.stop();
});

test.each([
  ['217', ['unknown'], 'unknown'],
  ['218', ['unknown', 'approved'], 'approved'],
  ['219', ['unknown', 'declined'], 'declined'],
])('%s sends callbacks %j', async (digits, statuses, last) => {
  const played = await play(digits);
  await played.settled(statuses.length);
  expect(receivedStatuses().sort()).toEqual([...statuses].sort());
  expect(await played.status()).toMatchObject({ status: last });
});

test('the card number chooses when there is no account number', async () => {
  const played = await play('000', { account_number: '', credit_card_number: '4444444444444116' });
  expect((await played.settled(1)).status).toBe('declined');
});

test('every verdict of create is on stdout with its scenario', async () => {
  const played = await play('600');
  const lines = simulator.lines.map((line) => JSON.parse(line) as Record<string, string>);
  expect(lines.filter(({ clientOrderId }) => clientOrderId === played.clientOrderId)).toEqual([
    expect.objectContaining({
      event: 'request',
      route: 'v4/payout',
      method: 'POST',
      verdict: 'accepted',
      scenario: 'filtered',
      orderId: played.reply['paynet-order-id'],
    }),
  ]);
  expect(findScenario('filtered')?.digits).toEqual(['600']);
  await played.settled(1);
});
