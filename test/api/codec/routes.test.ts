import fc from 'fast-check';
import { type ApiKey, hashApiKey, makeApiKey, type Scope } from '../../../src/config/api-keys';
import { REQUEST } from '../../domain/samples';
import { makeApp, makeCaller } from '../app-harness';
import { CODEC, NAMESPACE, readValue, sealValue } from './sealed';

const ORIGIN = 'http://127.0.0.1:8233';
const NUMBER = 'DE89370400440532013000';
const settings = { codec: CODEC, origin: ORIGIN, namespace: NAMESPACE };
const reader = makeApiKey();
const shop = makeApiKey();
const entry = (name: string, key: string, scopes: Scope[], more: Partial<ApiKey> = {}): ApiKey => ({
  ...makeCaller(name, scopes, null, { tenants: '*', ...more }).apiKey,
  hash: hashApiKey(key).toString('hex'),
});
const apiKeys = [entry('ops', reader, ['codec']), entry('shop', shop, ['payouts:write', 'payouts:read'])];
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

const withKeys = () => makeApp({ codec: settings, access: { apiKeys } });
type App = Awaited<ReturnType<typeof makeApp>>['app'];

async function decode(app: App, headers: Record<string, string>, payloads?: unknown) {
  const sent = payloads === undefined ? [await sealValue(REQUEST)] : payloads;
  return app.inject({
    method: 'POST',
    url: '/codec/decode',
    headers: { 'content-type': 'application/json', 'x-namespace': NAMESPACE, ...headers },
    body: JSON.stringify({ payloads: sent }),
  });
}

async function signIn(app: App, key: string, headers: Record<string, string> = {}) {
  return app.inject({
    method: 'POST',
    url: '/codec',
    headers: { 'content-type': 'application/x-www-form-urlencoded', host: '127.0.0.1:3000', ...headers },
    body: new URLSearchParams({ key, act: 'enter' }).toString(),
  });
}
const cookieOf = (response: Awaited<ReturnType<typeof signIn>>) => String(response.headers['set-cookie']).split(';')[0];

