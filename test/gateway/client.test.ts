import { createHash, verify } from 'node:crypto';
import { toOrderId } from '../../src/domain/ids';
import type { PayoutRequest } from '../../src/domain/payout-request';
import type { GatewayClientOptions } from '../../src/gateway/client';
import { type ArrivedRequest, type Behaviour, httpReply, makeClient, startLoopback } from './loopback-gateway';
import { oracleBaseString } from './oauth-oracle';
import { BANK_PAYOUT, CALLBACK_URL, CLIENT_ORDER_ID, CONTROL_KEY, KEY_PAIR, wireForm } from './samples';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

const acceptAll: Behaviour = (socket, { fields }) => {
  const ids = { 'merchant-order-id': fields.get('client_orderid') ?? '', 'paynet-order-id': '6768788' };
  const isStatus = fields.has('login');
  socket.write(
    httpReply(
      wireForm(
        isStatus ? { type: 'status-response', ...ids, status: 'processing' } : { type: 'async-response', ...ids },
      ),
      200,
      {
        date: 'Fri, 22 Nov 2024 12:00:00 GMT',
      },
    ),
  );
};

async function start(changes: Partial<GatewayClientOptions> = {}, behave = acceptAll) {
  const gateway = await startLoopback(behave);
  const client = makeClient(gateway.baseUrl, changes);
  open.push(client, gateway);
  return { gateway, client };
}

const SUBMIT = {
  callbackUrl: CALLBACK_URL,
  redirectUrl: 'https://cp.example.org/r/token/return?x=1&y=é',
  recordSend: async () => true,
};
const submitOptions = () => ({ ...SUBMIT, deadlineMs: Date.now() + 5_000 });

/** Checks a request the way a gateway does, with nothing of the product's. */
function isSignatureValid(request: ArrivedRequest, url: string): boolean {
  const header = request.headers.authorization ?? '';
  const oauth = [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, decodeURIComponent(value)] as const,
  );
  const signature = oauth.find(([name]) => name === 'oauth_signature')?.[1] ?? '';
  const signed = [...request.fields, ...oauth.filter(([name]) => name !== 'oauth_signature')] as [string, string][];
  return verify(
    'RSA-SHA256',
    Buffer.from(oracleBaseString(url, signed)),
    KEY_PAIR.publicKey,
    Buffer.from(signature, 'base64'),
  );
}

const RECEIVER = {
  firstName: 'José',
  lastName: "O'Neil (*!)",
  email: 'jose+x@example.org',
  phone: '+371 20000000',
  ipAddress: '2001:db8::1',
  address: 'Rīgas iela 1',
  city: '東京',
  zipCode: 'LV-1000',
  country: 'LV',
  state: 'RI',
  birthday: '19800131',
};
const RECEIVER_ON_WIRE = {
  first_name: 'José',
  last_name: "O'Neil (*!)",
  email: 'jose+x@example.org',
  phone: '+371 20000000',
  ipaddress: '2001:db8::1',
  address1: 'Rīgas iela 1',
  city: '東京',
  zip_code: 'LV-1000',
  country: 'LV',
  state: 'RI',
  birthday: '19800131',
};
const ORDER_ON_WIRE = {
  client_orderid: 'PO-000001',
  amount: '10.5',
  currency: 'EUR',
  order_desc: 'Invoice #42 & fee+tax = 100%',
  purpose: 'Salary "May"',
  server_callback_url: CALLBACK_URL,
  notify_url: CALLBACK_URL,
  redirect_url: SUBMIT.redirectUrl,
  sender_tax_id: '77 😀',
};
const FULL = {
  ...BANK_PAYOUT,
  description: 'Invoice #42 & fee+tax = 100%',
  purpose: 'Salary "May"',
  receiver: RECEIVER,
  extraFields: { sender_tax_id: '77 😀' },
};
const BANK: PayoutRequest['destination'] = {
  type: 'bank_account',
  accountNumber: 'DE89370400440532013000',
  accountName: 'José O',
  bankName: 'Cool Bank',
  bankBranch: 'Main (HQ)',
  bankCode: '123',
  bankAddress: 'Street 1',
  bankZipCode: '10115',
  bankCity: 'Berlin',
  bankProvince: 'BE',
  bankArea: 'Mitte',
  routingNumber: '021000021',
};
const BANK_ON_WIRE = {
  account_number: 'DE89370400440532013000',
  account_name: 'José O',
  bank_name: 'Cool Bank',
  bank_branch: 'Main (HQ)',
  bank_code: '123',
  bank_address1: 'Street 1',
  bank_zip_code: '10115',
  bank_city: 'Berlin',
  bank_province: 'BE',
  bank_area: 'Mitte',
  routing_number: '021000021',
};
const CARD: PayoutRequest['destination'] = {
  type: 'card',
  cardNumber: '4444333322221111',
  cardHolder: 'JOSE ONEIL',
  expiryMonth: '01',
  expiryYear: '2030',
};
const CARD_ON_WIRE = {
  credit_card_number: '4444333322221111',
  card_printed_name: 'JOSE ONEIL',
  expire_month: '01',
  expire_year: '2030',
};

