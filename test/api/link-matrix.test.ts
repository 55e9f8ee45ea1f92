import type { InjectOptions } from 'fastify';
import { fingerprintOf } from '../../src/api/fingerprint';
import { SCOPES, type Scope } from '../../src/api-keys';
import { makeFollowed, REQUEST } from '../domain/samples';
import { HASH_KEY, makeApp, makeCaller, makeDesk, makeReading } from './app-harness';
import { createFakeVisibility } from './lists/fake-visibility';

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

async function ask(name: string, scopes: readonly Scope[], { scope: _, ...options }: InjectOptions & { scope: Scope }) {
  const caller = makeCaller(name, scopes);
  const desk = makeDesk({
    start: async () => null,
    read: async () => reading,
    readUntil: async () => reading,
    operate: async () => payout,
  });
  const { app, log } = await makeApp({
    desk,
    visibility: createFakeVisibility([]),
    access: { apiKeys: [caller.apiKey] },
  });
  const { statusCode, body } = await app.inject({ ...options, headers: caller.headers });
  return { statusCode, text: `${body}\n${log()}` };
}

/** Anyone who holds one of the two can act as the Receiver: enter an account, or answer the gateway's form. */
describe.each(Object.entries(ROUTES))('%s gives a link to', (route, options) => {
  it.each(SCOPE_SETS.flatMap((scopes) => ['shop', 'other'].map((name) => ({ name, scopes }))))(
    'its own caller with payouts:write alone: $name with $scopes',
    async ({ name, scopes }) => {
      const { statusCode, text } = await ask(name, scopes, options);
      expect(statusCode === 403).toBe(!scopes.includes(options.scope));
      const isGiven = GIVES.includes(route) && name === 'shop' && scopes.includes('payouts:write');
      const isServed = isGiven && statusCode === 200;
      expect({ page: text.includes('/r/PO-000001~'), form: text.includes(FORM) }).toEqual({
        page: isServed,
        form: isServed,
      });
    },
  );
});

it('a route that gives one does so: the matrix can fail', async () => {
  const given = await Promise.all(
    GIVES.map(async (route) => ask('shop', SCOPES, ROUTES[route] as InjectOptions & { scope: Scope })),
  );
  expect(given.map(({ statusCode, text }) => [statusCode, text.split('/r/PO-000001~').length])).toEqual(
    GIVES.map(() => [200, 2]),
  );
});

it('a key that may only read gets none of a payout that its own caller made', async () => {
  const { text } = await ask('shop', ['payouts:read'], ROUTES['GET /payouts/:id'] as never);
  expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({
    clientOrderId: 'PO-000001',
    receiverPage: null,
    redirectTo: null,
  });
});

it('without keys whoever is at this machine gets the link of what was made here', async () => {
  const desk = makeDesk({ readUntil: async () => ({ ...reading, madeBy: 'local' }) });
  const { app } = await makeApp({ desk });
  const { body } = await app.inject({ url: '/payouts/PO-000001', headers: { host: '127.0.0.1:3000' } });
  expect(JSON.parse(body)).toMatchObject({ receiverPage: expect.stringContaining('/r/PO-000001~'), redirectTo: FORM });
});
