import { SCOPES } from '../../../src/config/api-keys';
import { OPEN_BATCH } from '../../../src/domain/batch';
import type { Payout } from '../../../src/domain/payout';
import type { Tenants } from '../../../src/domain/tenants';
import type { BatchReading } from '../../../src/store/batches';
import { PayoutUnreadable } from '../../../src/store/errors';
import type { PayoutStore, Reading } from '../../../src/store/payouts';
import { makeFinal, makePayout } from '../../domain/samples';
import { createFakeVisibility } from '../../store/fake-visibility';
import {
  INPUT,
  makeApp,
  makeBatchStore,
  makeCaller,
  makeNotificationStore,
  makeReading,
  makeStore,
  problemBody,
  shareApp,
} from '../app-harness';
import { isKeyed, PAYOUT, ROUTES, type Route, requestTo } from './routes';

/** Three callers of everything: of the tenant that made the payout, of another one, and of every one. */
const own = makeCaller('shop', SCOPES, null, { tenant: 'shops' });
const other = makeCaller('market', SCOPES, null, { tenant: 'markets' });
const all = makeCaller('ops', SCOPES, null, { tenants: '*' });
const access = { apiKeys: [own, other, all].map(({ apiKey }) => apiKey) };

/** Of the tenant `shops`. Closed, and calling for attention: every route has something to do with it. */
const PAID: Payout = { ...makeFinal('approved'), tenant: 'shops', attention: 'conflict' };
const MADE = makeReading(PAID, { input: { ...INPUT, tenant: 'shops' }, madeBy: 'shop', isClosed: true });

const BATCH: BatchReading = {
  head: {
    ...{ batchId: 'B', tenant: 'shops', by: 'shop', contentHash: 'x', rows: 1, totals: [], window: 1, perSecond: 1 },
    ...{ acceptedAtMs: 1, parts: ['p'] },
  },
  ...{ record: OPEN_BATCH, isOpen: true, attempts: 1 },
};

/** A store that holds this reading, or nothing. It waits for ever where it has to wait. */
function holding(reading: Reading | null | Error) {
  const read = async () => {
    if (reading instanceof Error) throw reading;
    return reading;
  };
  const readUntil: PayoutStore['readUntil'] = async (_id, { isEnough, forMs }) => {
    const found = await read();
    return found === null || forMs === 0 || isEnough(found) ? found : await new Promise(() => undefined);
  };
  const store = makeStore({
    ...{ read, readUntil },
    start: async (input) => (reading === null ? makePayout({ clientOrderId: input.request.clientOrderId }) : null),
    operate: async () => (reading === null ? null : PAID),
    acknowledge: async () => ({ workflowId: 'late:x', what: 'seen', isConfirmed: true, attention: null, atMs: 1 }),
    readUnmatched: async (clientOrderId) =>
      reading === null ? null : { clientOrderId, callbacks: [], acknowledgements: [] },
    acknowledgeUnmatched: async () => 'done',
  });
  /** What was asked about lists and deliveries: of which tenants. */
  const asked: Tenants[] = [];
  const seen =
    <T>(answer: T) =>
    async ({ tenants }: { readonly tenants: Tenants }) => {
      asked.push(tenants);
      return answer;
    };
  const notifications = makeNotificationStore({
    list: seen({ notifications: [], next: null }),
    of: async (_id, tenants) => seen([])({ tenants }),
    read: seen({ events: [], acknowledgements: [] }),
    resend: seen('asked'),
    acknowledge: seen('asked'),
  });
  const batch = reading === null || reading instanceof Error ? null : BATCH;
  const batches = makeBatchStore({
    read: async () => (reading instanceof Error ? Promise.reject(reading) : batch),
    start: async () => batch === null,
    list: seen({ batches: [], next: null }),
  });
  const visibility = createFakeVisibility([]);
  return { store, notifications, batches, visibility, asked };
}

const share = shareApp();
async function ask(reading: Reading | null | Error, route: Route, caller = own, query = '') {
  // What a list was asked is known for a moment.
  const open = route.about === 'list' ? makeApp : share;
  const { asked, ...parts } = holding(reading);
  const { app } = await open({ ...parts, access });
  const request = requestTo(route, caller.headers);
  const { statusCode, headers, body } = await app.inject({ ...request, url: request.url + query });
  const { date: _, ...others } = headers;
  return { ...parts, asked, status: statusCode, answer: { statusCode, headers: others, body } };
}

const about = (...kinds: readonly Route['about'][]) =>
  ROUTES.filter(isKeyed).filter((route) => kinds.includes(route.about));

describe.each(about('payout'))('$method $path', (route) => {
  it('is answered to its tenant, and to those who see every tenant', async () => {
    const refused = [401, 403, 404, 429];
    for (const caller of [own, all]) expect(refused).not.toContain((await ask(MADE, route, caller)).status);
  });

  it.each(route.path.endsWith('}') ? ['', '?wait=60', '?wait=final'] : [''])(
    'is to another tenant exactly what it is of an unknown payout: %j',
    async (query) => {
      const unknown = await ask(null, route, other, query);
      expect(unknown.status).toBe(404);
      for (const state of [MADE, { ...MADE, isClosed: false }, new PayoutUnreadable('x', { tenant: 'shops' })]) {
        const foreign = await ask(state, route, other, query);
        expect(foreign.answer).toEqual(unknown.answer);
        for (const act of ['operate', 'acknowledge'] as const) expect(foreign.store[act]).not.toHaveBeenCalled();
      }
    },
  );

  it('that cannot be read is said so to its own tenant alone', async () => {
    expect((await ask(new PayoutUnreadable('x', { tenant: 'shops' }), route)).status).toBe(503);
  });
});