const CARD_REF: PayoutRequest['destination'] = { type: 'card_ref', cardRefId: '12345678' };

describe('submitPayout on the wire', () => {
  test.each([
    ['bank account', BANK, BANK_ON_WIRE],
    ['card', CARD, CARD_ON_WIRE],
    ['card by reference', CARD_REF, { 'destination-card-ref-id': '12345678' }],
  ] as const)('every field of a %s payout arrives, and no other', async (_name, destination, onWire) => {
    const { gateway, client } = await start();
    expect(await client.submitPayout({ ...FULL, destination }, submitOptions())).toMatchObject({
      outcome: 'accepted',
      orderId: '6768788',
    });
    expect(gateway.requests).toHaveLength(1);
    const [request] = gateway.requests as [ArrivedRequest];
    expect(Object.fromEntries(request.fields)).toEqual({ ...ORDER_ON_WIRE, ...RECEIVER_ON_WIRE, ...onWire });
    expect([...request.fields]).toHaveLength(Object.keys({ ...ORDER_ON_WIRE, ...RECEIVER_ON_WIRE, ...onWire }).length);
    expect(request.body).not.toContain('+');
  });

  test('method, path, headers and a signature that another implementation verifies', async () => {
    const { gateway, client } = await start({
      now: () => 1_732_276_800_999,
      makeNonce: () => '9f2c1d7ab04e4f6e8b3a5c6d7e8f9012',
    });
    await client.submitPayout(FULL, { ...SUBMIT, deadlineMs: 1_732_276_805_000 });
    const [request] = gateway.requests as [ArrivedRequest];
    expect([request.method, request.path]).toEqual(['POST', '/paynet/api/v4/payout/1144']);
    expect(request.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      'accept-encoding': 'identity',
      accept: '*/*',
      host: `127.0.0.1:${gateway.port}`,
    });
    expect(request.headers.authorization).toContain('oauth_timestamp="1732276800"');
    expect(request.headers.authorization).toContain('oauth_nonce="9f2c1d7ab04e4f6e8b3a5c6d7e8f9012"');
    expect(isSignatureValid(request, `${gateway.baseUrl}/api/v4/payout/1144`)).toBe(true);
    expect(isSignatureValid(request, `${gateway.baseUrl}/api/v4/payout/1145`)).toBe(false);
  });

  test('a group has its own path, and JSON is asked for by its media type', async () => {
    const { gateway, client } = await start({ target: { kind: 'group', id: '22' }, replyFormat: 'json' });
    expect(await client.submitPayout(BANK_PAYOUT, submitOptions())).toMatchObject({ outcome: 'unconfirmed' });
    const [request] = gateway.requests as [ArrivedRequest];
    expect([request.path, request.headers.accept]).toEqual([
      '/paynet/api/v4/payout/group/22',
      'application/vnd.pay+json',
    ]);
  });

  test('a card by its reference has a command of its own, signed as such', async () => {
    const { gateway, client } = await start();
    await client.submitPayout({ ...BANK_PAYOUT, destination: CARD_REF }, submitOptions());
    const [request] = gateway.requests as [ArrivedRequest];
    expect(request.path).toBe('/paynet/api/v4/payout-by-ref/1144');
    expect(isSignatureValid(request, `${gateway.baseUrl}/api/v4/payout-by-ref/1144`)).toBe(true);
  });

  test('nonces differ from call to call', async () => {
    const { gateway, client } = await start();
    for (let call = 0; call < 3; call += 1) await client.submitPayout(BANK_PAYOUT, submitOptions());
    const nonces = gateway.requests.map(
      ({ headers }) => /oauth_nonce="([^"]+)"/.exec(headers.authorization ?? '')?.[1],
    );
    expect(new Set(nonces).size).toBe(3);
  });

  test('the timestamp is that of the call', async () => {
    let nowMs = 1_732_276_800_000;
    const { gateway, client } = await start({ now: () => nowMs });
    for (const laterMs of [0, 1_000, 60_000]) {
      nowMs += laterMs;
      await client.submitPayout(BANK_PAYOUT, { ...SUBMIT, deadlineMs: nowMs + 5_000 });
    }
    const timestamps = gateway.requests.map(
      ({ headers }) => /oauth_timestamp="(\d+)"/.exec(headers.authorization ?? '')?.[1],
    );
    expect(timestamps).toEqual(['1732276800', '1732276801', '1732276861']);
  });

  test('what is not on record leaves no byte; what is leaves once, and after it', async () => {
    const { gateway, client } = await start();
    const recordSend = jest.fn(async () => false);
    const unsent = { outcome: 'not_sent', cause: 'not_recorded' };
    expect(await client.submitPayout(BANK_PAYOUT, { ...submitOptions(), recordSend })).toEqual(unsent);
    expect(gateway.requests).toHaveLength(0);
    recordSend.mockImplementation(async () => gateway.requests.length === 0);
    await client.submitPayout(BANK_PAYOUT, { ...submitOptions(), recordSend });
    expect(gateway.requests).toHaveLength(1);
    expect(recordSend).toHaveBeenCalledTimes(2);
  });

  test('a deadline in the past and unfit input leave no byte', async () => {
    const { gateway, client } = await start();
    expect(await client.submitPayout(BANK_PAYOUT, { ...SUBMIT, deadlineMs: Date.now() - 1 })).toEqual({
      outcome: 'not_sent',
      cause: 'past_deadline',
    });
    const unfit: [PayoutRequest, Partial<ReturnType<typeof submitOptions>>][] = [
      [{ ...BANK_PAYOUT, extraFields: { amount: '1' } }, {}],
      [{ ...BANK_PAYOUT, description: '\uD800' }, {}],
      [BANK_PAYOUT, { callbackUrl: 'cp.example.org' }],
      [BANK_PAYOUT, { redirectUrl: 'javascript:1' }],
      [BANK_PAYOUT, { deadlineMs: Number.NaN }],
    ];
    for (const [request, changes] of unfit) {
      await expect(client.submitPayout(request, { ...submitOptions(), ...changes })).rejects.toThrow(RangeError);
    }
    expect(gateway.connections()).toBe(0);
  });
});

