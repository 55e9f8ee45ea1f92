import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import type { InjectOptions } from 'fastify';
import { signCallback } from '../../../src/gateway/callback';
import { START_MS } from '../../domain/samples';
import { CONTROL_KEY, makeApp, makeStore } from '../app-harness';

let nowMs = START_MS;
beforeEach(() => {
  nowMs = START_MS;
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
});
afterEach(() => void jest.restoreAllMocks());

const OLDER_KEY = '5D1E7C3A-2B4F-4A69-8C77-9F0E1D2C3B4A';
const PARTS = { status: 'approved', orderId: '6768788', clientOrderId: 'PO-000001' };
const makeForm = (control: string, status = 'approved') =>
  `status=${status}&orderid=6768788&client_orderid=PO-000001&merchant_order=PO-000001&type=payout&control=${control}`;
const FORGED = makeForm('0'.repeat(40));
const GENUINE = makeForm(signCallback(PARTS, CONTROL_KEY));

const get = (query: string): InjectOptions => ({ url: `/callbacks/default?${query}` });
const post = (payload: string, query = ''): InjectOptions => ({
  method: 'POST',
  url: `/callbacks/default${query}`,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  payload,
});

/** The statuses of so many equal requests. */
async function repeat(app: Awaited<ReturnType<typeof makeApp>>['app'], times: number, options: InjectOptions) {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1) statuses.push((await app.inject(options)).statusCode);
  return statuses;
}

/** The API while an address is above the limit; counts the answers that the framework wrote. */
async function makeFlooded(options: Parameters<typeof makeApp>[0] = {}, address = '192.0.2.1') {
  const made = await makeApp(options);
  let written = 0;
  made.app.addHook('onSend', async () => {
    written += 1;
  });
  const from = (request: InjectOptions, remoteAddress = address) => made.app.inject({ remoteAddress, ...request });
  const refusals = [];
  for (let number = 0; number < 61; number += 1) refusals.push(await from(get(FORGED)));
  expect(refusals.map(({ statusCode }) => statusCode)).toEqual([...Array(60).fill(403), 429]);
  expect(refusals[60]?.json()).toMatchObject({ status: 429, code: 'too_many_requests' });
  const takeWritten = () => {
    const taken = written;
    written = 0;
    return taken;
  };
  expect(takeWritten()).toBe(61);
  return { ...made, from, first: refusals[60]!, takeWritten };
}

