import type { InjectOptions } from 'fastify';
import { TEXTS } from '../../../src/api/receiver/language';
import { START_MS } from '../../domain/samples';
import { countCalls, makeApp, makeCaller, makeStore, problemBody } from '../app-harness';

let nowMs = START_MS;
beforeEach(() => {
  nowMs = START_MS;
  jest.spyOn(Date, 'now').mockImplementation(() => nowMs);
});
afterEach(() => void jest.restoreAllMocks());

type App = Awaited<ReturnType<typeof makeApp>>['app'];

/** The statuses of so many equal requests. */
async function repeat(app: App, times: number, options: InjectOptions): Promise<number[]> {
  const statuses: number[] = [];
  for (let time = 0; time < times; time += 1) statuses.push((await app.inject(options)).statusCode);
  return statuses;
}

const count = (statuses: readonly number[], status: number) => statuses.filter((other) => other === status).length;
const PAYOUT = {
  clientOrderId: 'PO-000001',
  amount: '10.50',
  currency: 'EUR',
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
};
const TOO_MANY = problemBody('too_many_requests');

describe('the rate of a caller', () => {
  const shop = makeCaller('shop', ['payouts:write', 'payouts:read']);
  const till = makeCaller('till', ['payouts:read']);

  async function makeLimited(keys = [shop, till]) {
    const access = { apiKeys: keys.map(({ apiKey }) => apiKey), callerRatePerSecond: 5 };
    return await makeApp({ store: makeStore(), access });
  }
  const start = (number: number, headers: Record<string, string>): InjectOptions => ({
    method: 'POST',
    url: '/payouts',
    headers: { 'content-type': 'application/json', ...headers },
    payload: { ...PAYOUT, clientOrderId: `PO-${number}` },
  });

  it('above it nothing is started, and the answer says when to come again', async () => {
    const { app, store } = await makeLimited();
    const answers = [];
    for (let number = 0; number < 12; number += 1) answers.push(await app.inject(start(number, shop.headers)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([...Array(5).fill(202), ...Array(7).fill(429)]);
    const refused = answers[5]!;
    expect([refused.headers['retry-after'], refused.json()]).toEqual(['1', TOO_MANY]);
    expect(store.start).toHaveBeenCalledTimes(5);
    expect(countCalls(store)).toBe(5);
  });

  it('is free again after a second', async () => {
    const { app } = await makeLimited();
    const read = { url: '/payouts/PO-1', headers: shop.headers };
    await repeat(app, 6, read);
    nowMs += 999;
    expect(await repeat(app, 1, read)).toEqual([429]);
    nowMs += 1;
    expect(await repeat(app, 1, read)).toEqual([404]);
  });

  it('counts each caller for itself, and all keys of a name together', async () => {
    const next = makeCaller('shop', ['payouts:read']);
    const { app } = await makeLimited([shop, till, next]);
    expect(await repeat(app, 3, { url: '/payouts/PO-1', headers: shop.headers })).toEqual([404, 404, 404]);
    expect(await repeat(app, 3, { url: '/payouts/PO-1', headers: next.headers })).toEqual([404, 404, 429]);
    expect(await repeat(app, 1, { url: '/payouts/PO-1', headers: till.headers })).toEqual([404]);
  });

  it('counts what a scope refuses too', async () => {
    const { app } = await makeLimited();
    expect(await repeat(app, 6, start(1, till.headers))).toEqual([...Array(5).fill(403), 429]);
  });

  it('holds without keys too', async () => {
    const { app } = await makeLimited([]);
    expect(await repeat(app, 6, { url: '/payouts/PO-1' })).toEqual([...Array(5).fill(404), 429]);
  });

  it('no health probe, callback or Receiver counts', async () => {
    const { app } = await makeLimited();
    expect(count(await repeat(app, 20, { url: '/health/live' }), 200)).toBe(20);
    expect(await repeat(app, 5, { url: '/payouts/PO-1', headers: shop.headers })).toEqual(Array(5).fill(404));
  });
});

describe('wrong keys', () => {
  const shop = makeCaller('shop', ['payouts:read']);
  const wrong = { url: '/payouts/PO-1', headers: { authorization: 'Bearer pk_wrong' } };

  it('are limited by address, and the right key of the same address still gets in', async () => {
    const { app } = await makeApp({ access: { apiKeys: [shop.apiKey] } });
    expect(await repeat(app, 32, wrong)).toEqual([...Array(30).fill(401), 429, 429]);
    const refused = await app.inject(wrong);
    expect([refused.headers['retry-after'], refused.json()]).toEqual(['60', TOO_MANY]);
    expect(await repeat(app, 1, { ...wrong, remoteAddress: '192.0.2.1' })).toEqual([401]);
    expect(await repeat(app, 1, { url: '/payouts/PO-1', headers: shop.headers })).toEqual([404]);
    nowMs += 60_000;
    expect(await repeat(app, 1, wrong)).toEqual([401]);
  });
});

describe('the Receiver', () => {
  it.each(['/r/return', '/nothing', '/r/x/y/z'])('%s is limited by address, over ten seconds', async (url) => {
    const { app, log } = await makeApp({ access: { receiverRatePerSecond: 2 } });
    const statuses = await repeat(app, 25, { url, remoteAddress: '192.0.2.1' });
    expect(count(statuses, 429)).toBe(5);
    expect(statuses.slice(20)).toEqual(Array(5).fill(429));
    const refused = await app.inject({ url, remoteAddress: '192.0.2.1' });
    expect(refused.headers['retry-after']).toBe('10');
    if (url === '/nothing') expect(refused.json()).toEqual(TOO_MANY);
    else expect(refused.body).toContain(TEXTS.en.busy_text);
    expect(log()).not.toContain('request failed');
    expect(count(await repeat(app, 1, { url, remoteAddress: '192.0.2.2' }), 429)).toBe(0);
  });

  it('shares an IPv6 network of 64 bits', async () => {
    const { app } = await makeApp({ access: { receiverRatePerSecond: 1 } });
    const from = async (remoteAddress: string) => (await app.inject({ url: '/r/return', remoteAddress })).statusCode;
    const statuses = [];
    for (let host = 1; host <= 11; host += 1) statuses.push(await from(`2001:db8::${host}`));
    expect(statuses).toEqual([...Array(10).fill(200), 429]);
    expect(await from('2001:db8:0:1::1')).toBe(200);
  });
});

describe('proxies', () => {
  const flood = async (trustedProxies: string[], header: string, forwarded: (number: number) => string) => {
    const { app } = await makeApp({ access: { receiverRatePerSecond: 1, trustedProxies } });
    const statuses = [];
    for (let number = 0; number < 20; number += 1) {
      const headers = { [header]: forwarded(number) };
      statuses.push((await app.inject({ url: '/r/return', remoteAddress: '10.0.0.7', headers })).statusCode);
    }
    return count(statuses, 429);
  };

  it.each(['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip'])(
    'an invented %s makes nobody another',
    async (header) => {
      expect(await flood([], header, (number) => `192.0.2.${number}`)).toBe(10);
      expect(await flood(['10.9.9.9'], header, (number) => `192.0.2.${number}`)).toBe(10);
    },
  );

  it('a trusted proxy tells the address, and what came before it is not believed', async () => {
    expect(await flood(['10.0.0.0/8'], 'x-forwarded-for', (number) => `192.0.2.${number}`)).toBe(0);
    expect(await flood(['10.0.0.7'], 'x-forwarded-for', (number) => `192.0.2.${number}, 198.51.100.1`)).toBe(10);
  });

  it('no forwarded host opens the API that has no keys', async () => {
    const { app } = await makeApp({ access: { trustedProxies: ['10.0.0.0/8'] } });
    const headers = { host: 'evil.example', 'x-forwarded-host': 'localhost', 'x-forwarded-proto': 'https' };
    const response = await app.inject({ url: '/payouts/PO-1', remoteAddress: '10.0.0.7', headers });
    expect(response.statusCode).toBe(403);
  });
});
