import { findMissingKeys } from '../../../src/api/plugins/foreign-pages';
import { countCalls, makeApp, makeCaller, NO_KEYS, PUBLIC_BASE_URL } from '../app-harness';

describe('without keys', () => {
  it.each(['0.0.0.0', '::', '10.0.0.7', 'payouts.example.com'])('%s is not listened on', (host) => {
    expect(findMissingKeys({ host, access: NO_KEYS })).toBe(
      'HOST: expected a loopback address such as 127.0.0.1 while there are no API_KEYS',
    );
  });

  it('there is no proxy before it', () => {
    const access = { ...NO_KEYS, trustedProxies: ['127.0.0.1'] };
    expect(findMissingKeys({ host: '127.0.0.1', access })).toBe(
      'TRUSTED_PROXIES: expected none while there are no API_KEYS',
    );
  });

  it('loopback is, and with keys everything is', () => {
    expect(findMissingKeys({ host: '127.0.0.1', access: NO_KEYS })).toBeNull();
    const { apiKey } = makeCaller('shop', ['payouts:read']);
    expect(findMissingKeys({ host: '0.0.0.0', access: { ...NO_KEYS, apiKeys: [apiKey] } })).toBeNull();
  });

  async function ask(headers: Record<string, string>, method: 'GET' | 'POST' = 'POST', url = '/payouts') {
    const { app, store } = await makeApp({});
    const response = await app.inject({
      method,
      url,
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'POST' ? { payload: '{}' } : {}),
    });
    return { response, calls: countCalls(store) };
  }

  it.each([
    'evil.example',
    'evil.example:3000',
    'cp.example.org',
    '127.0.0.1.evil.example',
    '10.0.0.7:3000',
    'localhost@evil.example',
    'evil.example#localhost',
    'evil.example?localhost',
    'evil.example/localhost',
    'evil.example\\localhost',
    'not a host',
  ])('the host %s is refused, by reading and by writing', async (host) => {
    for (const [method, url] of [
      ['POST', '/payouts'],
      ['GET', '/payouts/PO-000001'],
      ['POST', '/payouts/PO-000001/resolve'],
    ] as const) {
      const { response, calls } = await ask({ host, 'x-forwarded-host': 'localhost' }, method, url);
      expect([response.statusCode, response.json().code, calls]).toEqual([403, 'not_permitted', 0]);
      expect(response.json().errors).toEqual([
        { field: 'host', expected: 'a loopback name, while there are no API keys' },
      ]);
    }
  });

  it.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'api.localhost'])('the host %s is taken', async (host) => {
    expect((await ask({ host })).response.statusCode).toBe(400);
    expect((await ask({ host }, 'GET', '/payouts/PO-000001')).response.statusCode).toBe(404);
  });

  it.each(['https://evil.example', 'http://localhost:3001', 'http://127.0.0.1:3000', 'null', PUBLIC_BASE_URL, ''])(
    'a page of the origin %j starts nothing',
    async (origin) => {
      const { response, calls } = await ask({ host: 'localhost:3000', origin });
      expect([response.statusCode, response.json().code, calls]).toEqual([403, 'not_permitted', 0]);
    },
  );

  it('a page of the API itself may', async () => {
    const headers = { host: 'localhost:3000', origin: 'http://localhost:3000' };
    expect((await ask(headers)).response.statusCode).toBe(400);
  });

  it('the gateway, the Receiver and the probes come by whatever name leads here', async () => {
    const headers = { host: 'cp.example.org', origin: 'https://gate.example' };
    for (const url of ['/r/return', '/health/live', '/openapi.json', '/docs']) {
      expect((await ask(headers, 'GET', url)).response.statusCode).toBe(200);
    }
    expect((await ask(headers, 'GET', '/callbacks/default')).response.json().code).toBe('bad_control');
  });
});

it('with keys the host and the origin do not matter: no browser adds a key by itself', async () => {
  const { apiKey, headers } = makeCaller('shop', ['payouts:read']);
  const { app } = await makeApp({ access: { apiKeys: [apiKey] } });
  const response = await app.inject({
    url: '/payouts/PO-000001',
    headers: { ...headers, host: 'cp.example.org', origin: 'https://shop.example' },
  });
  expect(response.statusCode).toBe(404);
});
