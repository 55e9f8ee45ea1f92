import type { Socket } from 'node:net';
import tls from 'node:tls';
import { waitUntil } from '../../scripts/wait-until';
import type { GatewayClientOptions } from '../../src/gateway/client';
import type { SubmitOutcome } from '../../src/gateway/outcomes';
import {
  type Behaviour,
  httpReply,
  type LoopbackGateway,
  type LoopbackOptions,
  makeClient,
  startLoopback,
} from './loopback-gateway';
import { BANK_PAYOUT, CALLBACK_URL, KEY_PAIR, wireForm } from './samples';
import { makeSelfSigned } from './self-signed';

const SERIAL = '00000000-0000-0000-0000-000002d9b22a';
const ACCEPTED = {
  type: 'async-response',
  'serial-number': SERIAL,
  'merchant-order-id': 'PO-000001',
  'paynet-order-id': '6768788',
  'end-point-id': '1144',
};
const REFUSED = {
  type: 'validation-error',
  'serial-number': SERIAL,
  'merchant-order-id': 'PO-000001',
  'error-message': 'Amount is invalid',
  'error-code': '1',
};

function without(fields: Record<string, string>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()));
});

async function startGateway(behave: Behaviour, options?: LoopbackOptions): Promise<LoopbackGateway> {
  const gateway = await startLoopback(behave, options);
  open.push(gateway);
  return gateway;
}

function submitTo(
  baseUrl: string,
  changes?: Partial<GatewayClientOptions>,
  signal?: AbortSignal,
): Promise<SubmitOutcome> {
  const client = makeClient(baseUrl, changes);
  const submission = client.submitPayout(BANK_PAYOUT, {
    deadlineMs: Date.now() + 5_000,
    callbackUrl: CALLBACK_URL,
    redirectUrl: null,
    recordSend: async () => true,
    ...(signal === undefined ? {} : { signal }),
  });
  // Closing waits for the exchange in hand.
  open.push(client);
  return submission;
}

const reply =
  (body: string | Buffer, status?: number, headers?: Record<string, string>): Behaviour =>
  (socket) => {
    socket.write(httpReply(body, status, headers));
  };

const unconfirmed = (cause: string, orderId: string | null = null) => ({ outcome: 'unconfirmed', cause, orderId });
const refused = (code: string | null, message: string | null, serialNumber: string | null = SERIAL) => ({
  outcome: 'refused',
  reason: { code, message },
  serialNumber,
});
const accepted = { outcome: 'accepted', orderId: '6768788', serialNumber: SERIAL, endpointId: '1144' };
const json = (fields: Record<string, unknown>) => JSON.stringify(fields);
const JSON_MODE: Partial<GatewayClientOptions> = { replyFormat: 'json' };

type Row = [name: string, behave: Behaviour, outcome: object, changes?: Partial<GatewayClientOptions>];

const ACCEPTANCE = wireForm(ACCEPTED);
const [ORDER, PAYOUT] = ['paynet-order-id', 'merchant-order-id'] as const;
type Changes = Readonly<Record<string, string | null>>;
/** A form with some of its fields changed; null takes one out. */
const form = (fields: Changes, status?: number): Behaviour =>
  reply(
    wireForm(Object.fromEntries(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== null))),
    status,
  );
const accepts = (changes: Changes = {}, status?: number): Behaviour => form({ ...ACCEPTED, ...changes }, status);
const refuses = (changes: Changes = {}, status?: number): Behaviour => form({ ...REFUSED, ...changes }, status);

