import { follow, type PayoutJson } from '../support/payouts';
import { QUICK } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

const body = (clientOrderId: string, changes: object = {}) => ({
  clientOrderId,
  amount: '10.50',
  currency: 'EUR',
  receiver: { firstName: 'José', lastName: "O'Neil" },
  destination: {
    type: 'bank_account',
    accountNumber: 'DE89370400440532013000',
    bankName: 'Cool Bank',
    bankBranch: 'Main (HQ)',
  },
  ...changes,
});

describe('the HTTP API over the real system', () => {
  let stack: Stack;
  const post = async (payout: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${stack.api}/payouts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(payout),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as PayoutJson & { code?: string; errors?: { field: string }[] },
    };
  };

  beforeAll(async () => {
    stack = await startStack({ ...QUICK, temporal: 'shared' });
  }, 120_000);
  afterAll(async () => stack?.stop(), 60_000);

  test('the same request twenty times at once starts one payout', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(body('A-twenty'))));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    const replays = answers.filter(({ status }) => status === 200);
    expect(replays).toHaveLength(19);
    expect(replays.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(19);
    await follow(stack, 'A-twenty').until('to be approved', ({ state }) => state === 'approved');
    expect(await follow(stack, 'A-twenty').accepted()).toBe(1);
  }, 60_000);

  test('another request under the same id is refused with the outermost names of what differs', async () => {
    await post(body('A-differs'));
    const other = await post(
      body('A-differs', { amount: '10.51', receiver: { firstName: 'José', lastName: 'Other' } }),
    );
    expect(other.status).toBe(409);
    expect(other.body.errors?.map(({ field }) => field)).toEqual(['amount', 'receiver']);
    for (const notified of ['Other', 'lastName']) expect(JSON.stringify(other.body)).not.toContain(notified);
  });

  test('Prefer: wait answers with the order id, or with the refusal', async () => {
    const accepted = await post(body('A-prefer'), { prefer: 'wait=10' });
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('preference-applied')).toBe('wait=10');
    expect(accepted.headers.get('location')).toBe('/payouts/A-prefer');
    expect(accepted.body.orderId).toMatch(/^[1-9][0-9]*$/);
    await stack.control('/force', { clientOrderId: 'A-prefer-refused', scenario: 'refuses' });
    const refused = await post(body('A-prefer-refused'), { prefer: 'wait=10' });
    expect(refused.body).toMatchObject({ state: 'rejected', outcome: 'rejected' });
    expect(refused.body.reason?.message).toEqual(expect.any(String));
  }, 30_000);

  test('a long poll answers when the payout is final', async () => {
    await post(body('A-wait'), { prefer: 'wait=10' });
    const response = await fetch(`${stack.api}/payouts/A-wait?wait=30`);
    expect(((await response.json()) as PayoutJson).state).toBe('approved');
    const tag = String(response.headers.get('etag'));
    const again = await fetch(`${stack.api}/payouts/A-wait`, { headers: { 'if-none-match': tag } });
    expect(again.status).toBe(304);
  }, 60_000);

  test('a request that fails validation starts nothing', async () => {
    const refused = await post(body('A-invalid', { amount: '10.505' }));
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(refused.body.errors?.map(({ field }) => field)).toEqual(['amount']);
    expect((await stack.request('/payouts/A-invalid')).status).toBe(404);
    const { orders } = await stack.control<{ orders: unknown[] }>('/orders?clientOrderId=A-invalid');
    expect(orders).toHaveLength(0);
  });

  test('a card payout reaches the gateway, and its number nowhere else', async () => {
    const card = {
      type: 'card',
      cardNumber: '4444333322221111',
      cardHolder: 'Ada Example',
      expiryMonth: '12',
      expiryYear: '2099',
    };
    await post(body('A-card', { destination: card }));
    const payout = await follow(stack, 'A-card').until('to be approved', ({ state }) => state === 'approved');
    expect(JSON.stringify(payout)).not.toContain('4444333322221111');
    expect(JSON.stringify([...stack.logs('api'), ...stack.logs('worker')])).not.toContain('4444333322221111');
    expect(await follow(stack, 'A-card').accepted()).toBe(1);
  }, 60_000);

  test('the contract and its pages are there', async () => {
    const contract = await stack.request<{ openapi: string; paths: Record<string, unknown> }>('/openapi.json');
    expect(contract.body.openapi).toMatch(/^3\.1/);
    expect(Object.keys(contract.body.paths)).toEqual(
      expect.arrayContaining(['/payouts', '/payouts/{clientOrderId}', '/payouts/{clientOrderId}/timeline']),
    );
    const docs = await fetch(`${stack.api}/docs`);
    expect(docs.status).toBe(200);
    expect(await docs.text()).toContain('swagger-ui');
  });
});
