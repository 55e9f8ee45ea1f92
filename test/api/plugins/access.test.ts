import type { InjectOptions } from 'fastify';
import { type Caller, LOCAL } from '../../../src/api/plugins/callers';
import { makeApiKey, SCOPES } from '../../../src/config/api-keys';
import { makeFollowed, START_MS } from '../../domain/samples';
import { createFakeVisibility } from '../../store/fake-visibility';
import {
  countCalls,
  makeApp,
  makeBatchStore,
  makeCaller,
  makeNotificationStore,
  makeReading,
  makeStore,
  problemBody,
  shareApp,
} from '../app-harness';
import { ASKS_NOTHING, HEADLESS, isKeyed, PAYOUT, ROUTES, requestTo } from './routes';

const hasHead = (path: string) =>
  !HEADLESS.includes(path) && ROUTES.some((route) => route.method === 'GET' && route.path === path);
const KEYED = ROUTES.filter(isKeyed);

const all = makeCaller('all', SCOPES);
const expired = makeCaller('old', SCOPES, START_MS);
const stranger = makeCaller('stranger', SCOPES);
const byScope = Object.fromEntries(
  SCOPES.map((scope) => [scope, makeCaller(`only-${scope.replace(':', '-')}`, [scope])]),
);
const byMissing = Object.fromEntries(
  SCOPES.map((scope) => [
    scope,
    makeCaller(
      'all-but',
      SCOPES.filter((other) => other !== scope),
    ),
  ]),
);
const share = shareApp();
let asks = 0;

const KEYS = [all, expired, ...Object.values(byScope)];
async function ask(options: InjectOptions, keys = KEYS, open: typeof makeApp | typeof share = share) {
  const store = makeStore({ operate: async () => makeFollowed() });
  const visibility = createFakeVisibility([]);
  let notified = 0;
  const counted =
    <T>(answer: T) =>
    async () => {
      notified += 1;
      return answer;
    };
  const notifications = makeNotificationStore({
    list: counted({ notifications: [], next: null }),
    of: counted([]),
    read: counted(null),
    resend: counted('asked' as const),
    acknowledge: counted('asked' as const),
  });
  const batches = makeBatchStore({ read: counted(null), list: counted({ batches: [], next: null }) });
  const access = { apiKeys: keys.map(({ apiKey }) => apiKey) };
  const made = await open({ store, visibility, notifications, batches, access });
  // From an address of its own each: wrong keys are counted by address.
  asks += 1;
  const response = await made.app.inject({ ...options, remoteAddress: `10.0.${asks >> 8}.${asks & 255}` });
  const asked = countCalls(store) + visibility.queries.length + notified;
  return { ...made, response, asked };
}

const UNAUTHENTICATED = problemBody('unauthenticated');

describe.each(KEYED)('$method $path', (route) => {
  it.each([
    ['no key', {}],
    ['a wrong key', stranger.headers],
    ['an expired key', expired.headers],
    ['a key in another scheme', { authorization: `Basic ${all.key}` }],
    ['a key in another header', { 'x-api-key': all.key, cookie: `authorization=${all.key}` }],
  ])('%s is 401, and nothing is done', async (_name, headers: Record<string, string>) => {
    const { response, asked } = await ask(requestTo(route, headers));
    expect([response.statusCode, response.headers['www-authenticate']]).toEqual([401, 'Bearer']);
    expect(response.json()).toEqual(UNAUTHENTICATED);
    expect(asked).toBe(0);
  });

  it('a key in the address is none', async () => {
    const options = requestTo(route);
    const { response, log } = await ask({
      ...options,
      url: `${options.url}?api_key=${all.key}&authorization=${all.key}`,
    });
    expect(response.statusCode).toBe(401);
    expect(log()).not.toContain(all.key);
  });

  it('a key with every other scope is 403, and says which it needs', async () => {
    const other = byMissing[route.scope]!;
    const { response, asked } = await ask(requestTo(route, other.headers), [all, other]);
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({
      code: 'not_permitted',
      errors: [{ field: 'scope', expected: route.scope }],
    });
    expect(asked).toBe(0);
  });

  it('a key with this scope alone gets in', async () => {
    // A shared app would know some answers.
    const { response, asked } = await ask(requestTo(route, byScope[route.scope]!.headers), KEYS, makeApp);
    expect([401, 403, 429]).not.toContain(response.statusCode);
    expect(asked > 0).toBe(!ASKS_NOTHING.includes(route.path));
  });

  it('a HEAD asks for a key too', async () => {
    const options = requestTo(route);
    const { response } = await ask({ method: 'HEAD', url: options.url });
    expect(response.statusCode).toBe(hasHead(route.path) ? 401 : 405);
  });
});