describe('below the limit', () => {
  it('genuine ones do not count', async () => {
    const { app } = await makeApp({});
    expect(await repeat(app, 100, get(GENUINE))).toEqual(Array(100).fill(200));
    expect(await repeat(app, 1, get(FORGED))).toEqual([403]);
  });

  it.each([
    ['repeated names', { url: `/callbacks/default?${FORGED}&status=approved` }, 400],
    ['other endpoints', { url: '/callbacks/nobody' }, 404],
    [
      'long bodies',
      {
        method: 'POST',
        url: '/callbacks/default',
        payload: 'x'.repeat(17 * 1024),
        headers: { 'content-type': 'text/plain' },
      },
      413,
    ],
  ] as const)('%s count too', async (_name, options, status) => {
    const { app } = await makeApp({});
    expect(await repeat(app, 61, options)).toEqual([...Array(60).fill(status), 429]);
  });

  it('trouble of ours does not count', async () => {
    const signalCallback = async () => Promise.reject(new Error('defect'));
    const { app } = await makeApp({ store: makeStore({ signalCallback }) });
    expect(await repeat(app, 70, get(GENUINE))).toEqual(Array(70).fill(500));
    expect(await repeat(app, 1, get(FORGED))).toEqual([403]);
  });

  it('above the limit one log line counts all that were refused in a minute', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance'] });
    try {
      const { app, log } = await makeApp({});
      const lines = () =>
        log()
          .split('\n')
          .filter((line) => /refused|completed|incoming/.test(line));
      await repeat(app, 60, get(FORGED));
      expect(lines().filter((line) => line.includes('callback refused'))).toHaveLength(60);
      const before = lines().length;
      await repeat(app, 1_000, get(FORGED));
      expect(lines()).toHaveLength(before);
      jest.advanceTimersByTime(60_000);
      const rest = lines()
        .slice(before)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(rest.map(({ msg, count: refused }) => [msg, refused])).toEqual([['more callbacks refused', 1_000]]);
      jest.advanceTimersByTime(600_000);
      expect(lines()).toHaveLength(before + 1);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('above the limit of an address', () => {
  it.each<[string, InjectOptions]>([
    ['a forged one by GET', get(FORGED)],
    ['a forged one by POST', post(FORGED)],
    ['a forged one by POST, all in its query', post('', `?${FORGED}`)],
    ['one without anything', get('')],
    ['one with a signed name twice, rightly signed', get(`${GENUINE}&status=approved`)],
    ['one with a signed name in query and body', post(GENUINE, '?status=approved')],
    ['two ids of ours', get(GENUINE.replace('merchant_order=PO-000001', 'merchant_order=PO-000002'))],
    ['one that cannot be decoded', get(GENUINE.replace('orderid=', 'orderid=%zz'))],
    ['one of too many pairs', get(GENUINE + '&x=1'.repeat(80))],
    ['one to another endpoint', { url: `/callbacks/other?${GENUINE}` }],
  ])('%s is answered past the framework, to the letter as within', async (_name, request) => {
    const { from, first, takeWritten, store } = await makeFlooded();
    const answer = await from(request);
    expect(takeWritten()).toBe(0);
    expect([answer.statusCode, answer.body]).toEqual([429, first.body]);
    expect({ ...answer.headers, date: '' }).toEqual({ ...first.headers, date: '' });
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'retry-after': '60' });
    expect(store.signalCallback).toHaveBeenCalledTimes(0);
  });

  it.each<[string, InjectOptions]>([
    ['by GET', get(GENUINE)],
    ['by POST', post(GENUINE)],
    ['by POST, all in its query', post('', `?${GENUINE}`)],
    ['in other letters', get(GENUINE.replace('approved', 'appro%76ed').replace('PO-', 'PO%2D'))],
    ['signed with an older key', post(makeForm(signCallback(PARTS, OLDER_KEY)))],
  ])('a genuine one %s is taken', async (_name, request) => {
    const { from, store, takeWritten } = await makeFlooded({ endpoint: { olderControlKeys: [OLDER_KEY] } });
    const answer = await from(request);
    expect([answer.statusCode, answer.body, takeWritten()]).toEqual([200, 'OK', 1]);
    expect(store.signalCallback).toHaveBeenCalledTimes(1);
  });

  it('one that is signed and can be read in two ways is refused within', async () => {
    const { from, takeWritten, store } = await makeFlooded();
    const signed = signCallback({ ...PARTS, status: 'approved6' }, CONTROL_KEY);
    expect([(await from(get(makeForm(signed, 'approved6')))).statusCode, takeWritten()]).toEqual([429, 1]);
    expect(store.signalCallback).toHaveBeenCalledTimes(0);
  });

  it('a body beyond any form is refused within', async () => {
    const { from, takeWritten } = await makeFlooded();
    expect([(await from(post('x'.repeat(17 * 1024)))).statusCode, takeWritten()]).toEqual([429, 1]);
  });

  it('no other address is held up, and no other route', async () => {
    const { from } = await makeFlooded();
    expect((await from(get(FORGED), '192.0.2.2')).statusCode).toBe(403);
    expect((await from({ url: '/health/live' })).statusCode).toBe(200);
  });

  it('the answer says how long, until the minute is over; then all begins anew', async () => {
    const { from, takeWritten, log } = await makeFlooded();
    nowMs += 30_500;
    expect((await from(get(FORGED))).headers['retry-after']).toBe('30');
    nowMs += 29_499;
    expect((await from(get(FORGED))).headers['retry-after']).toBe('1');
    expect(takeWritten()).toBe(0);
    nowMs += 1;
    const before = log().match(/callback refused/g)?.length;
    expect([before, (await from(get(FORGED))).statusCode, takeWritten()]).toEqual([60, 403, 1]);
    expect(log().match(/callback refused/g)).toHaveLength(61);
  });

  it('nothing is logged of one, but their number', async () => {
    const { app, from, log } = await makeFlooded();
    const before = log();
    for (let number = 0; number < 10; number += 1) await from(number % 2 === 0 ? get(FORGED) : post(FORGED));
    expect(log()).toBe(before);
    await app.close();
    expect(log().match(/"count":11,.*more callbacks refused/g)).toHaveLength(1);
  });
});

describe('on one connection', () => {
  it('what is turned away, its body too, leaves the next request whole', async () => {
    const { app, store, takeWritten } = await makeFlooded({}, '127.0.0.1');
    try {
      await app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = app.server.address() as AddressInfo;
      const write = (method: string, target: string, body = '') =>
        `${method} ${target} HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
      const route = '/callbacks/default';
      const smuggled = write('GET', `${route}?${GENUINE}`);
      const requests = [
        write('GET', `${route}?${FORGED}`, smuggled),
        write('POST', route, FORGED),
        write('POST', route, GENUINE),
        write('GET', '/health/live').replace('host: a', 'host: a\r\nconnection: close'),
      ];
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (part: Buffer) => {
        text += part.toString('latin1');
      });
      socket.write(requests.join(''));
      await once(socket, 'close');
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
      expect(statuses).toEqual(['429', '429', '200', '200']);
      expect(takeWritten()).toBe(2);
      expect(store.signalCallback).toHaveBeenCalledTimes(1);
    } finally {
      await app.close();
    }
  });
});

describe('an address', () => {
  it('of IPv6 is a network of 64 bits', async () => {
    const { from, takeWritten } = await makeFlooded();
    const hold = async (remoteAddress: string) => (await from(get(FORGED), remoteAddress)).statusCode;
    for (let host = 1; host <= 61; host += 1) await hold(`2001:db8::${host}`);
    takeWritten();
    expect([await hold('2001:db8::ffff'), takeWritten()]).toEqual([429, 0]);
    expect([await hold('2001:db8:0:1::1'), takeWritten()]).toEqual([403, 1]);
  });

  it('is the one that a trusted proxy tells', async () => {
    const { app } = await makeApp({ access: { trustedProxies: ['10.0.0.7'] } });
    const ask = async (client: string) => {
      const headers = { 'x-forwarded-for': client };
      return (await app.inject({ ...get(FORGED), remoteAddress: '10.0.0.7', headers })).statusCode;
    };
    const statuses = [];
    for (let number = 0; number < 63; number += 1) statuses.push(await ask('192.0.2.1'));
    expect(statuses).toEqual([...Array(60).fill(403), ...Array(3).fill(429)]);
    expect(await ask('192.0.2.2')).toBe(403);
  });
});
