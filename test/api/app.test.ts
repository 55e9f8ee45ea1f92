import { makeApiKey } from '../../src/config/api-keys';
import { REQUEST } from '../domain/samples';
import { makeApp, problemBody } from './app-harness';

type Json = { readonly [name: string]: Json };

async function readDescription(): Promise<Json> {
  const { app } = await makeApp({});
  return (await app.inject('/openapi.json')).json();
}

/** Every `$ref` anywhere in it. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => (name === '$ref' ? [String(part)] : refsIn(part)));
}

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 of the routes callers use, and of no other', async () => {
    const description = await readDescription();
    expect(description).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Payout orchestrator', version: '1', license: { identifier: 'Apache-2.0' } },
      servers: [{ url: 'https://cp.example.org' }],
    });
    const routes = Object.entries(description.paths!).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(routes.sort()).toEqual([
      'get /attention',
      'get /batches',
      'get /batches/template.csv',
      'get /batches/{batchId}',
      'get /batches/{batchId}/result',
      'get /health/live',
      'get /health/ready',
      'get /limits',
      'get /me',
      'get /notifications',
      'get /notifications/{id}',
      'get /payout-counts',
      'get /payout-day',
      'get /payouts',
      'get /payouts.csv',
      'get /payouts/{clientOrderId}',
      'get /payouts/{clientOrderId}/events',
      'get /payouts/{clientOrderId}/notifications',
      'get /payouts/{clientOrderId}/timeline',
      'get /unmatched/{clientOrderId}',
      'post /batches',
      'post /batches/{batchId}/approve',
      'post /batches/{batchId}/cancel',
      'post /batches/{batchId}/pause',
      'post /batches/{batchId}/reject',
      'post /batches/{batchId}/reschedule',
      'post /batches/{batchId}/resume',
      'post /notifications/{id}/acknowledge',
      'post /notifications/{id}/resend',
      'post /payouts',
      'post /payouts/{clientOrderId}/acknowledge',
      'post /payouts/{clientOrderId}/approve',
      'post /payouts/{clientOrderId}/cancel',
      'post /payouts/{clientOrderId}/check',
      'post /payouts/{clientOrderId}/note',
      'post /payouts/{clientOrderId}/reject',
      'post /payouts/{clientOrderId}/reschedule',
      'post /payouts/{clientOrderId}/resend',
      'post /payouts/{clientOrderId}/resolve',
      'post /payouts/{clientOrderId}/withdraw',
      'post /unmatched/{clientOrderId}/acknowledge',
    ]);
    expect(JSON.stringify(description).replaceAll('fraud control', '')).not.toMatch(/\/callbacks|cvv|control/i);
  });

  it('refers only to schemas it has, and names every operation once', async () => {
    const description = await readDescription();
    const refs = refsIn(description);
    expect(refs.length).toBeGreaterThan(0);
    const named = Object.entries(description.components!).flatMap(([kind, parts]) =>
      Object.keys(parts as object).map((name) => `#/components/${kind}/${name}`),
    );
    expect(refs.filter((ref) => !named.includes(ref))).toEqual([]);
    const operations = Object.values(description.paths!).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => String(operationId)),
    );
    expect([...operations].sort()).toEqual([
      'acknowledgeNotification',
      'acknowledgePayout',
      'acknowledgeUnmatched',
      'approveBatch',
      'approvePayout',
      'cancelBatch',
      'cancelPayout',
      'checkPayout',
      'countPayouts',
      'exportPayouts',
      'followPayout',
      'listBatches',
      'listLimits',
      'listNotifications',
      'listPayouts',
      'live',
      'notePayout',
      'pauseBatch',
      'readAttentionQueue',
      'readBatch',
      'readBatchResult',
      'readBatchTemplate',
      'readDay',
      'readMe',
      'readNotification',
      'readPayout',
      'readPayoutNotifications',
      'readTimeline',
      'readUnmatched',
      'ready',
      'rejectBatch',
      'rejectPayout',
      'rescheduleBatch',
      'reschedulePayout',
      'resendNotification',
      'resendPayout',
      'resolvePayout',
      'resumeBatch',
      'startBatch',
      'startPayout',
      'withdrawPayout',
    ]);
  });

  it('describes the body with its limits', async () => {
    const description = JSON.stringify(await readDescription());
    for (const part of ['"maxLength":64', 'bank_account', 'cardNumber', 'PO-000001', '"additionalProperties":false'])
      expect(description).toContain(part);
  });
});

it('/docs shows the description as a page', async () => {
  const { app } = await makeApp({});
  const page = await app.inject('/docs');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toMatch(/^text\/html/);
  expect(page.body).toContain('swagger-ui');
});

it.each([
  ['https://cp.example.org', true],
  ['http://127.0.0.1:3000', false],
])('pages of %s are upgraded to https: %s', async (publicBaseUrl, upgraded) => {
  const { app } = await makeApp({ publicBaseUrl });
  const policy = String((await app.inject('/docs')).headers['content-security-policy']);
  expect(policy.includes('upgrade-insecure-requests')).toBe(upgraded);
  expect(policy).toContain("default-src 'self'");
});

it.each(['/payouts/', '/callbacks', '/callbacks/default/x', '/nothing'])(
  '%s is not found, in problem details',
  async (url) => {
    const { app, log } = await makeApp({});
    const response = await app.inject(`${url}?MARKER7f3=1`);
    expect(response.json()).toEqual(problemBody('not_found'));
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(log()).not.toContain('MARKER7f3');
  },
);

it('a request is logged by method and path alone', async () => {
  const { app, log } = await makeApp({});
  const headers = { authorization: 'MARKERauth', cookie: 'MARKERcookie' };
  await app.inject({ url: '/health/live?MARKERquery=1', headers });
  expect(log()).toContain('"path":"/health/live"');
  expect(log()).not.toContain('MARKER');
});

it('of what a caller sends only the id is logged, at whatever level', async () => {
  const { app, log } = await makeApp({});
  const payload = JSON.parse(JSON.stringify(REQUEST));
  const words = [payload.destination.accountNumber, payload.receiver.firstName, payload.receiver.email];
  expect((await app.inject({ method: 'POST', url: '/payouts', payload })).statusCode).toBe(202);
  await app.inject({ method: 'POST', url: '/payouts', payload: { ...payload, amount: 'none' } });
  expect(log()).toContain(payload.clientOrderId);
  for (const word of words.filter((each) => each !== undefined)) expect(log()).not.toContain(word);
  expect(words[0].length).toBeGreaterThan(8);
});

it('of an address only our route is logged, and an id that can be one', async () => {
  const { app, log } = await makeApp({});
  await app.inject('/callbacks/default#control=MARKERfragment');
  await app.inject('/callbacks/MARKERdoor');
  await app.inject(`/${'a'.repeat(300)}MARKERlong`);
  await app.inject('/r/MARKERtoken');
  await app.inject('/payouts/%zzMARKER');
  const key = makeApiKey();
  for (const id of [
    'PO-000001',
    key,
    `PO.${key}`,
    '4111111111111111',
    'PO-4111111111111111',
    'MARKER%20Jane',
    '%C3%A9MARKER',
  ])
    await app.inject(`/payouts/${id}/timeline`);
  const paths = [...log().matchAll(/"path":"([^"]*)"/g)].map(([, path]) => path);
  expect(new Set(paths)).toEqual(
    new Set([
      ...['/callbacks/:endpoint', '(no route)', '/r/:token'],
      ...['/payouts/PO-000001/timeline', '/payouts/:clientOrderId/timeline'],
    ]),
  );
  expect(log()).not.toMatch(/MARKER|4111111111111111/);
  expect(log()).not.toContain(key);
});

it('a request that does not come whole is given ten seconds, and an idle connection ten', async () => {
  const { app } = await makeApp({});
  expect(app.server).toMatchObject({ requestTimeout: 10_000, keepAliveTimeout: 10_000 });
  expect(app.initialConfig.bodyLimit).toBe(64 * 1024);
});

describe('health', () => {
  it('is live without Temporal', async () => {
    const readiness = jest.fn(async () => null);
    const { app } = await makeApp({ readiness });
    expect((await app.inject('/health/live')).json()).toEqual({ status: 'ok' });
    expect(readiness).toHaveBeenCalledTimes(0);
  });

  it('is ready only with Temporal', async () => {
    const ready = await makeApp({});
    expect((await ready.app.inject('/health/ready')).json()).toEqual({ status: 'ok' });
    const away = await makeApp({ readiness: async () => null });
    const response = await away.app.inject('/health/ready');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '5']);
    expect(response.json().code).toBe('temporal_unavailable');
  });

  it('names what Temporal lacks', async () => {
    const lack = { field: 'search attribute PayoutState', expected: 'type Keyword; found none' };
    const { app } = await makeApp({ readiness: async () => [{ ...lack, more: 'hidden' }] });
    const response = await app.inject('/health/ready');
    expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '5']);
    expect(response.json()).toMatchObject({ code: 'not_ready', errors: [lack] });
    expect(response.body).not.toContain('hidden');
  });
});

describe('the Receiver’s return', () => {
  it.each([
    ['GET', undefined],
    ['POST', 'application/x-www-form-urlencoded'],
    ['POST', 'application/json'],
  ] as const)('%s %s: a page that repeats, believes and logs nothing', async (method, contentType) => {
    const { app, store, log } = await makeApp({});
    const response = await app.inject({
      method,
      url: '/r/return?status=MARKER7f3',
      ...(contentType === undefined
        ? {}
        : { headers: { 'content-type': contentType }, payload: 'status=MARKER7f3&control=MARKER7f3' }),
    });
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toMatch(/^text\/html/);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['referrer-policy']).toBe('no-referrer');
    expect(response.body).not.toContain('MARKER7f3');
    expect(log()).not.toContain('MARKER7f3');
    expect(store.signalCallback).toHaveBeenCalledTimes(0);
  });
});