it.each(['/health/live', '/health/ready', '/docs', '/openapi.json', '/r/return', '/operate', '/operate/operate.js'])(
  '%s asks for no key',
  async (url) => {
    expect((await ask({ url })).response.statusCode).toBe(200);
  },
);

it.each([
  ['GET', '/r/PO-000001~x~y', 404],
  ['POST', '/r/PO-000001~x~y', 404],
  ['GET', '/r/PO-000001~x~y/status', 404],
  ['GET', '/r/PO-000001~x~y/return', 404],
  ['POST', '/r/PO-000001~x~y/return', 404],
  ['POST', '/r/return', 200],
] as const)('%s %s is the Receiver’s: no key, but a rate', async (method, url, status) => {
  const { app, store } = await makeApp({ access: { apiKeys: [all.apiKey], receiverRatePerSecond: 1 } });
  const statuses = [];
  for (let time = 0; time < 11; time += 1) statuses.push((await app.inject({ method, url })).statusCode);
  expect(statuses).toEqual([...Array(10).fill(status), 429]);
  expect(countCalls(store)).toBe(0);
});

it('a callback asks for no key: it carries its own proof', async () => {
  const { response } = await ask({ url: '/callbacks/default?status=approved' });
  expect(response.json().code).toBe('bad_control');
});

it('the description names every route, its scope and how it refuses', async () => {
  const { response } = await ask({ url: '/openapi.json' });
  const { paths, components } = response.json();
  expect(components.securitySchemes).toMatchObject({ apiKey: { type: 'http', scheme: 'bearer' } });
  const described = Object.entries(paths as Record<string, Record<string, { security?: object; responses: object }>>);
  const routes = described.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, responses }]) => ({
      route: `${method.toUpperCase()} ${path}`,
      security,
      refusals: Object.keys(responses).filter((status) => ['401', '403', '429'].includes(status)),
    })),
  );
  const byRoute = (left: { route: string }, right: { route: string }) => left.route.localeCompare(right.route);
  expect(routes.sort(byRoute)).toEqual(
    ROUTES.map(({ method, path, scope }) => ({
      route: `${method} ${path}`,
      security: scope === null ? undefined : [{ apiKey: [scope] }],
      refusals: scope === null ? [] : ['401', '403', '429'],
    })).sort(byRoute),
  );
});

describe('deny by default', () => {
  it('a route that does not say who may use it stops the start', async () => {
    const { app } = await makeApp({});
    app.get('/forgotten', async () => 'open');
    await app.register(async (scope) => {
      scope.route({ method: ['PUT', 'POST'], url: '/also', handler: async () => 'open' });
    });
    await expect(app.ready()).rejects.toThrow(
      'routes without an access rule: GET /forgotten; HEAD /forgotten; PUT, POST /also',
    );
  });

  it('the same, saying so, starts', async () => {
    const { app } = await makeApp({});
    app.get('/said', { config: { access: 'payouts:read' } }, async () => 'closed');
    await app.ready();
    expect(app.hasRoute({ method: 'GET', url: '/said' })).toBe(true);
  });
});

it('keys are rotated with both working, and a key that is taken away is refused', async () => {
  const old = makeCaller('shop', ['payouts:read']);
  const next = makeCaller('shop', ['payouts:read']);
  const statuses = async (keys: (typeof old)[]) => {
    const route = { method: 'GET', path: '/payouts/{clientOrderId}' } as const;
    const answers = await Promise.all([old, next].map(({ headers }) => ask(requestTo(route, headers), keys)));
    return answers.map(({ response }) => response.statusCode);
  };
  expect(await statuses([old])).toEqual([404, 401]);
  expect(await statuses([old, next])).toEqual([404, 404]);
  expect(await statuses([next])).toEqual([401, 404]);
});

it('a thousand guessed ids without a key are answered alike, and nothing is asked of Temporal', async () => {
  const { app, store } = await makeApp({ access: { apiKeys: [all.apiKey] } });
  const answers = new Set<string>();
  for (let number = 0; number < 1_000; number += 1) {
    const { statusCode, body } = await app.inject(`/payouts/PO-${String(number).padStart(6, '0')}`);
    answers.add(`${statusCode} ${body}`);
  }
  expect([...answers]).toEqual([`401 ${JSON.stringify(UNAUTHENTICATED)}`]);
  expect(countCalls(store)).toBe(0);
});