const ROWS: Row[] = [
  ['an acceptance', accepts(), accepted],
  ['an acceptance without line feeds', reply(ACCEPTANCE.replaceAll('\n', '')), accepted],
  [
    'an acceptance cut within a field that is only shown',
    reply(ACCEPTANCE.trimEnd()),
    { ...accepted, endpointId: null },
  ],
  [
    'an acceptance after an interim answer',
    (socket) => socket.write(Buffer.concat([Buffer.from('HTTP/1.1 102 Wait\r\n\r\n'), httpReply(ACCEPTANCE)])),
    accepted,
  ],
  ['an acceptance in JSON', reply(json({ ...ACCEPTED, [ORDER]: 6768788 })), accepted, JSON_MODE],
  [
    'an order id of 20 digits as a JSON number',
    reply(json(ACCEPTED).replace('"6768788"', '12345678901234567890')),
    { ...accepted, orderId: '12345678901234567890' },
    JSON_MODE,
  ],

  ['a refusal', refuses(), refused('1', 'Amount is invalid')],
  ['a refusal that names no order', refuses({ [PAYOUT]: null }), refused('1', 'Amount is invalid')],
  ['a refusal with an empty order id', refuses({ [ORDER]: '' }), refused('1', 'Amount is invalid')],
  ['a refusal of type error', refuses({ type: 'error' }), refused('1', 'Amount is invalid')],
  [
    'a refusal whose reason may have been cut, and an order id with it',
    reply(wireForm({ type: 'error' })),
    unconfirmed('unreadable'),
  ],
  ['a refusal with HTTP 400', refuses({}, 400), refused('1', 'Amount is invalid')],
  ['a JSON refusal', reply(json({ 'error-message': 'No', 'error-code': 1 }), 400), refused('1', 'No', null), JSON_MODE],
  ['a JSON refusal with HTTP 422 and a type', reply(json(REFUSED), 422), refused('1', 'Amount is invalid'), JSON_MODE],
  ['a JSON refusal with only a code', reply(json({ 'error-code': '7' }), 404), refused('7', null, null), JSON_MODE],

  ['HTTP 401', refuses({}, 401), { outcome: 'not_sent', cause: 'forbidden' }],
  ['HTTP 403', reply('Forbidden', 403), { outcome: 'not_sent', cause: 'forbidden' }],
  ['HTTP 403 with an acceptance', accepts({}, 403), unconfirmed('client_error')],
  [
    'an acceptance whose order id a stray & cuts',
    reply(wireForm({ ...ACCEPTED, [ORDER]: '6768788' }).replace('6768788', '67687&8')),
    unconfirmed('no_order_id'),
  ],

  [
    'an error with an order id',
    refuses({ type: 'error', [ORDER]: '6768788' }),
    unconfirmed('refused_with_order_id', '6768788'),
  ],
  [
    'a validation error with an order id',
    refuses({ [ORDER]: '6768788' }),
    unconfirmed('refused_with_order_id', '6768788'),
  ],
  ['an error with order id 0', refuses({ [ORDER]: '0' }), unconfirmed('refused_with_order_id')],
  [
    'a JSON refusal with an order id',
    reply(json({ ...REFUSED, [ORDER]: 6768788 }), 400),
    unconfirmed('refused_with_order_id', '6768788'),
    JSON_MODE,
  ],
  ['a refusal of another order', refuses({ [PAYOUT]: 'PO-000002' }), unconfirmed('wrong_ids')],
  ['an acceptance of another order', accepts({ [PAYOUT]: 'PO-000002' }), unconfirmed('wrong_ids')],
  ['an acceptance that names no order', accepts({ [PAYOUT]: null }), unconfirmed('wrong_ids')],
  [
    'an acceptance whose client order id may be the beginning of a longer one',
    reply(ACCEPTANCE.replace(/(merchant-order-id=[^\n]*)\n/, '$1')),
    unconfirmed('wrong_ids'),
  ],
  ['an acceptance without order id', accepts({ [ORDER]: null }), unconfirmed('no_order_id')],
  ['order id 0', accepts({ [ORDER]: '0' }), unconfirmed('no_order_id')],
  ['an order id of 10 kB', accepts({ [ORDER]: '1'.repeat(10_240) }), unconfirmed('no_order_id')],
  ['an order id that is no number', accepts({ [ORDER]: '67687x' }), unconfirmed('no_order_id')],
  ['another reply type', accepts({ type: 'status-response' }), unconfirmed('unreadable')],
  ['an upper-case reply type', accepts({ type: 'ASYNC-RESPONSE' }), unconfirmed('unreadable')],

  ['HTTP 500', reply('oops', 500), unconfirmed('server_error')],
  ['HTTP 500 with a refusal', refuses({}, 500), unconfirmed('server_error')],
  ['HTTP 500 with an acceptance', accepts({}, 500), unconfirmed('server_error')],
  ['HTTP 503', reply('', 503), unconfirmed('server_error')],
  ['HTTP 504', reply('<html>', 504), unconfirmed('server_error')],
  ['HTTP 429', reply(json({ 'error-code': 1 }), 429), unconfirmed('throttled'), JSON_MODE],
  ['HTTP 408', refuses({}, 408), unconfirmed('client_error')],
  ['HTTP 404 with a page', reply('<html>', 404), unconfirmed('client_error')],
  ['HTTP 400 with an acceptance', accepts({}, 400), unconfirmed('client_error')],
  [
    'HTTP 400 in JSON without an error',
    reply(json({ [PAYOUT]: 'PO-000001' }), 400),
    unconfirmed('client_error'),
    JSON_MODE,
  ],
  ['HTTP 204', (socket) => socket.write('HTTP/1.1 204 None\r\n\r\n'), unconfirmed('unreadable')],

  ['an empty body', reply(''), unconfirmed('unreadable')],
  ['a page', reply('<!doctype html><html><body class="x">Welcome</body></html>'), unconfirmed('unreadable')],
  ['a byte order mark', reply(`\uFEFF${ACCEPTANCE}`), unconfirmed('unreadable')],
  [
    'invalid UTF-8 in a field that is not used',
    reply(Buffer.concat([Buffer.from(ACCEPTANCE), Buffer.from([0x26, 0x61, 0x3d, 0xff, 0x0a])])),
    accepted,
  ],
  ['percent-encoded invalid UTF-8 in a field that is not used', reply(`${ACCEPTANCE}&a=%ff\n`), accepted],
  ['an id that is no UTF-8', reply(ACCEPTANCE.replace('6768788', '676%ff')), unconfirmed('unreadable')],
  ['another transaction type', accepts({ 'transaction-type': 'sale' }), unconfirmed('other_transaction', '6768788')],
  ['the transaction type of a payout', accepts({ 'transaction-type': 'payout' }), accepted],
  ['repeated names', reply(`${ACCEPTANCE}&paynet-order-id=1\n`), unconfirmed('unreadable')],
  [
    'repeated names in JSON',
    reply(`{"type":"validation-error",${json(ACCEPTED).slice(1)}`),
    unconfirmed('unreadable'),
    JSON_MODE,
  ],
  ['a prototype name', reply(`__proto__=1\n&${ACCEPTANCE}`), accepted],
  ['JSON where a form was asked for', reply(json(ACCEPTED)), unconfirmed('unreadable')],
  ['a form where JSON was asked for', accepts(), unconfirmed('unreadable'), JSON_MODE],
  ['an encoded body', reply(ACCEPTANCE, 200, { 'content-encoding': 'gzip' }), unconfirmed('unreadable')],
  [
    'a body cut inside the order id',
    reply(wireForm(without(ACCEPTED, 'end-point-id')).slice(0, -3)),
    unconfirmed('unreadable'),
  ],

  ['a socket closed without an answer', (socket) => socket.end(), unconfirmed('connection_lost')],
  ['a reset after the request was read', (socket) => socket.resetAndDestroy(), unconfirmed('connection_lost')],
  ['half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'), unconfirmed('connection_lost')],
  ['half a body', (socket) => socket.end(httpReply(ACCEPTANCE).subarray(0, -9)), unconfirmed('connection_lost')],
  [
    'a content length that is too long',
    (socket) => socket.end(httpReply(ACCEPTANCE, 200, { 'content-length': '999' })),
    unconfirmed('connection_lost'),
  ],
  [
    'a cut chunk',
    (socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\ntype=async'),
    unconfirmed('connection_lost'),
  ],
  ['an answer that is not HTTP', (socket) => socket.end('SSH-2.0-x\r\n\r\n'), unconfirmed('connection_lost')],
  ['64 kB of headers', reply(ACCEPTANCE, 200, { 'x-long': 'x'.repeat(65_536) }), unconfirmed('connection_lost')],
  ['an announced body beyond the limit', reply('x'.repeat(5_000)), unconfirmed('oversized'), { maxReplyBytes: 4_999 }],
  [
    'an endless body',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const timer = setInterval(() => socket.write(`400\r\n${'x'.repeat(1_024)}\r\n`), 1);
      socket.on('close', () => clearInterval(timer));
    },
    unconfirmed('oversized'),
    { maxReplyBytes: 20_000 },
  ],
  ['silence', () => undefined, unconfirmed('timeout'), { timeouts: { connectMs: 1_000, answerMs: 60 } }],
  [
    'a body that drips faster than any idle limit',
    (socket) => {
      socket.write(httpReply(ACCEPTANCE).subarray(0, 60));
      const timer = setInterval(() => socket.write('x'), 5);
      socket.on('close', () => clearInterval(timer));
    },
    unconfirmed('timeout'),
    { timeouts: { connectMs: 1_000, answerMs: 100 } },
  ],
];

