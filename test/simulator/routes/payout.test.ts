import { generateKeyPairSync } from 'node:crypto';
import { encodeQuery } from '../../../simulator/wire/form';
import {
  askStatus,
  controlGet,
  eventually,
  makeLedgerPath,
  payoutFields,
  postSigned,
  readReply,
  startCallbackReceiver,
  startSimulator,
} from '../connecting-party';
import { GOLDEN_PUBLIC_KEY, O1, O2 } from '../wire/golden-vectors';

type Running = Awaited<ReturnType<typeof startSimulator>>;
let simulator: Running;
const ledger = makeLedgerPath();

afterAll(() => ledger.remove());

describe('with the golden key behind another public address', () => {
  beforeAll(async () => {
    simulator = await startSimulator({
      ledgerPath: ledger.path,
      // Long processing: the golden request names a callback address outside.
      settings: { checkSkew: false, checkNonce: false, processingMs: 1_000_000 },
      config: { publicKey: GOLDEN_PUBLIC_KEY, publicBaseUrl: 'https://sandbox.example.com/paynet' },
    });
  });
  afterAll(() => simulator.stop());

  const send = (path: string, body: string, authorization: string) =>
    fetch(`${new URL(simulator.controlUrl).origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization },
      body,
    });
  const bodyOf = (pairs: typeof O1.body) => encodeQuery(Object.fromEntries(pairs));

  test('O1 is accepted and O2 finds it', async () => {
    const created = await send('/paynet/api/v4/payout/1144', bodyOf(O1.body), O1.authorization);
    expect(created.status).toBe(200);
    expect(await readReply(created)).toMatchObject({ type: 'async-response', 'merchant-order-id': 'PO-000001' });
    // O2 names an order id of its own, so the order is not found, but the signature is right.
    const status = await send('/paynet/api/v4/status/1144', bodyOf(O2.body), O2.authorization);
    expect(status.status).toBe(200);
    expect(await readReply(status)).toMatchObject({ type: 'validation-error', 'error-code': '1' });
  });

  test.each<[string, string, string]>([
    ['another amount', bodyOf(O1.body).replace('amount=10.50', 'amount=10.51'), O1.authorization],
    ['an extra body field', `${bodyOf(O1.body)}&purpose=x`, O1.authorization],
    ['HMAC-SHA1', bodyOf(O1.body), O1.authorization.replace('RSA-SHA256', 'HMAC-SHA1')],
    ['another consumer', bodyOf(O1.body), O1.authorization.replace('cp-demo', 'cp-other')],
    ['another endpoint', bodyOf(O1.body), O1.authorization],
  ])('%s is 403 and creates nothing', async (name, body, authorization) => {
    const before = await controlGet<{ ordersAccepted: number }>(simulator.controlUrl, '/stats');
    const path = name === 'another endpoint' ? '/paynet/api/v4/payout/1145' : '/paynet/api/v4/payout/1144';
    expect((await send(path, body, authorization)).status).toBe(403);
    const after = await controlGet<{ ordersAccepted: number }>(simulator.controlUrl, '/stats');
    expect(after.ordersAccepted).toBe(before.ordersAccepted);
  });
});

test('http in the signed URL is 403 when the public address is https', async () => {
  const path = makeLedgerPath();
  const strict = await startSimulator({ ledgerPath: path.path, config: { publicBaseUrl: 'https://127.0.0.1/paynet' } });
  const origin = new URL(strict.controlUrl).origin;
  expect((await postSigned(`${origin}/paynet/api/v4/payout/1144`, payoutFields('000'))).status).toBe(403);
  await strict.stop();
  path.remove();
});

describe('on its own address', () => {
  const own = makeLedgerPath();
  let url: string;
  beforeAll(async () => {
    simulator = await startSimulator({ ledgerPath: own.path });
    url = `${simulator.baseUrl}/api/v4/payout/1144`;
  });
  afterAll(async () => {
    await simulator.stop();
    own.remove();
  });

  test('the reply has the exact bytes of the format', async () => {
    const response = await postSigned(url, payoutFields('000', { client_orderid: 'PO-bytes' }));
    expect(response.headers.get('content-type')).toBe('text/html;charset=utf-8');
    expect(await response.text()).toMatch(
      /^type=async-response\n&serial-number=00000000-0000-0000-0000-[0-9a-f]{12}\n&merchant-order-id=PO-bytes\n&paynet-order-id=\d+\n&end-point-id=1144\n$/,
    );
  });

  test('serial numbers grow by one, in hex', async () => {
    const serialOf = async (id: string) => {
      const reply = await readReply(await postSigned(url, payoutFields('000', { client_orderid: id })));
      return Number.parseInt((reply['serial-number'] ?? '').slice(-12), 16);
    };
    const first = await serialOf('PO-sn-1');
    expect(await serialOf('PO-sn-2')).toBe(first + 1);
  });

  test('JSON mode: a refusal is 400 with a number as code, an acceptance 200', async () => {
    const headers = { accept: 'application/vnd.pay+json' };
    const refused = await postSigned(url, { ...payoutFields('000'), amount: 'x' }, { headers });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ type: 'validation-error', 'error-code': 1 });
    const accepted = await postSigned(url, payoutFields('000', { client_orderid: 'PO-json' }), { headers });
    expect(accepted.status).toBe(200);
    expect(await accepted.json()).toMatchObject({ type: 'async-response', 'merchant-order-id': 'PO-json' });
  });

  test('a refusal in form mode is 200', async () => {
    const refused = await postSigned(url, { ...payoutFields('000'), currency: '' });
    expect(refused.status).toBe(200);
    expect(await readReply(refused)).toMatchObject({ type: 'validation-error', 'error-code': '1' });
  });

  test('the group route works', async () => {
    const group = `${simulator.baseUrl}/api/v4/payout/group/77`;
    const reply = await readReply(await postSigned(group, payoutFields('000', { client_orderid: 'PO-group' })));
    expect(reply).toMatchObject({ type: 'async-response', 'end-point-id': '77' });
  });

  test.each([
    ['payout-by-ref', { account_number: '', 'destination-card-ref-id': '12345000' }, 'async-response'],
    ['payout-by-ref', {}, 'validation-error'],
    ['payout-by-ref', { 'destination-card-ref-id': '12a' }, 'validation-error'],
    ['payout', { account_number: '', 'destination-card-ref-id': '12345000' }, 'validation-error'],
  ])('%s with %j is answered %s', async (command, fields, type) => {
    const by = `${simulator.baseUrl}/api/v4/${command}/1144`;
    const client_orderid = `PO-ref-${Object.values(fields).join('-')}-${command}`;
    expect(await readReply(await postSigned(by, payoutFields('000', { client_orderid, ...fields })))).toMatchObject({
      type,
    });
  });

  test('another key is 403', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect((await postSigned(url, payoutFields('000'), { key: privateKey })).status).toBe(403);
  });

  test('a query string is 403', async () => {
    const response = await postSigned(`${url}?x=1`, payoutFields('000'));
    expect(response.status).toBe(403);
  });

  test.each([-301, 310])('a clock %i s away is 403, switched off it is taken', async (skewSeconds) => {
    const timestampSeconds = Math.floor(Date.now() / 1000) + skewSeconds;
    const fields = payoutFields('000', { client_orderid: `PO-skew-${skewSeconds}` });
    const sign = { timestampSeconds };
    expect((await postSigned(url, fields, sign)).status).toBe(403);
    await patchSettings({ checkSkew: false });
    expect((await postSigned(url, fields, sign)).status).toBe(200);
    await patchSettings({ checkSkew: true });
  });

  test('a repeated nonce is 403, switched off it is taken', async () => {
    const sign = { nonce: 'the-same', timestampSeconds: Math.floor(Date.now() / 1000) };
    const fields = payoutFields('000', { client_orderid: 'PO-nonce' });
    expect((await postSigned(url, fields, sign)).status).toBe(200);
    expect((await postSigned(url, fields, sign)).status).toBe(403);
    const verdicts = simulator.lines.map((line) => JSON.parse(line) as { verdict: string });
    expect(verdicts.filter(({ verdict }) => verdict === 'replayed_nonce')).toHaveLength(1);
    await patchSettings({ checkNonce: false });
    expect((await postSigned(url, fields, sign)).status).toBe(200);
    await patchSettings({ checkNonce: true });
  });

  test('a broken body is 400', async () => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'amount=%zz',
    });
    expect(response.status).toBe(400);
  });

  test.each([
    ['create', 2],
    ['refuse', 1],
    ['return_first', 1],
  ])('duplicates: %s leaves %i orders, also for creates of one moment', async (duplicates, orders) => {
    await patchSettings({ duplicates });
    const fields = payoutFields('000', { client_orderid: `PO-dup-${duplicates}` });
    const replies = await Promise.all(
      [postSigned(url, fields), postSigned(url, fields)].map(async (r) => readReply(await r)),
    );
    const list = await controlGet<{ orders: { orderId: string }[] }>(
      simulator.controlUrl,
      `/orders?clientOrderId=${fields.client_orderid}`,
    );
    expect(list.orders).toHaveLength(orders);
    const types = replies.map(({ type }) => type).sort();
    expect(types).toEqual(
      duplicates === 'refuse' ? ['async-response', 'validation-error'] : ['async-response', 'async-response'],
    );
    const ids = new Set(replies.map((reply) => reply['paynet-order-id']).filter(Boolean));
    expect(ids.size).toBe(orders);
    await patchSettings({ duplicates: 'create' });
    const newest = await readReply(await askStatus(simulator.baseUrl, fields.client_orderid ?? ''));
    expect(newest['paynet-order-id']).toBe(list.orders.at(-1)?.orderId);
  });

  test('no line and no answer of the control API holds the account number', async () => {
    const receiver = await startCallbackReceiver();
    const account = 'XX99SECRET0000000000000';
    const fields = payoutFields('000', {
      client_orderid: 'PO-secret',
      account_number: account,
      notify_url: receiver.url,
    });
    await postSigned(url, fields);
    await eventually(
      () => receiver.received.length,
      (count) => count === 1,
    );
    const all = await Promise.all(
      ['/orders', '/ledger', '/requests', '/stats'].map(async (path) =>
        JSON.stringify(await controlGet(simulator.controlUrl, path)),
      ),
    );
    const page = await (await fetch(`${new URL(simulator.controlUrl).origin}/`)).text();
    expect([...all, page, ...simulator.lines].join('')).toContain('PO-secret');
    expect([...all, page, ...simulator.lines].join('')).not.toContain('SECRET0');
    await receiver.stop();
  });

  async function patchSettings(change: Record<string, unknown>) {
    const response = await fetch(`${simulator.controlUrl}/settings`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });
    expect(response.status).toBe(200);
  }
});

test('configured endpoints take their own currency only, a group those of its endpoints', async () => {
  const path = makeLedgerPath();
  const limited = await startSimulator({
    ledgerPath: path.path,
    config: {
      endpoints: [
        { id: '1144', currency: 'EUR' },
        { id: '1145', currency: 'USD' },
      ],
    },
  });
  const ask = async (route: string, currency: string) => {
    const url = `${limited.baseUrl}/api/v4/payout/${route}`;
    const reply = await readReply(await postSigned(url, payoutFields('000', { currency })));
    return reply['end-point-id'] ?? reply.type;
  };
  expect(await ask('1144', 'EUR')).toBe('1144');
  expect(await ask('1144', 'USD')).toBe('validation-error');
  expect(await ask('9', 'EUR')).toBe('validation-error');
  expect(await ask('group/5', 'USD')).toBe('1145');
  expect(await ask('group/5', 'GBP')).toBe('validation-error');
  await limited.stop();
  path.remove();
});