it('a key in the place of an id is not found: Temporal is not asked, and the key is written nowhere', async () => {
  const key = makeApiKey();
  for (const { method, path } of KEYED.filter((route) => route.path.includes('{'))) {
    for (const id of [key, `PO.${key}`, `erp:${key}`]) {
      const { app, store, log } = await makeApp({ access: { apiKeys: [all.apiKey] } });
      const request = requestTo({ method, path: path.replace(/\{[a-zA-Z]+\}/, id) }, all.headers);
      const response = await app.inject(request);
      expect([path, response.statusCode, countCalls(store)]).toEqual([path, 404, 0]);
      expect(`${response.body}${log()}`).not.toContain(key);
    }
  }
});

it('a key is taken neither for a new payout’s id nor for an act’s', async () => {
  const key = makeApiKey();
  const { app, store, log } = await makeApp({ access: { apiKeys: [all.apiKey] } });
  const answers = [
    await app.inject({ ...requestTo(ROUTES[2]!, all.headers), payload: { ...PAYOUT, clientOrderId: key } }),
    await app.inject(requestTo(ROUTES[5]!, { ...all.headers, 'idempotency-key': key })),
  ];
  expect(answers.map((answer) => answer.json().errors)).toEqual(
    ['clientOrderId', 'idempotency-key'].map((field) => [{ field, expected: 'no API key' }]),
  );
  expect(countCalls(store)).toBe(0);
  expect(`${answers.map(({ body }) => body).join()}${log()}`).not.toContain(key);
});

describe('who it was', () => {
  it('an operator’s act carries the name of the key', async () => {
    const { apiKey, headers } = byScope['payouts:operate']!;
    const store = makeStore({ read: async () => makeReading(makeFollowed()), operate: async () => makeFollowed() });
    const { app } = await makeApp({ store, access: { apiKeys: [apiKey] } });
    await app.inject(requestTo(ROUTES[5]!, headers));
    expect(store.operate.mock.calls.map(([, order]) => order.actor)).toEqual(['only-payouts-operate']);
  });

  it('a start is logged with the name of the key, and the key in no line', async () => {
    const { response, log } = await ask(requestTo(ROUTES[2]!, byScope['payouts:write']!.headers));
    expect(response.statusCode).toBe(202);
    const line = log()
      .split('\n')
      .find((text) => text.includes('payout asked for'));
    expect(JSON.parse(line!)).toMatchObject({ clientOrderId: 'PO-000001', caller: 'only-payouts-write', isNew: true });
    expect(log()).not.toContain(byScope['payouts:write']!.key);
  });

  it.each([
    ['a defect', async () => Promise.reject(new Error('defect')), 500],
    ['nothing known', async () => null, 404],
  ])('a key is in no line and no body after %s', async (_name, read, status) => {
    const { app, log } = await makeApp({
      store: makeStore({ read }),
      access: { apiKeys: [all.apiKey] },
    });
    const response = await app.inject(requestTo(ROUTES[4]!, all.headers));
    expect(response.statusCode).toBe(status);
    const wrong = await app.inject(requestTo(ROUTES[4]!, stranger.headers));
    const malformed = await app.inject({ ...requestTo(ROUTES[2]!, all.headers), payload: `{"${all.key}":` });
    expect([wrong.statusCode, malformed.statusCode]).toEqual([401, 400]);
    const text = [log(), response.body, wrong.body, malformed.body].join('\n');
    for (const secret of [all.key, stranger.key, all.apiKey.hash, 'pk_']) expect(text).not.toContain(secret);
  });
});

describe('a route with a session of its own', () => {
  const identify = jest.fn((request: { headers: { cookie?: string } }): Caller | null =>
    request.headers.cookie === 'mine' ? { ...LOCAL, name: 'desk', scopes: ['codec'] } : null,
  );

  async function askSession(headers: Record<string, string>, keys = [all.apiKey]) {
    const { app } = await makeApp({ access: { apiKeys: keys } });
    const config = { access: 'codec', identify, origins: ['http://ui.localhost:8233'] } as const;
    app.post('/session', { config }, async (request) => request.caller?.name);
    return await app.inject({ method: 'POST', url: '/session', headers });
  }

  it('takes it where no key is sent', async () => {
    expect((await askSession({ cookie: 'mine' })).body).toBe('desk');
    expect((await askSession({ cookie: 'other' })).statusCode).toBe(401);
  });

  it('takes a key all the same, and no session beside a wrong one', async () => {
    expect((await askSession(all.headers)).body).toBe('all');
    expect((await askSession({ ...stranger.headers, cookie: 'mine' })).statusCode).toBe(401);
  });

  it('without keys takes pages of the origins it names, and no other', async () => {
    const from = (origin: string) => askSession({ host: 'localhost:3000', origin }, []);
    expect((await from('http://ui.localhost:8233')).body).toBe('local');
    expect((await from('http://ui.localhost:8234')).statusCode).toBe(403);
  });
});