describe('the codec server', () => {
  test('is not there without its settings', async () => {
    const { app } = await makeApp({ access: { apiKeys } });
    expect((await decode(app, bearer(reader))).statusCode).toBe(404);
    expect((await app.inject({ url: '/codec' })).statusCode).toBe(404);
  });

  test('shows payloads to a key with the scope codec, masked', async () => {
    const { app } = await withKeys();
    const answer = await decode(app, bearer(reader));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(readValue(answer.json().payloads[0])).toMatchObject({ amount: REQUEST.amount });
    expect(readValue(answer.json().payloads[0])).toMatchObject({ destination: { accountNumber: '••••3000' } });
  });

  test('shows a tenant’s payloads to those who see it, and the others as they came', async () => {
    const key = makeApiKey();
    const keys = [entry('shops', key, ['codec'], { tenant: 'shops', tenants: ['shops'] }), ...apiKeys];
    const payload = await sealValue(REQUEST);
    const readAs = async (bearerKey: string, owner: string | null) => {
      const ownerOf = jest.fn(async () => owner);
      const { app } = await makeApp({ codec: settings, access: { apiKeys: keys }, ownerOf });
      const shown = (await decode(app, bearer(bearerKey), [payload, payload])).json().payloads;
      return [
        shown.map((each: unknown) => JSON.stringify(each) === JSON.stringify(payload)),
        ownerOf.mock.calls.length,
      ];
    };
    expect(await readAs(key, 'shops')).toEqual([[false, false], 1]);
    expect(await readAs(key, 'default')).toEqual([[true, true], 1]);
    expect(await readAs(key, null)).toEqual([[true, true], 2]);
    expect(await readAs(reader, 'shops')).toEqual([[false, false], 0]);
  });

  test('refuses everyone else, and shows nothing', async () => {
    const { app, log } = await withKeys();
    const answers = [
      [await decode(app, {}), 401, 'unauthenticated'],
      [await decode(app, bearer(makeApiKey())), 401, 'unauthenticated'],
      [await decode(app, { cookie: 'payout_codec=ops.9999999999999.x', origin: ORIGIN }), 401, 'unauthenticated'],
      [await decode(app, bearer(shop)), 403, 'not_permitted'],
      [await decode(app, { ...bearer(reader), origin: 'http://127.0.0.1:8234' }), 403, 'not_permitted'],
      [await decode(app, { ...bearer(reader), origin: 'null' }), 403, 'not_permitted'],
    ] as const;
    for (const [answer, status, code] of answers) {
      expect({ status: answer.statusCode, code: answer.json().code }).toEqual({ status, code });
      expect(answer.body).not.toContain('payloads');
    }
    expect(log()).not.toContain('payloads read');
  });

  test('has no encode, and decode is POST alone', async () => {
    const { app } = await withKeys();
    for (const [method, url, status] of [
      ['POST', '/codec/encode', 404],
      ['POST', '/codec/download', 404],
      ['GET', '/codec/decode', 405],
      ['PUT', '/codec/decode', 405],
    ] as const) {
      expect((await app.inject({ method, url, headers: bearer(reader) })).statusCode).toBe(status);
    }
  });

  test('says in a log who read what, and nothing of what stood there', async () => {
    const { app, log } = await withKeys();
    await decode(app, bearer(reader), [
      await sealValue(REQUEST),
      await sealValue(REQUEST, { workflowId: 'payout:PO-000002' }),
      await sealValue(REQUEST, { namespace: 'others' }),
    ]);
    const lines = log()
      .split('\n')
      .filter((line) => line.includes('payloads read'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      actor: 'ops',
      by: 'key',
      namespace: NAMESPACE,
      workflowIds: ['payout:PO-000001', 'payout:PO-000002'],
      workflows: 2,
      payloads: 3,
      opened: 2,
      refused: 1,
    });
    for (const secret of [NUMBER, 'José', reader, '••••3000']) expect(log()).not.toContain(secret);
  });

  test('opens nothing of a namespace that is not its own, whatever the caller says', async () => {
    const { app, log } = await withKeys();
    const foreign = [await sealValue(REQUEST, { namespace: 'others' }), await sealValue(REQUEST)];
    const answer = await decode(app, { ...bearer(reader), 'x-namespace': 'others' }, foreign);
    expect(answer.json().payloads).toEqual(foreign);
    expect(log()).toContain('"namespace":"another","workflowIds":[],"workflows":0,"payloads":2,"opened":0,"refused":2');
  });

  test('asks for a namespace, for payloads, and for a size it can carry', async () => {
    const { app } = await withKeys();
    const headers = { ...bearer(reader), 'content-type': 'application/json' };
    const post = (body: string, more: Record<string, string> = { 'x-namespace': NAMESPACE }) =>
      app.inject({ method: 'POST', url: '/codec/decode', headers: { ...headers, ...more }, body });
    expect((await post('{"payloads":[]}', {})).statusCode).toBe(400);
    for (const body of ['', '[]', '{}', '{"payloads":{}}', '{"payloads":[1]}', '{"payloads":[{"metadata":{"a":1}}]}']) {
      expect((await post(body)).statusCode).toBe(400);
    }
    expect((await post(JSON.stringify({ payloads: Array(1_000).fill({}) }))).statusCode).toBe(200);
    expect((await post(JSON.stringify({ payloads: Array(1_001).fill({}) }))).statusCode).toBe(413);
    const large = (length: number) => JSON.stringify({ payloads: [{ data: 'A'.repeat(length) }] });
    expect((await post(large(8 * 1024 * 1024 - 100))).statusCode).toBe(200);
    expect((await post(large(8 * 1024 * 1024))).statusCode).toBe(413);
  });

  test('answers what is not JSON or not typed as JSON with 400 and 415', async () => {
    const { app } = await withKeys();
    const post = (type: string) =>
      app.inject({
        method: 'POST',
        url: '/codec/decode',
        headers: { ...bearer(reader), 'x-namespace': NAMESPACE, 'content-type': type },
        body: '{"payloads":',
      });
    expect((await post('application/json')).statusCode).toBe(400);
    expect((await post('application/octet-stream')).statusCode).toBe(415);
  });

  test('fuzz: any JSON is answered, with 200 or 400', async () => {
    const { app } = await withKeys();
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const sealed = Buffer.from('binary/encrypted').toString('base64');
    const payload = fc.record(
      {
        metadata: fc.dictionary(
          fc.oneof(fc.constantFrom('encoding', 'key', 'owner'), text),
          fc.oneof(fc.constant(sealed), text, fc.base64String()),
        ),
        data: fc.oneof(fc.base64String(), text),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), fc.array(payload, { maxLength: 5 })), async (payloads) => {
        const answer = await decode(app, bearer(reader), payloads);
        expect([200, 400]).toContain(answer.statusCode);
        if (answer.statusCode === 200) expect(answer.json().payloads).toEqual(payloads);
      }),
      { numRuns: 300 },
    );
  });
});

