import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createApiKey } from '../../scripts/keys';
import { describePayout } from '../../scripts/payout-api';
import { describeProblem } from '../../src/api/plugins/problems';
import { createReceiverLinks } from '../../src/api/receiver/receiver-links';
import { SCOPES } from '../../src/config/api-keys';
import type { Payout } from '../../src/domain/payout';
import { ROUTES, type Route } from '../api/plugins/routes';
import { ROOT } from '../docs/documents';
import { type ExampleHook, startExampleHook } from '../support/example-hook';
import type { LedgerEntry } from '../support/payouts';
import { QUICK, withProduct } from '../support/quick';
import { enterAccount } from '../support/receiver-form';
import { type Stack, startStack } from '../support/stack';

const RATE = 25;
const make = (name: string, scopes: string, more: Partial<Parameters<typeof createApiKey>[0]> = {}) =>
  createApiKey({ name, scopes, ...more });

const all = make('all', SCOPES.join());
/** Another key of the person behind `all`. */
const allsOther = make('alls-other', 'payouts:approve', { person: 'all' });
const expired = make('expired', SCOPES.join(), { expires: '2020-01-01' });
const shop = { old: make('shop', 'payouts:write'), next: make('shop', 'payouts:write') };
const burst = make('burst', 'payouts:write');
const maker = { writes: make('maker', 'payouts:write,payouts:read'), reads: make('maker', 'payouts:read') };
const tenants = {
  shops: make('shops', SCOPES.join(), { tenant: 'shops' }),
  markets: make('markets', SCOPES.join(), { tenant: 'markets' }),
  all: make('house', SCOPES.join(), { tenants: '*' }),
};
/** Two people of a tenant whose payouts a service is asked about. */
const hooked = {
  asks: make('hooked', SCOPES.join(), { tenant: 'hooked' }),
  releases: make('releaser', 'payouts:approve', { tenant: 'hooked' }),
};
const elsewhere = make('elsewhere', 'payouts:read', { networks: '192.0.2.0/24' });
const stranger = make('stranger', SCOPES.join());
const only = new Map(SCOPES.map((scope) => [scope as string, make(`only-${scope.replace(':', '-')}`, scope)]));
const allBut = new Map(
  SCOPES.map((scope) => [
    scope as string,
    make(`but-${scope.replace(':', '-')}`, SCOPES.filter((other) => other !== scope).join()),
  ]),
);
const admitted = [
  all,
  expired,
  allsOther,
  shop.old,
  shop.next,
  burst,
  maker.writes,
  maker.reads,
  ...Object.values(tenants),
  ...Object.values(hooked),
  elsewhere,
  ...only.values(),
  ...allBut.values(),
];

let stack: Stack;
let client: Client;
let connection: Connection;

let hook: ExampleHook;

beforeAll(async () => {
  hook = await startExampleHook(path.join(__dirname, '..', 'fixtures', 'policies.yaml'), 'hooked');
  const options = withProduct(QUICK, { POLICIES_FILE: hook.policiesFile });
  stack = await startStack({
    ...options,
    temporal: 'shared',
    api: { ...options.api, API_RATE: String(RATE), TRUSTED_PROXIES: '127.0.0.0/8,::1' },
    callers: { entries: admitted.map(({ entry }) => entry), key: all.key },
  });
  connection = await Connection.connect({ address: stack.temporalAddress });
  client = new Client({ connection, namespace: stack.namespace });
}, 120_000);
afterAll(async () => {
  await connection?.close();
  await stack?.stop();
  await hook?.stop();
}, 60_000);

const countWorkflows = async () => (await client.workflow.count("WorkflowType = 'payout'")).count;
const listLedger = async () =>
  (await stack.control<{ entries: (LedgerEntry & { clientOrderId?: string })[] }>('/ledger')).entries;