describe('what an answer means', () => {
  test.each(ROWS)('%s', async (_name, behave, outcome, changes = {}) => {
    const gateway = await startGateway(behave);
    expect(await submitTo(gateway.baseUrl, changes)).toEqual(outcome);
    // A call that is given up early may be over before the other side has read it.
    await waitUntil({ what: 'the call', timeoutMs: 5_000, intervalMs: 5, ask: () => gateway.requests.length > 0 });
    expect(gateway.requests).toHaveLength(1);
    expect(gateway.connections()).toBe(1);
  });

  test('a redirect is never followed', async () => {
    const target = await startGateway(reply(wireForm(ACCEPTED)));
    for (const status of [301, 302, 303, 307, 308]) {
      const gateway = await startGateway(reply('', status, { location: `${target.baseUrl}/api/v4/payout/1144` }));
      expect(await submitTo(gateway.baseUrl)).toEqual(unconfirmed('redirected'));
    }
    expect(target.connections()).toBe(0);
  });

  test('a body cut at any byte is never an acceptance', async () => {
    const whole = httpReply(wireForm(ACCEPTED));
    let cutAt = 0;
    const gateway = await startGateway((socket) => socket.end(whole.subarray(0, cutAt)));
    const outcomes = new Set<string>();
    for (; cutAt < whole.length; cutAt += 1) outcomes.add(JSON.stringify(await submitTo(gateway.baseUrl)));
    expect([...outcomes]).toEqual([JSON.stringify(unconfirmed('connection_lost'))]);
    expect(gateway.requests).toHaveLength(whole.length);
  });

  test('a content length that is too short never binds another order id', async () => {
    const body = wireForm(ACCEPTED);
    let length = 0;
    const gateway = await startGateway((socket) =>
      socket.end(httpReply(body, 200, { 'content-length': String(length) })),
    );
    const orderIds = new Set<string | null>();
    for (; length < body.length; length += 1) {
      const outcome = await submitTo(gateway.baseUrl);
      expect(['accepted', 'unconfirmed']).toContain(outcome.outcome);
      orderIds.add('orderId' in outcome ? outcome.orderId : null);
    }
    expect(orderIds).toEqual(new Set([null, '6768788']));
  });
});

