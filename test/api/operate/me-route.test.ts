import { makeApp, makeCaller } from '../app-harness';

it('a key learns its name and its scopes', async () => {
  const caller = makeCaller('back-office', ['payouts:read', 'payouts:operate']);
  const { app, store } = await makeApp({ access: { apiKeys: [caller.apiKey] } });
  const { body, statusCode } = await app.inject({ url: '/me', headers: caller.headers });
  expect([statusCode, JSON.parse(body)]).toEqual([
    200,
    { name: 'back-office', scopes: ['payouts:read', 'payouts:operate'], temporalUi: null },
  ]);
  expect(body).not.toContain(caller.key);
  expect(store.read).not.toHaveBeenCalled();
});

it('without keys it is local, and may do everything', async () => {
  const { app } = await makeApp({});
  expect((await app.inject({ url: '/me', headers: { host: 'localhost' } })).json()).toMatchObject({
    name: 'local',
    scopes: expect.arrayContaining(['payouts:operate']),
  });
});