interface Credential {
  readonly name: string;
  readonly headers: Record<string, string>;
  readonly status: number;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const refused = (scope: string): Credential[] => [
  { name: 'none', headers: {}, status: 401 },
  { name: 'wrong', headers: bearer(stranger.key), status: 401 },
  { name: 'expired', headers: bearer(expired.key), status: 401 },
  { name: 'not a bearer', headers: { authorization: `Basic ${all.key}` }, status: 401 },
  { name: 'other scopes', headers: bearer(allBut.get(scope)!.key), status: 403 },
];

async function send(method: string, route: string, options: { headers: Record<string, string>; id: string }) {
  const url = `${stack.api}${route.replace('{clientOrderId}', options.id)}`;
  const isPost = method.toUpperCase() === 'POST';
  const body =
    route === '/payouts'
      ? describePayout(options.id)
      : {
          reason: 'seen',
          ...(/resolve/.test(route) ? { outcome: 'error' } : {}),
          ...(/reschedule/.test(route) ? { executeAt: '2100-01-01T00:00:00Z' } : {}),
          ...(route === '/payouts/{clientOrderId}/acknowledge' ? { attention: 'conflict' } : {}),
        };
  const response = await fetch(url, {
    method: method.toUpperCase(),
    headers: { ...options.headers, ...(isPost ? { 'content-type': 'application/json' } : {}) },
    ...(isPost ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

test('no route but the public ones lets anybody in without the right key, and nothing is started', async () => {
  const { body } = await stack.request<{
    paths: Record<string, Record<string, { security?: { apiKey: string[] }[] }>>;
  }>('/openapi.json');
  const routes = Object.entries(body.paths).flatMap(([route, methods]) =>
    Object.entries(methods).map(([method, { security }]) => ({ method, route, scope: security?.[0]?.apiKey[0] })),
  );
  const keyed = routes.filter(({ scope }) => scope !== undefined);
  expect([routes.length, keyed.length]).toEqual([41, 39]);

  const seen: object[] = [];
  const expected: object[] = [];
  for (const [turn, { method, route, scope = '' }] of keyed.entries()) {
    // Wrong keys are limited per address, which our proxy says.
    const from = { 'x-forwarded-for': `203.0.113.${turn}` };
    for (const { name, headers, status } of refused(scope)) {
      const answer = await send(method, route, { headers: { ...headers, ...from }, id: 'X-refused' });
      seen.push({ method, route, name, status: answer.status });
      expected.push({ method, route, name, status });
    }
  }
  expect(seen).toEqual(expected);
  for (const { method, route } of routes.filter(({ scope }) => scope === undefined)) {
    expect((await send(method, route, { headers: {}, id: 'X-refused' })).status).toBe(200);
  }

  // One right start makes sure that a start would have been seen.
  const right = [];
  for (const { method, route, scope = '' } of keyed) {
    const { status } = await send(method, route, { headers: bearer(only.get(scope)!.key), id: 'X-right' });
    right.push([`${method} ${route}`, status]);
  }
  expect(Object.fromEntries(right)).toMatchObject({ 'post /payouts': 202, 'get /payouts/{clientOrderId}': 200 });
  expect(right.filter(([, status]) => status === 401 || status === 403)).toEqual([]);
  await stack.waitFor('the right start in the list', async () => ((await countWorkflows()) > 0 ? true : null));
  expect(await countWorkflows()).toBe(1);
  expect((await stack.request('/payouts/X-refused')).status).toBe(404);
  await stack.waitFor('the order at the gateway', async () => ((await listLedger()).length > 0 ? true : null));
  expect((await listLedger()).filter(({ clientOrderId }) => clientOrderId === 'X-refused')).toEqual([]);
}, 120_000);

test('both keys of a caller work while it is rotated', async () => {
  for (const [name, { key }] of Object.entries(shop)) {
    expect((await send('post', '/payouts', { headers: bearer(key), id: `X-${name}` })).status).toBe(202);
  }
}, 60_000);

test('a thousand guessed ids without a key get one constant answer', async () => {
  const answers = new Set<string>();
  for (let group = 0; group < 20; group += 1) {
    const ids = Array.from({ length: 50 }, (_, index) => `X-${group * 50 + index}`);
    const batch = await Promise.all(ids.map((id) => send('get', '/payouts/{clientOrderId}', { headers: {}, id })));
    for (const { status, text } of batch) answers.add(`${status} ${text}`);
  }
  // An id that exists is guessed by no one else.
  const real = await send('get', '/payouts/{clientOrderId}', { headers: {}, id: 'X-right' });
  answers.add(`${real.status} ${real.text}`);
  expect([...answers]).toEqual([`401 ${describeProblem(stack.api, 'unauthenticated')}`]);
}, 60_000);

test('above its rate a caller learns when to come again, and exactly the admitted payouts exist', async () => {
  // The starts of the tests above, each visible a moment after its answer.
  const before = 1 + Object.keys(shop).length;
  await stack.waitFor('the starts so far in the list', async () => (await countWorkflows()) === before);
  const ids = Array.from({ length: 150 }, (_, index) => `X-burst-${index}`);
  const answers = await Promise.all(ids.map((id) => send('post', '/payouts', { headers: bearer(burst.key), id })));
  const accepted = ids.filter((_, index) => answers[index]!.status === 202);
  const limited = answers.filter(({ status }) => status === 429);
  expect(accepted.length + limited.length).toBe(150);
  expect(accepted.length).toBeGreaterThanOrEqual(RATE);
  expect(limited.length).toBeGreaterThan(0);
  expect(limited.map(({ headers }) => headers.get('retry-after'))).toEqual(limited.map(() => '1'));

  await stack.waitFor('the admitted ones in the list', async () =>
    (await countWorkflows()) >= before + accepted.length ? true : null,
  );
  expect(await countWorkflows()).toBe(before + accepted.length);
  const paid = async () => {
    const ofBurst = (await listLedger()).filter(
      ({ kind, clientOrderId }) => kind === 'accepted' && clientOrderId?.startsWith('X-burst-'),
    );
    return ofBurst.map(({ clientOrderId }) => clientOrderId);
  };
  await stack.waitFor('the admitted ones at the gateway', async () =>
    (await paid()).length >= accepted.length ? true : null,
  );
  expect((await paid()).sort()).toEqual([...accepted].sort());
}, 120_000);

test('a Receiver’s link goes to the caller that made the payout alone; no one else gets or makes one', async () => {
  const id = 'X-collects';
  const { destination: _, ...asked } = describePayout(id);
  const started = await fetch(`${stack.api}/payouts`, {
    method: 'POST',
    headers: { ...bearer(maker.writes.key), 'content-type': 'application/json' },
    body: JSON.stringify({ ...asked, collect: 'receiver' }),
  });
  const { receiverPage } = (await started.json()) as { receiverPage: string };
  expect(receiverPage).toContain(`/r/${id}~`);
  const read = async (key: string, what = '') => {
    const response = await fetch(`${stack.api}/payouts/${id}${what}`, { headers: bearer(key) });
    expect(response.status).toBe(200);
    return (await response.json()) as { receiverPage: string | null; steps: { enteredFrom: string | null }[] };
  };
  expect((await read(maker.writes.key)).receiverPage).toBe(receiverPage);
  for (const { key } of [maker.reads, only.get('payouts:read')!, all])
    expect((await read(key)).receiverPage).toBeNull();

  const enter = async (page: string) => (await enterAccount(page, 'DE89370400440532013000')).status;
  const lasting = { clientOrderId: id, createdAtMs: Date.now() + 3_650 * 86_400_000 } as unknown as Payout;
  const forged = createReceiverLinks({
    receiverLinkKeys: [String(stack.environment.simulator.SIMULATOR_CONTROL_KEY)],
    publicBaseUrl: stack.api,
  });
  expect(await enter(forged.pageOf(lasting))).toBe(404);
  expect(await enter(receiverPage)).toBe(303);
  const addressesFor = async (key: string) =>
    (await read(key, '/timeline')).steps.map(({ enteredFrom }) => enteredFrom).filter((address) => address !== null);
  expect(await stack.waitFor('the entry', async () => (await addressesFor(all.key))[0] ?? null)).toBe('127.0.0.1');
  expect(await addressesFor(maker.writes.key)).toEqual([]);
});

async function post(route: string, key: string, body: object) {
  const response = await fetch(`${stack.api}${route}`, {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('a payout that a rule wants approved is sent after another person approved it, and no one else', async () => {
  const approver = only.get('payouts:approve')!;
  const asked = await post('/payouts', all.key, { ...describePayout('X-approved'), amount: '7777.00' });
  expect(asked).toMatchObject({
    status: 202,
    body: {
      ...{ state: 'awaiting_approval', attention: null },
      approval: { rule: 'four-eyes', needed: 1, requestedBy: 'all', approvedBy: [] },
    },
  });
  const approve = (key: string) => post('/payouts/X-approved/approve', key, { reason: 'invoice checked' });
  for (const key of [all.key, allsOther.key])
    expect(await approve(key)).toMatchObject({ status: 409, body: { errors: [{ field: 'person' }] } });
  expect((await approve(only.get('payouts:operate')!.key)).status).toBe(403);
  const crowded = await post('/payouts', all.key, { ...describePayout('X-crowded'), amount: '8888.00' });
  expect(crowded).toMatchObject({ status: 202, body: { attention: 'approval_blocked' } });
  await stack.waitFor('both to be in the queue, each with its reason', async () => {
    const { body } = await stack.request<{ items: { clientOrderId: string; attention: string }[] }>('/attention');
    const isShown = (id: string, attention: string) =>
      body.items.some((item) => item.clientOrderId === id && item.attention === attention);
    return (isShown('X-approved', 'awaiting_approval') && isShown('X-crowded', 'approval_blocked')) || null;
  });
  const ordersOf = async () => (await listLedger()).filter(({ clientOrderId }) => clientOrderId === 'X-approved');
  expect(await ordersOf()).toEqual([]);
  expect(await approve(approver.key)).toMatchObject({ status: 200, body: { state: 'accepted' } });
  await stack.waitFor('it to be approved', async () => {
    const { body } = await stack.request<Payout>('/payouts/X-approved');
    return body.state === 'approved' || null;
  });
  expect((await ordersOf()).filter(({ kind }) => kind === 'accepted')).toHaveLength(1);

  expect(await post('/payouts/X-crowded/reject', approver.key, { reason: 'unknown invoice' })).toMatchObject({
    ...{ status: 200, body: { state: 'cancelled', settledBy: 'operator' } },
  });
  expect(await post('/payouts', all.key, { ...describePayout('X-denied'), amount: '9999.00' })).toMatchObject({
    ...{ status: 422, body: { code: 'denied', errors: [{ field: 'policy' }] } },
  });
}, 60_000);

test('the example of a hook allows, denies and holds; without it a person decides, and it is asked again', async () => {
  const { asks, releases } = hooked;
  const ask = async (id: string, receiver: { firstName: string; lastName: string }) =>
    expect(await post('/payouts', asks.key, { ...describePayout(id), receiver })).toMatchObject({ status: 202 });
  const read = async (id: string, what = '') =>
    (await stack.request<Record<string, unknown>>(`/payouts/${id}${what}`, { headers: bearer(asks.key) })).body;
  const become = (id: string, state: string) =>
    stack.waitFor(`${id} to be ${state}`, async () => {
      const payout = await read(id);
      return payout.state === state ? payout : null;
    });
  const acceptedOf = async (id: string) =>
    (await listLedger()).filter(({ clientOrderId, kind }) => clientOrderId === id && kind === 'accepted').length;
  const act = (id: string, action: string, key: string) =>
    post(`/payouts/${id}/${action}`, key, { reason: 'compared by hand' });

  await ask('H-allowed', { firstName: 'Ada', lastName: 'Moss' });
  await ask('H-denied', { firstName: 'IVÁN', lastName: 'Muster' });
  await ask('H-held', { firstName: 'Eva', lastName: 'Muster' });
  await become('H-allowed', 'approved');
  expect(await become('H-denied', 'cancelled')).toMatchObject({
    ...{ settledBy: 'policy', reason: { code: 'hook_denied', message: 'the name is on the list' } },
  });
  expect(await become('H-held', 'awaiting_approval')).toMatchObject({
    attention: 'hook_held',
    approval: { rule: 'names', because: 'hook', reason: 'like a name on the list', requestedBy: 'hooked' },
  });
  expect(await act('H-held', 'approve', asks.key)).toMatchObject({
    status: 409,
    body: { errors: [{ field: 'person' }] },
  });
  expect(await act('H-held', 'approve', releases.key)).toMatchObject({ status: 200, body: { state: 'accepted' } });
  await become('H-held', 'approved');

  await hook.kill();
  await ask('H-silent', { firstName: 'Ada', lastName: 'Moss' });
  expect(await become('H-silent', 'awaiting_approval')).toMatchObject({ attention: 'hook_unanswered' });
  await hook.start();
  expect(await act('H-silent', 'check', asks.key)).toMatchObject({ status: 200, body: { attention: null } });
  await become('H-silent', 'approved');
  const { steps } = (await read('H-silent', '/timeline')) as { steps: { what: string; rule: string | null }[] };
  const said = steps.filter(({ what }) => what.startsWith('hook_'));
  expect(said).toMatchObject([
    { what: 'hook_silent', rule: 'names' },
    { what: 'hook_allowed', rule: 'names' },
  ]);
  const ids = ['H-allowed', 'H-denied', 'H-held', 'H-silent'];
  expect(await Promise.all(ids.map(acceptedOf))).toEqual([1, 0, 1, 1]);
  // The name and the account were sent to it, and are in no log.
  for (const name of ['worker', 'api'] as const)
    expect(stack.logs(name).join()).not.toMatch(/Muster|10002000300040000/);
}, 90_000);

test('to another tenant a payout is what an unknown one is, on every route', async () => {
  const id = 'X-tenant';
  // That there are no others is checked where these are listed.
  const about = (...kinds: readonly Route['about'][]) =>
    ROUTES.filter((route) => kinds.includes(route.about)).map(({ method, path: route }) => ({ method, route }));

  /** What is above the rate of a caller is asked again. */
  const ask = async (who: keyof typeof tenants, method: string, route: string, of = id) =>
    await stack.waitFor(`${method} ${route}`, async () => {
      const answer = await send(method, route, { headers: bearer(tenants[who].key), id: of });
      const { date: _, ...headers } = Object.fromEntries(answer.headers);
      return answer.status === 429 ? null : { status: answer.status, headers, text: answer.text };
    });
  const made = await ask('shops', 'POST', '/payouts');
  expect([made.status, JSON.parse(made.text)]).toEqual([202, expect.objectContaining({ tenant: 'shops' })]);
  for (const who of ['markets', 'all'] as const) {
    const { status, text } = await ask(who, 'POST', '/payouts');
    expect([who, status, text]).toEqual([who, 409, describeProblem(stack.api, 'client_order_id_taken')]);
  }
  const names = (text: string) => text.includes(id);
  const listed = about('list').filter(({ route }) => /^\/payouts(\.csv)?$/.test(route));
  await stack.waitFor('it in its list', async () =>
    names((await ask('shops', 'GET', '/payouts')).text) ? true : null,
  );
  const attribute = { query: "PayoutTenant = 'shops'" };
  expect((await client.workflow.count(attribute.query)).count).toBe(1);

  for (const { method, route } of about('payout')) {
    const [foreign, unknown] = [await ask('markets', method, route), await ask('markets', method, route, 'X-none')];
    const anonymous = { ...foreign, text: foreign.text.replaceAll(id, 'X-none') };
    anonymous.headers['content-length'] = unknown.headers['content-length'] ?? '';
    expect({ method, route, ...anonymous }).toEqual({ method, route, ...unknown });
  }
  const waited = await ask('markets', 'GET', '/payouts/{clientOrderId}?wait=final');
  expect(waited.status).toBe(404);
  for (const { method, route } of about('payout')) {
    for (const who of ['all', 'shops'] as const)
      expect([method, route, who, (await ask(who, method, route)).status]).not.toContain(404);
  }
  for (const { method, route } of listed) {
    const seenBy = async (who: keyof typeof tenants) => names((await ask(who, method, route)).text);
    expect([route, await seenBy('shops'), await seenBy('markets'), await seenBy('all')]).toEqual([
      route,
      true,
      false,
      true,
    ]);
    expect(names((await ask('all', method, `${route}?tenant=shops`)).text)).toBe(true);
    expect(names((await ask('all', method, `${route}?tenant=default`)).text)).toBe(false);
    expect((await ask('markets', method, `${route}?tenant=shops`)).status).toBe(400);
  }
  const countAll = async (who: keyof typeof tenants) => {
    const { open, final } = JSON.parse((await ask(who, 'GET', '/payout-counts')).text);
    return open + Object.values<number>(final).reduce((sum, count) => sum + count, 0);
  };
  expect([await countAll('shops'), await countAll('markets')]).toEqual([1, 0]);
  expect(await countAll('all')).toBeGreaterThan(1);
  // The gateway paid it once, whoever asked for it.
  const paid = (await listLedger()).filter(({ kind, clientOrderId }) => kind === 'accepted' && clientOrderId === id);
  expect(paid).toHaveLength(1);
}, 120_000);

test('a key is revoked without a restart; a file that cannot be used changes nothing, and is said', async () => {
  const file = path.join(stack.dir, 'api-keys.json');
  // Wrong keys are limited per address, which our proxy says.
  let host = 0;
  const statusOf = async ({ key }: typeof burst, address?: string) => {
    host += 1;
    const headers = { ...bearer(key), 'x-forwarded-for': address ?? `198.51.100.${host}` };
    return (await send('get', '/payouts/{clientOrderId}', { headers, id: 'X-right' })).status;
  };
  // It may write, and is known: a read lacks the scope.
  expect([await statusOf(burst), await statusOf(elsewhere), await statusOf(elsewhere, '192.0.2.7')]).toEqual([
    403, 401, 200,
  ]);
  const entries = admitted.filter((made) => made !== burst).map(({ entry }) => entry);
  await writeFile(file, JSON.stringify(entries));
  await stack.waitFor('its end', async () => ((await statusOf(burst)) === 401 ? true : null));
  expect(await statusOf(all)).toBe(200);

  await writeFile(file, JSON.stringify([{ ...all.entry, scopes: [stranger.key] }], null, 2));
  const warnings = async () => (await stack.request<{ warnings?: string[] }>('/health/ready')).body.warnings;
  await stack.waitFor('the warning', async () => (await warnings()) ?? null);
  expect(await statusOf(all)).toBe(200);
  expect(stack.logs('api').join()).toContain('line 4: entry 1: scopes: expected scopes out of');
  await writeFile(file, JSON.stringify(admitted.map(({ entry }) => entry)));
  await stack.waitFor('its return', async () => ((await statusOf(burst)) === 403 ? true : null));
  expect(await warnings()).toBeUndefined();
}, 60_000);

test('no key is in any line of the logs, and the name of the caller is', () => {
  const text = [...stack.logs('api'), ...stack.logs('worker')].join('\n');
  for (const { key } of [...admitted, stranger]) expect(text).not.toContain(key);
  expect(text).not.toContain('pk_');
  expect(text).toContain('"caller":"burst"');
  expect(text).not.toContain('NO API KEYS');
});

describe('the start', () => {
  const start = (env: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, [path.join(ROOT, 'dist', 'src', 'server.js')], {
      env: { ...stack.environment.api, PORT: '0', ...env },
      encoding: 'utf8',
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });

  test('without keys nothing but loopback is listened on', () => {
    const { status, stdout, stderr } = start({ API_KEYS_FILE: '', HOST: '0.0.0.0' });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'bad configuration:\n  HOST: expected a loopback address such as 127.0.0.1 while there are no API_KEYS\n',
    });
  }, 30_000);

  test('a bad entry stops it, named by its place and field, and without its value', () => {
    const entries = [all.entry, { ...all.entry, hash: all.key }];
    const { status, stdout, stderr } = start({ API_KEYS: JSON.stringify(entries), API_KEYS_FILE: '' });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'bad configuration:\n  API_KEYS: entry 2: hash: expected sha256: and 64 hexadecimal digits\n',
    });
  }, 30_000);
});
