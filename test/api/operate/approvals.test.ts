import { openPayout } from '../../../src/domain/payout';
import type { PolicyRule } from '../../../src/domain/policies';
import { fingerprintOf } from '../../../src/store/fingerprint';
import { makePayout, REQUEST } from '../../domain/samples';
import { createFakeVisibility } from '../../store/fake-visibility';
import { HASH_KEY, INPUT, makeApp, makeCaller, makeReading, makeStore, shareApp } from '../app-harness';

const BODY = {
  ...{ clientOrderId: 'PO-000001', amount: '10.50', currency: 'EUR', description: 'Invoice 42' },
  receiver: { firstName: 'José', lastName: "O'Neil" },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000', bankName: 'Cool Bank' },
};
const ALL: PolicyRule = { name: 'all', match: {}, approvals: { needed: 1, expiresInMs: 86_400_000 } };
const DENY: PolicyRule = { name: 'closed', match: {}, deny: 'Nothing is paid today.' };

const rita = makeCaller('rita', ['payouts:write', 'payouts:read', 'payouts:operate', 'payouts:approve']);
const anna = makeCaller('anna', ['payouts:approve']);

const share = shareApp();
async function post(
  url: string,
  { policies = [ALL], payload = BODY as object, caller = rita, store = openingStore(), keys = [rita, anna] } = {},
) {
  const { app } = await share({ store, policies, access: { apiKeys: keys.map(({ apiKey }) => apiKey) } });
  const response = await app.inject({ method: 'POST', url, payload, headers: caller.headers });
  return { store, response };
}

const openingStore = () =>
  makeStore({
    start: async ({ request, endpoint, acceptedAtMs: atMs, gate }) => openPayout(request, { endpoint, atMs, gate }),
    read: async () => null,
  });

describe('POST /payouts under policies', () => {
  it('waits for approvals, and says of which rule and who asked', async () => {
    const { response, store } = await post('/payouts');
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({
      ...{ state: 'awaiting_approval', attention: null },
      approval: { of: 'send', rule: 'all', needed: 1, approvedBy: [], requestedBy: 'rita' },
    });
    expect(store.start.mock.calls[0]?.[0].gate).toMatchObject({ requester: 'rita', approval: { rule: 'all' } });
  });

  it('calls for attention when no one else could approve it', async () => {
    const { response } = await post('/payouts', { keys: [rita] });
    expect(response.json()).toMatchObject({ state: 'awaiting_approval', attention: 'approval_blocked' });
  });

  it('keeps the time that it is to be sent', async () => {
    const executeAt = '2024-11-23T09:00:00.000Z';
    const { store } = await post('/payouts', { payload: { ...BODY, executeAt } });
    expect(store.start.mock.calls[0]?.[0].gate).toMatchObject({
      ...{ approval: { rule: 'all' }, schedule: { executeAtMs: Date.parse(executeAt) } },
    });
  });

  it('is 422 when a rule denies it, with the rule and its reason, and nothing starts', async () => {
    const { response, store } = await post('/payouts', { policies: [DENY] });
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ code: 'denied' });
    expect(response.json().errors).toEqual([
      { field: 'policy', expected: 'no payout that rule closed denies: Nothing is paid today.' },
    ]);
    expect(store.start).not.toHaveBeenCalled();
  });

  it('a repeat of a payout that was taken before the rule is answered with it', async () => {
    const reading = makeReading(makePayout(), {
      ...{ madeBy: 'rita', input: INPUT, fingerprint: fingerprintOf(REQUEST, HASH_KEY) },
    });
    const store = makeStore({ read: async () => reading });
    const { response } = await post('/payouts', { policies: [DENY], store });
    expect([response.statusCode, response.headers['idempotent-replayed']]).toEqual([200, 'true']);
  });

  it('without rules nothing is looked up', async () => {
    const visibility = createFakeVisibility([]);
    const { app, store } = await makeApp({ store: openingStore(), visibility });
    await app.inject({ method: 'POST', url: '/payouts', payload: BODY });
    expect(visibility.queries).toEqual([]);
    expect(store.start.mock.calls[0]?.[0]).not.toHaveProperty('gate');
  });
});

describe.each(['approve', 'reject', 'withdraw'] as const)('POST /payouts/:clientOrderId/%s', (action) => {
  const url = `/payouts/PO-000001/${action}`;
  const payload = { reason: 'looked at the invoice' };

  it('is performed with its reason, by the key and the person', async () => {
    const store = makeStore({ read: async () => makeReading(), operate: async () => makePayout() });
    const { response } = await post(url, { payload, caller: anna, store });
    expect(response.statusCode).toBe(200);
    expect(store.operate.mock.calls).toEqual([
      ['PO-000001', { action, actor: 'anna', reason: 'looked at the invoice', id: expect.any(String) }],
    ]);
  });

  it.each([
    ['own_request', 'person', 'another person than the one who asked for it'],
    ['already_approved', 'person', 'a person who has not approved it'],
    ['not_approved_by_you', 'person', 'a person who has approved it'],
    ['not_awaiting_approval', 'state', 'a payout that waits for approvals'],
  ])('refused for %s it says what it needs', async (refusal, field, expected) => {
    const store = makeStore({ read: async () => makeReading(), operate: async () => ({ refusal }) });
    const { response } = await post(url, { payload, store });
    expect([response.statusCode, response.json().errors]).toEqual([409, [{ field, expected }]]);
  });

  it('of an unknown payout is 404', async () => {
    expect((await post(url, { payload })).response.statusCode).toBe(404);
  });
});
