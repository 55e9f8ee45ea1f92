import type { PolicyRule } from '../../../src/domain/policies';
import { makeApp, makeCaller } from '../app-harness';

const NOON = Date.parse('2026-11-29T12:00:00Z');
const POLICIES: readonly PolicyRule[] = [
  {
    ...{ name: 'daily', match: { currency: ['EUR'] } },
    limit: { amount: '100.00', per: 'day', zone: 'UTC', over: 'wait' },
  },
];

it('limits are as their workflow published them, and those that nothing was taken from are whole', async () => {
  const usage = {
    ...({ key: 'daily', rule: 'daily', window: 'day', zone: 'UTC', period: '2026-11-29' } as const),
    ...{ capMinor: 10_000, endsAtMs: NOON, committedMinor: 4_000, heldMinor: 1_050 },
  };
  const asked: unknown[] = [];
  const readUsage = async (of: unknown) => {
    asked.push(of);
    return { usage: [usage], atMs: NOON };
  };
  const { app } = await makeApp({ policies: POLICIES, limits: { readUsage }, now: () => NOON });
  expect((await app.inject('/limits')).json()).toEqual({
    limits: [
      {
        ...{ rule: 'daily', currency: 'EUR', per: 'day', zone: 'UTC', over: 'wait', period: '2026-11-29' },
        ...{ cap: '100.00', used: '40.00', held: '10.50', left: '49.50', endsAt: '2026-11-30T00:00:00.000Z' },
      },
    ],
  });
  expect(asked).toEqual([{ tenant: 'default', currency: 'EUR' }]);
  const fresh = await makeApp({ policies: POLICIES, now: () => NOON });
  expect((await fresh.app.inject('/limits')).json().limits).toMatchObject([{ used: '0.00', left: '100.00' }]);
  expect((await (await makeApp({})).app.inject('/limits')).json()).toEqual({ limits: [] });
});

it('a caller sees the limits of its own tenant, as far as rules are about it', async () => {
  const asked: unknown[] = [];
  const readUsage = async (of: unknown) => {
    asked.push(of);
    return null;
  };
  const { apiKey, headers } = makeCaller('shop', ['payouts:read']);
  const policies = [...POLICIES, { ...POLICIES[0], name: 'other', match: { currency: ['EUR'], tenant: ['other'] } }];
  const { app } = await makeApp({
    ...{ policies: policies as readonly PolicyRule[], limits: { readUsage } },
    access: { apiKeys: [{ ...apiKey, tenant: 'shop' }] },
  });
  const { limits } = (await app.inject({ url: '/limits', headers })).json();
  expect(limits.map(({ rule }: { rule: string }) => rule)).toEqual(['daily']);
  expect(asked).toEqual([{ tenant: 'shop', currency: 'EUR' }]);
});

it('a caller that sees several tenants may ask for one of them, and for no other', async () => {
  const asked: unknown[] = [];
  const readUsage = async (of: unknown) => {
    asked.push(of);
    return null;
  };
  const { apiKey, headers } = makeCaller('group', ['payouts:read']);
  const access = { apiKeys: [{ ...apiKey, tenant: 'shop', tenants: ['shop', 'market'] }] };
  const { app } = await makeApp({ policies: POLICIES, limits: { readUsage }, access });
  const statusOf = async (url: string) => (await app.inject({ url, headers })).statusCode;
  expect(await statusOf('/limits?tenant=market')).toBe(200);
  expect(await statusOf('/limits?tenant=other')).toBe(400);
  expect(asked).toEqual([{ tenant: 'market', currency: 'EUR' }]);
});