describe('connections', () => {
  async function unusedPort(): Promise<number> {
    const gateway = await startLoopback(() => undefined);
    await gateway.close();
    return gateway.port;
  }

  test('a refused connection sent nothing', async () => {
    expect(await submitTo(`http://127.0.0.1:${await unusedPort()}/paynet`)).toEqual({
      outcome: 'not_sent',
      cause: 'unreachable',
    });
  });

  test('a name that does not resolve sent nothing', async () => {
    expect(await submitTo('https://gateway.invalid/paynet')).toEqual({ outcome: 'not_sent', cause: 'unreachable' });
  });

  test('TLS to a server that does not speak it sent nothing', async () => {
    const gateway = await startGateway(() => undefined, {
      onConnection: (socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n'),
    });
    expect(await submitTo(gateway.baseUrl.replace('http:', 'https:'))).toEqual({
      outcome: 'not_sent',
      cause: 'unreachable',
    });
  });

  test('a TLS handshake that never ends sent nothing', async () => {
    const gateway = await startGateway(() => undefined, { onConnection: (socket) => socket.resume() });
    const outcome = await submitTo(gateway.baseUrl.replace('http:', 'https:'), {
      timeouts: { connectMs: 60, answerMs: 1_000 },
    });
    expect(outcome).toEqual({ outcome: 'not_sent', cause: 'unreachable' });
  });

  test('nothing is sent to an untrusted certificate, and the environment cannot turn the check off', async () => {
    const pem = { cert: makeSelfSigned(KEY_PAIR), key: KEY_PAIR.privateKey.export({ type: 'pkcs8', format: 'pem' }) };
    const gateway = await startGateway(reply(wireForm(ACCEPTED)), {
      wrap: (onConnection) => tls.createServer(pem, onConnection),
    });
    const connect = jest.spyOn(tls, 'connect');
    const outcome = await submitTo(`https://localhost:${gateway.port}/paynet`);
    expect(outcome).toEqual({ outcome: 'not_sent', cause: 'unreachable' });
    expect(gateway.requests).toHaveLength(0);
    // Node reads NODE_TLS_REJECT_UNAUTHORIZED only when this option is absent.
    expect(connect.mock.calls.map(([options]) => Reflect.get(Object(options), 'rejectUnauthorized'))).toEqual([true]);
    connect.mockRestore();
  });

  test('a reset before a byte is read is unconfirmed: bytes may have left', async () => {
    const gateway = await startGateway(() => undefined, {
      onConnection: (socket: Socket) => setTimeout(() => socket.resetAndDestroy(), 30),
    });
    expect(await submitTo(gateway.baseUrl)).toEqual(unconfirmed('connection_lost'));
    expect(gateway.connections()).toBe(1);
  });

  test('a kept socket that the gateway closes under a request is unconfirmed and not retried', async () => {
    const gateway = await startGateway((socket, _request, count) => {
      if (count === 1) socket.write(httpReply(wireForm(ACCEPTED)));
      else socket.resetAndDestroy();
    });
    const client = makeClient(gateway.baseUrl);
    open.push(client);
    const submit = () =>
      client.submitPayout(BANK_PAYOUT, {
        deadlineMs: Date.now() + 5_000,
        callbackUrl: CALLBACK_URL,
        redirectUrl: null,
        recordSend: async () => true,
      });
    expect(await submit()).toEqual(accepted);
    expect(await submit()).toEqual(unconfirmed('connection_lost'));
    expect(gateway.connections()).toBe(1);
    expect(gateway.requests).toHaveLength(2);
  });

  test('an abort before writing sent nothing, an abort after it is unconfirmed', async () => {
    const gateway = await startGateway(() => controller.abort());
    const controller = new AbortController();
    expect(await submitTo(gateway.baseUrl, {}, AbortSignal.abort())).toEqual({
      outcome: 'not_sent',
      cause: 'unreachable',
    });
    expect(gateway.connections()).toBe(0);
    expect(await submitTo(gateway.baseUrl, {}, controller.signal)).toEqual(unconfirmed('aborted'));
    expect(gateway.requests).toHaveLength(1);
  });
});
