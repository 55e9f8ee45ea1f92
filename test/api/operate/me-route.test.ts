import { makeApp, makeCaller } from '../app-harness';

it('a key learns its name and its scopes', async () => {
  const caller = makeCaller('back-office', ['payouts:read', 'payouts:operate']);
  const { app, store } = await makeApp({ access: { apiKeys: [caller.apiKey] } });
  const { body, statusCode } = await app.inject({ url: '/me', headers: caller.headers });
  expect([statusCode, JSON.parse(body)]).toEqual([
    200,
    {
      ...{ name: 'back-office', person: 'back-office', tenant: 'default', tenants: ['default'] },
      ...{ scopes: ['payouts:read', 'payouts:operate'], temporalUi: null },
    },
  ]);
  expect(body).not.toContain(caller.key);
  expect(store.read).not.toHaveBeenCalled();
});

it('one that sees every tenant learns their names', async () => {
  const all = makeCaller('ops', ['payouts:read', 'payouts:operate'], null, { tenants: '*', person: 'maria' });
  const shop = makeCaller('shop', ['payouts:write'], null, { tenant: 'shops' });
  const { app } = await makeApp({ access: { apiKeys: [all.apiKey, shop.apiKey] } });
  const answer = await app.inject({ url: '/me', headers: all.headers });
  expect(answer.json()).toMatchObject({ person: 'maria', tenants: ['*', 'default', 'shops'] });
});

it('without keys it is local, and may do everything', async () => {
  const { app } = await makeApp({});
  expect((await app.inject({ url: '/me', headers: { host: 'localhost' } })).json()).toMatchObject({
    name: 'local',
    scopes: expect.arrayContaining(['payouts:operate']),
  });
});
