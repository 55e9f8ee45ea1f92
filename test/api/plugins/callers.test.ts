import * as crypto from 'node:crypto';
import { createCallerDirectory, findMissingKeys } from '../../../src/api/plugins/callers';
import { countCalls, makeApp, makeCaller, NO_KEYS, PUBLIC_BASE_URL } from '../app-harness';

jest.mock('node:crypto', () => {
  const actual = jest.requireActual<typeof crypto>('node:crypto');
  return { ...actual, timingSafeEqual: jest.fn(actual.timingSafeEqual) };
});

const shop = makeCaller('shop', ['payouts:write', 'payouts:read']);
const till = makeCaller('till', ['payouts:read']);
const callers = [shop, till, makeCaller('desk', ['payouts:operate'])];
const keys = callers.map(({ apiKey }) => apiKey);
const directory = createCallerDirectory(
  () => keys,
  () => 1_000,
);
const callerOf = (found: ReturnType<typeof directory.identify>) =>
  found !== null && 'caller' in found ? found.caller : undefined;
const identify = (header: string | undefined, of = directory, address = '10.0.0.7') =>
  callerOf(of.identify(header, address));

it('knows a caller by its key', () => {
  expect(identify(shop.headers.authorization)).toEqual({
    ...{ name: 'shop', person: 'shop', scopes: ['payouts:write', 'payouts:read'] },
    ...{ tenant: 'default', tenants: ['default'], endpoints: null },
  });
  expect(identify(`bearer   ${till.key} `)).toMatchObject({ name: 'till', scopes: ['payouts:read'] });
});

it.each([
  ['nothing', undefined],
  ['an empty header', ''],
  ['no key', 'Bearer '],
  ['the key alone', shop.key],
  ['another scheme', `Basic ${shop.key}`],
  ['two keys', `Bearer ${shop.key} ${till.key}`],
  ['the beginning of a key', `Bearer ${shop.key.slice(0, -1)}`],
  ['a longer key', `Bearer ${shop.key}x`],
  ['another case', `Bearer ${shop.key.toUpperCase()}`],
  ['the hash of a key', `Bearer ${shop.apiKey.hash}`],
  ['the hash as configured', `Bearer sha256:${shop.apiKey.hash}`],
  ['a long text', `Bearer ${'x'.repeat(10_000)}`],
])('%s is nobody', (_name, header) => {
  expect(directory.identify(header, '10.0.0.7')).toBeNull();
});

it('a key is refused from the moment it expires', () => {
  const { apiKey, headers } = makeCaller('shop', ['payouts:read'], 1_000);
  const at = (now: number) =>
    identify(
      headers.authorization,
      createCallerDirectory(
        () => [apiKey],
        () => now,
      ),
    )?.name;
  expect([at(999), at(1_000), at(1_001)]).toEqual(['shop', undefined, undefined]);
});

it('two keys of one name are the same caller, each with its own scopes', () => {
  const next = makeCaller('shop', ['payouts:read']);
  const entries = [shop.apiKey, next.apiKey];
  const both = createCallerDirectory(
    () => entries,
    () => 1_000,
  );
  expect(identify(shop.headers.authorization, both)?.scopes).toEqual(['payouts:write', 'payouts:read']);
  expect(identify(next.headers.authorization, both)).toMatchObject({ name: 'shop', scopes: ['payouts:read'] });
});

it.each([
  ['the first key', shop.headers.authorization],
  ['the last key', callers[2]!.headers.authorization],
  ['no such key', 'Bearer pk_x'],
])('compares all entries in constant time: %s', (_name, header) => {
  const compare = jest.mocked(crypto.timingSafeEqual);
  compare.mockClear();
  directory.identify(header, '10.0.0.7');
  expect(compare).toHaveBeenCalledTimes(3);
});

it('a key that has networks works from nowhere else, and says whose it is', () => {
  const { apiKey, headers } = makeCaller('shop', ['payouts:read'], null, { networks: ['10.0.0.0/8', '2001:db8::7'] });
  const of = createCallerDirectory(
    () => [apiKey],
    () => 1_000,
  );
  const from = (address: string) => identify(headers.authorization, of, address)?.name;
  expect(['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::7'].map(from)).toEqual(['shop', 'shop', 'shop']);
  expect(['11.0.0.1', '::ffff:11.0.0.1', '2001:db8::8', '', 'unknown'].map(from)).toEqual(Array(5).fill(undefined));
  expect(of.identify(headers.authorization, '11.0.0.1')).toEqual({ misplaced: 'shop' });
});

it('keys count as they are at the request', () => {
  let now = [shop.apiKey];
  const of = createCallerDirectory(
    () => now,
    () => 1_000,
  );
  expect(identify(shop.headers.authorization, of)?.name).toBe('shop');
  now = [till.apiKey];
  expect([shop, till].map(({ headers }) => identify(headers.authorization, of)?.name)).toEqual([undefined, 'till']);
});

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