describe('fetchOrderStatus on the wire', () => {
  test('the time of the whole call bounds the wait for the answer, however long the endpoint allows', async () => {
    const { gateway, client } = await start({ timeouts: { connectMs: 5_000, answerMs: 3_600_000 } }, () => undefined);
    const ids = { clientOrderId: BANK_PAYOUT.clientOrderId, orderId: null };
    await expect(client.fetchOrderStatus(ids, { timeoutMs: 300 })).rejects.toMatchObject({ kind: 'no_answer' });
    expect(gateway.requests).toHaveLength(1);
  });

  const ids = { clientOrderId: CLIENT_ORDER_ID, orderId: toOrderId('6768788') };

  test('v2 carries login, ids and control', async () => {
    const { gateway, client } = await start();
    const answer = await client.fetchOrderStatus({ ...ids, serialNumber: 'sn-1' }, { timeoutMs: 2_000 });
    expect(answer).toMatchObject({ found: true, report: { status: 'processing', orderId: '6768788' } });
    const [request] = gateway.requests as [ArrivedRequest];
    expect(request.path).toBe('/paynet/api/v2/status/1144');
    expect(request.headers.authorization).toBeUndefined();
    expect(Object.fromEntries(request.fields)).toEqual({
      login: 'cp-demo',
      client_orderid: 'PO-000001',
      orderid: '6768788',
      'by-request-sn': 'sn-1',
      control: '08c156334b2a98de0b751a6a1c964c13f48e4538',
    });
  });

  test('v2 by client order id alone', async () => {
    const { gateway, client } = await start();
    expect(await client.fetchOrderStatus({ ...ids, orderId: null }, { timeoutMs: 2_000 })).toMatchObject({
      found: true,
    });
    const control = createHash('sha1').update(`cp-demoPO-000001${CONTROL_KEY}`).digest('hex');
    expect([...(gateway.requests[0]?.fields ?? [])]).toEqual([
      ['login', 'cp-demo'],
      ['client_orderid', 'PO-000001'],
      ['control', control],
    ]);
  });

  test('v4 is signed, with the login in the body and no control', async () => {
    const { gateway, client } = await start({ statusApi: 'v4' });
    await client.fetchOrderStatus(ids, { timeoutMs: 2_000 });
    const [request] = gateway.requests as [ArrivedRequest];
    expect(request.path).toBe('/paynet/api/v4/status/1144');
    expect(Object.fromEntries(request.fields)).toEqual({
      login: 'cp-demo',
      client_orderid: 'PO-000001',
      orderid: '6768788',
    });
    expect(isSignatureValid(request, `${gateway.baseUrl}/api/v4/status/1144`)).toBe(true);
  });

  test('a gateway that keeps silent is no answer within the time of the call', async () => {
    const { gateway, client } = await start({}, () => undefined);
    await expect(client.fetchOrderStatus(ids, { timeoutMs: 1_000 })).rejects.toMatchObject({
      name: 'GatewayError',
      kind: 'no_answer',
    });
    expect(gateway.requests).toHaveLength(1);
  });

  test('a gateway that is down is unreachable, and the error tells nothing', async () => {
    const { gateway, client } = await start();
    await gateway.close();
    const error: unknown = await client.fetchOrderStatus(ids, { timeoutMs: 2_000 }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: 'unreachable', message: 'the gateway could not be reached; nothing was sent' });
    expect(error).not.toHaveProperty('cause');
  });

  test('an abort ends the call', async () => {
    const controller = new AbortController();
    const { client } = await start({}, () => controller.abort());
    await expect(client.fetchOrderStatus(ids, { timeoutMs: 5_000, signal: controller.signal })).rejects.toMatchObject({
      kind: 'no_answer',
    });
  });

  test('redirect hosts are an allow-list', async () => {
    const redirectTo = 'https://sandbox.example.com/form';
    const behave: Behaviour = (socket) =>
      socket.write(
        httpReply(
          wireForm({
            type: 'status-response',
            'merchant-order-id': 'PO-000001',
            'paynet-order-id': '6768788',
            status: 'processing',
            'redirect-to': redirectTo,
          }),
        ),
      );
    const listed = await start({ redirectHosts: ['sandbox.example.com'] }, behave);
    const other = await start({ redirectHosts: ['other.example.com'] }, behave);
    expect(await listed.client.fetchOrderStatus(ids, { timeoutMs: 2_000 })).toMatchObject({ report: { redirectTo } });
    expect(await other.client.fetchOrderStatus(ids, { timeoutMs: 2_000 })).toMatchObject({
      found: true,
      report: { redirectTo: null },
    });
  });
});