describe.each(about('batch'))('$method $path', (route) => {
  it('is answered to its tenant, and to those who see every tenant', async () => {
    for (const caller of [own, all]) expect([200, 409]).toContain((await ask(MADE, route, caller)).status);
  });

  it('is to another tenant exactly what it is of an unknown batch', async () => {
    const unknown = await ask(null, route, other);
    expect(unknown.status).toBe(404);
    for (const state of [MADE, new PayoutUnreadable('x', { tenant: 'shops' })])
      expect((await ask(state, route, other)).answer).toEqual(unknown.answer);
  });
});

it('an id of another tenant’s batch is taken, and no more is said', async () => {
  const route = about('start').find(({ path }) => path === '/batches')!;
  for (const caller of [other, all])
    for (const state of [MADE, new PayoutUnreadable('x', { tenant: 'shops' })]) {
      const { answer } = await ask(state, route, caller);
      expect([answer.statusCode, JSON.parse(answer.body).code]).toEqual([409, 'batch_differs']);
    }
});

describe.each(about('list'))('$method $path', (route) => {
  const queriesOf = async (caller: typeof own, query = '') =>
    (await ask(null, route, caller, query)).visibility.queries;

  it('asks for nothing but the payouts of the tenants that the caller sees', async () => {
    const [ofOwn, ofOther, ofAll] = [await queriesOf(own), await queriesOf(other), await queriesOf(all)];
    expect([ofOwn, ofOther, ofAll].map((queries) => queries.length > 0)).toEqual([true, true, true]);
    for (const query of ofOwn) expect(query).toContain("AND (PayoutTenant IN ('shops'))");
    for (const query of ofOther) expect(query).toContain("AND (PayoutTenant IN ('markets'))");
    for (const query of ofAll) expect(query).not.toContain('PayoutTenant');
  });

  it('takes one tenant as a filter, of those that the caller sees', async () => {
    for (const query of await queriesOf(all, '?tenant=markets'))
      expect(query).toContain("(PayoutTenant IN ('markets'))");
    const expected = 'a tenant whose payouts this key may see';
    for (const tenant of ['shops', 'unknown']) {
      const { answer, visibility } = await ask(null, route, other, `?tenant=${tenant}`);
      expect(JSON.parse(answer.body)).toEqual(problemBody('invalid_request', [{ field: 'tenant', expected }]));
      expect(visibility.queries).toEqual([]);
    }
  });
});

describe.each(about('notified', 'notification'))('$method $path', (route) => {
  it('is about deliveries of the tenants that the caller sees', async () => {
    for (const [caller, tenants] of [
      [own, ['shops']],
      [other, ['markets']],
      [all, '*'],
    ] as const)
      expect(new Set((await ask(MADE, route, caller)).asked.map(String))).toEqual(new Set([String(tenants)]));
  });
});

describe.each(about('unmatched'))('$method $path', (route) => {
  it('callbacks of an unknown payout are the default tenant’s', async () => {
    expect([200, 202]).toContain((await ask(MADE, route, all)).status);
    expect((await ask(MADE, route, own)).answer).toEqual((await ask(null, route, own)).answer);
    expect((await ask(MADE, route, own)).status).toBe(404);
  });
});

describe('POST /payouts', () => {
  const [start] = about('start');

  it('makes a payout of the caller’s tenant; the default one is not stored', async () => {
    const tenantsOf = async (caller: typeof own) =>
      (await ask(null, start!, caller)).store.start.mock.calls.map(([input]) => input.tenant);
    expect([await tenantsOf(own), await tenantsOf(all)]).toEqual([['shops'], [undefined]]);
  });

  it.each([
    ['the same request', MADE],
    ['another request', { ...MADE, fingerprint: 'f' }],
    ['one that is open', { ...MADE, isClosed: false }],
    ['one of a caller of the same name', { ...MADE, madeBy: 'market' }],
    ['one that cannot be read', new PayoutUnreadable('x', { tenant: 'shops' })],
  ])('an id of another tenant is taken, and no more is said: %s', async (_name, reading) => {
    for (const caller of [other, all]) {
      const { answer } = await ask(reading, start!, caller);
      expect([answer.statusCode, JSON.parse(answer.body)]).toEqual([409, problemBody('client_order_id_taken')]);
    }
  });

  it('a link of the Receiver goes to the tenant that made the payout', async () => {
    const asking: Payout = { ...makePayout({ state: 'awaiting_details' }), tenant: 'shops' };
    const read = about('payout').find(({ path }) => path === '/payouts/{clientOrderId}')!;
    const pageFor = async (caller: typeof own, madeBy: string) =>
      JSON.parse((await ask(makeReading(asking, { madeBy }), read, caller)).answer.body).receiverPage;
    expect(await pageFor(own, 'shop')).toContain(`/r/${PAYOUT.clientOrderId}~`);
    // Its name had gone to another tenant.
    expect(await pageFor(all, 'ops')).toBeNull();
  });
});

it('no route is left out', () => {
  expect(about('none').map(({ path }) => path)).toEqual(['/me', '/batches/template.csv']);
  expect(about('own').map(({ path }) => path)).toEqual(['/limits']);
});