describe('pages of the Temporal UI', () => {
  test('may ask first what they may send, and no other page may', async () => {
    const { app } = await withKeys();
    const ask = (origin: string) =>
      app.inject({
        method: 'OPTIONS',
        url: '/codec/decode',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const answer = await ask(ORIGIN);
    expect(answer.statusCode).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type, x-namespace',
      vary: 'Origin',
    });
    const other = await ask('http://localhost:8233');
    expect(other.statusCode).toBe(403);
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    expect(other.headers.vary).toBe('Origin');
  });

  test('can read refusals too', async () => {
    const { app } = await withKeys();
    const refused = await decode(app, { origin: ORIGIN });
    expect(refused.statusCode).toBe(401);
    expect(refused.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
  });

  test('read without a key where there are none, and no other page does', async () => {
    const { app, log } = await makeApp({ codec: settings });
    const host = '127.0.0.1:3000';
    expect((await decode(app, { origin: ORIGIN, host })).statusCode).toBe(200);
    expect((await decode(app, { host })).statusCode).toBe(200);
    expect((await decode(app, { origin: 'http://evil.example', host })).statusCode).toBe(403);
    expect((await decode(app, { origin: `http://${host}`, host })).statusCode).toBe(403);
    expect((await decode(app, { origin: ORIGIN, host: 'evil.example' })).statusCode).toBe(403);
    expect(log().split('"msg":"payloads read"')).toHaveLength(3);
    expect(log()).toContain('"actor":"local"');
  });
});

describe('a session', () => {
  test('is opened with a key that may read, and read with', async () => {
    const { app, log } = await withKeys();
    const opened = await signIn(app, reader);
    expect({ status: opened.statusCode, to: opened.headers.location }).toEqual({ status: 303, to: '/codec' });
    const cookie = String(cookieOf(opened));
    const page = await app.inject({ url: '/codec', headers: { cookie } });
    expect(page.body).toContain('Signed in as <strong>ops</strong>');
    const answer = await decode(app, { cookie, origin: ORIGIN });
    expect(readValue(answer.json().payloads[0])).toMatchObject({ amount: REQUEST.amount });
    expect(log()).toContain('"actor":"ops","by":"session"');
    expect(log()).not.toContain(reader);
    expect(log()).not.toContain(cookie.slice(-43));
  });

  test('opens no other route', async () => {
    const { app } = await withKeys();
    const cookie = String(cookieOf(await signIn(app, reader)));
    expect((await app.inject({ url: '/payouts/PO-000001', headers: { cookie } })).statusCode).toBe(401);
  });

  test('is not opened with another key, nor from another page', async () => {
    const { app } = await withKeys();
    const answers = [
      [await signIn(app, ''), 401],
      [await signIn(app, makeApiKey()), 401],
      [await signIn(app, shop), 403],
      [await signIn(app, reader, { origin: 'http://evil.example' }), 403],
      [await signIn(app, reader, { 'sec-fetch-site': 'cross-site' }), 403],
      [await signIn(app, reader, { 'sec-fetch-site': 'same-site' }), 403],
    ] as const;
    for (const [answer, status] of answers) {
      expect(answer.statusCode).toBe(status);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    const ours = { origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' };
    expect((await signIn(app, reader, ours)).statusCode).toBe(303);
  });

  test('a cookie beside a wrong key does not help', async () => {
    const { app } = await withKeys();
    const cookie = String(cookieOf(await signIn(app, reader)));
    expect((await decode(app, { cookie, ...bearer(makeApiKey()) })).statusCode).toBe(401);
  });

  test('ends with signing out: a kept cookie reads nothing more', async () => {
    const { app } = await withKeys();
    const [cookie, other] = [String(cookieOf(await signIn(app, reader))), String(cookieOf(await signIn(app, reader)))];
    const left = await app.inject({
      method: 'POST',
      url: '/codec',
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie },
      body: 'act=leave',
    });
    expect((await decode(app, { cookie, origin: ORIGIN })).statusCode).toBe(401);
    expect((await app.inject({ url: '/codec', headers: { cookie } })).body).not.toContain('Signed in');
    expect((await decode(app, { cookie: other, origin: ORIGIN })).statusCode).toBe(200);
    expect(left.statusCode).toBe(303);
    expect(left.headers['set-cookie']).toMatch(/^payout_codec=; .*Max-Age=0$/);
  });

  test('its page has no script, one style by its hash, and is not framed', async () => {
    const { app } = await withKeys();
    const page = await app.inject({ url: '/codec' });
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' });
    expect(page.body).not.toMatch(/<script|\son\w+=|style=/i);
    expect(page.body).toContain('type="password"');
  });

  test('where there are no keys, its page asks for none', async () => {
    const { app } = await makeApp({ codec: settings });
    const page = await app.inject({ url: '/codec', headers: { host: '127.0.0.1:3000' } });
    expect(page.body).not.toContain('<form');
    expect((await signIn(app, 'x')).statusCode).toBe(401);
  });
});