describe('the client', () => {
  test('measures the clock of the gateway by its Date header', async () => {
    const ours = Date.parse('2024-11-22T11:50:00Z');
    const { client } = await start({ now: () => ours });
    expect(client.skewMs()).toBeNull();
    await client.submitPayout(BANK_PAYOUT, { ...SUBMIT, deadlineMs: ours + 5_000 });
    expect(client.skewMs()).toBe(600_500);
    await client.submitPayout(BANK_PAYOUT, { ...SUBMIT, deadlineMs: ours });
    expect(client.skewMs()).toBe(600_500);
  });

  test('keeps its socket between calls', async () => {
    const { gateway, client } = await start();
    for (let call = 0; call < 5; call += 1) await client.submitPayout(BANK_PAYOUT, submitOptions());
    expect([gateway.requests.length, gateway.connections()]).toEqual([5, 1]);
  });

  test('opens no more sockets than it may', async () => {
    const { gateway, client } = await start({ connections: 2 });
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => client.submitPayout(BANK_PAYOUT, submitOptions())),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(10);
    expect([gateway.requests.length, gateway.connections()]).toEqual([10, 2]);
  });

  test('is closed once and sends nothing afterwards', async () => {
    const { gateway, client } = await start();
    await client.close();
    expect(await client.submitPayout(BANK_PAYOUT, submitOptions())).toEqual({
      outcome: 'not_sent',
      cause: 'unreachable',
    });
    expect(gateway.connections()).toBe(0);
    open.shift();
  });

  test.each<[string, Partial<GatewayClientOptions>]>([
    ['plain http to another machine', { baseUrl: 'http://gate.example.com/paynet' }],
    ['an empty login', { login: '' }],
    ['an empty control key', { controlKey: '' }],
    ['a public key', { privateKey: KEY_PAIR.publicKey }],
    ['a target that is no number', { target: { kind: 'endpoint', id: 'x' } }],
  ])('%s stops the creation', (_name, changes) => {
    expect(() => makeClient('https://gate.example.com/paynet', changes)).toThrow(RangeError);
  });
});

test.each([
  ['both', ['notify_url', 'server_callback_url']],
  ['notify_url', ['notify_url']],
  ['server_callback_url', ['server_callback_url']],
] as const)('callback addresses sent: %s', async (callbackFields, names) => {
  const { gateway, client } = await start({ callbackFields });
  await client.submitPayout(BANK_PAYOUT, submitOptions());
  const sent = [...(gateway.requests[0]?.fields ?? [])].filter(([, value]) => value === CALLBACK_URL);
  expect(sent.map(([name]) => name).sort()).toEqual(names);
});
