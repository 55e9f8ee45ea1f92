import type { InjectOptions } from 'fastify';
import { SCOPES, type Scope } from '../../../src/config/api-keys';
import { fingerprintOf } from '../../../src/store/fingerprint';
import { makeFollowed, REQUEST } from '../../domain/samples';
import { createFakeVisibility, makeRun } from '../../store/fake-visibility';
import { HASH_KEY, makeApp, makeCaller, makeReading, makeStore } from '../app-harness';

const FORM = 'https://gate.example.com/form/1';
const payout = makeFollowed({ state: 'awaiting_receiver', redirectTo: FORM });
const reading = makeReading(payout, {
  madeBy: 'shop',
  fingerprint: fingerprintOf(REQUEST, HASH_KEY),
  // Ends the stream of events after its first.
  isClosed: true,
});

const act = { method: 'POST', payload: { reason: 'seen' } } as const;
const ROUTES: Readonly<Record<string, InjectOptions & { readonly scope: Scope }>> = {
  'POST /payouts, the same again': { method: 'POST', url: '/payouts', payload: REQUEST, scope: 'payouts:write' },
  'POST /payouts, another request': {
    method: 'POST',
    url: '/payouts',
    payload: { ...REQUEST, amount: '11.00' },
    scope: 'payouts:write',
  },
  'GET /payouts/:id': { url: '/payouts/PO-000001', scope: 'payouts:read' },
  'GET /payouts/:id?wait': { url: '/payouts/PO-000001?wait=1', scope: 'payouts:read' },
  'GET /payouts/:id/events': { url: '/payouts/PO-000001/events', scope: 'payouts:read' },
  'GET /payouts/:id/timeline': { url: '/payouts/PO-000001/timeline', scope: 'payouts:read' },
  'GET /payouts/:id/notifications': { url: '/payouts/PO-000001/notifications', scope: 'payouts:read' },
  'GET /payouts': { url: '/payouts', scope: 'payouts:read' },
  'GET /payouts.csv': { url: '/payouts.csv', scope: 'payouts:read' },
  'GET /payouts.csv?detail': { url: '/payouts.csv?detail=true', scope: 'payouts:read' },
  'GET /attention': { url: '/attention', scope: 'payouts:read' },
  'GET /payout-counts': { url: '/payout-counts', scope: 'payouts:read' },
  'GET /notifications': { url: '/notifications?state=dead', scope: 'payouts:read' },
  'POST /payouts/:id/check': { ...act, url: '/payouts/PO-000001/check', scope: 'payouts:operate' },
  'POST /payouts/:id/cancel': { ...act, url: '/payouts/PO-000001/cancel', scope: 'payouts:operate' },
  'POST /payouts/:id/resend': { ...act, url: '/payouts/PO-000001/resend', scope: 'payouts:operate' },
  'POST /payouts/:id/resolve': {
    method: 'POST',
    payload: { reason: 'seen', outcome: 'error' },
    url: '/payouts/PO-000001/resolve',
    scope: 'payouts:operate',
  },
};
const GIVES = ['POST /payouts, the same again', 'GET /payouts/:id', 'GET /payouts/:id?wait', 'GET /payouts/:id/events'];

const SCOPE_SETS: readonly (readonly Scope[])[] = [
  ...SCOPES.map((scope) => [scope]),
  ['payouts:write', 'payouts:read'],
  SCOPES.filter((scope) => scope !== 'payouts:write'),
  SCOPES,
];

async function open(name: string, scopes: readonly Scope[]) {
  const caller = makeCaller(name, scopes);
  const store = makeStore({
    start: async () => null,
    read: async () => reading,
    readUntil: async () => reading,
    operate: async () => payout,
  });
  const visibility = createFakeVisibility([[/./, [makeRun('PO-000001')]]]);
  const made = await makeApp({ store, visibility, access: { apiKeys: [caller.apiKey] } });
  return {
    ask: async ({ scope: _, ...options }: InjectOptions & { scope: Scope }) => {
      const { statusCode, body } = await made.app.inject({ ...options, headers: caller.headers });
      return { statusCode, body, log: made.log() };
    },
  };
}
const CALLERS = SCOPE_SETS.flatMap((scopes) => ['shop', 'other'].map((name) => ({ name, scopes })));

/** Anyone who holds one of the two can act as the Receiver: enter an account, or answer the gateway's form. */
describe.each(CALLERS)('$name with $scopes gets a link', ({ name, scopes }) => {
  let app: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    app = await open(name, scopes);
  });

  it.each(Object.entries(ROUTES))(
    'by %s only as the caller that made the payout, with payouts:write',
    async (route, options) => {
      const { statusCode, body, log } = await app.ask(options);
      expect(statusCode === 403).toBe(!scopes.includes(options.scope));
      const isGiven =
        GIVES.includes(route) && name === 'shop' && scopes.includes('payouts:write') && scopes.includes(options.scope);
      expect({ page: body.includes('/r/PO-000001~'), form: body.includes(FORM) }).toEqual({
        page: isGiven,
        form: isGiven,
      });
      for (const link of ['/r/PO-000001~', FORM]) expect(log).not.toContain(link);
    },
  );
});

it('a route that gives one does so: the matrix can fail', async () => {
  const app = await open('shop', SCOPES);
  for (const route of GIVES) {
    const { statusCode, body } = await app.ask(ROUTES[route] as InjectOptions & { scope: Scope });
    expect([route, statusCode, body.split('/r/PO-000001~').length]).toEqual([route, 200, 2]);
  }
});

it('who gets none gets null for it', async () => {
  const { body } = await (await open('shop', ['payouts:read'])).ask(ROUTES['GET /payouts/:id'] as never);
  expect(JSON.parse(body)).toMatchObject({ clientOrderId: 'PO-000001', receiverPage: null, redirectTo: null });
});

it('without keys anyone at this machine gets the link of what was made here', async () => {
  const store = makeStore({ readUntil: async () => ({ ...reading, madeBy: 'local' }) });
  const { app } = await makeApp({ store });
  const { body } = await app.inject({ url: '/payouts/PO-000001', headers: { host: '127.0.0.1:3000' } });
  expect(JSON.parse(body)).toMatchObject({ receiverPage: expect.stringContaining('/r/PO-000001~'), redirectTo: FORM });
});
