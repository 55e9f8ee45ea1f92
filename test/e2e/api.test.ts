import type { Client } from '@temporalio/client';
import TEXTS from '../../web/operate/texts.json';
import { codeSpans, documentNamed, sectionOf } from '../docs/documents';
import { joinPatientStack } from '../support/patient-stack';
import { follow, type PayoutJson, startPayout } from '../support/payouts';
import type { Stack } from '../support/stack';
import { connectClient } from '../support/temporal-client';

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

let stack: Stack;
beforeAll(async () => {
  stack = await joinPatientStack();
}, 120_000);
afterAll(async () => stack?.stop(), 60_000);

describe('the HTTP API over the real system', () => {
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

  test('labels stay with a payout: answered, found by one tag, exported, and part of what a repeat must have', async () => {
    const labels = { reference: 'GL-4711', tags: ['week-48', 'refund'], metadata: { invoice: '42' } };
    const sorted = { ...labels, tags: ['refund', 'week-48'] };
    expect((await post(body('A-labels', labels))).body).toMatchObject(sorted);
    expect((await post(body('A-labels', sorted))).status).toBe(200);
    const other = await post(body('A-labels', { ...labels, metadata: { invoice: '43' }, reference: undefined }));
    expect([other.status, other.body.errors?.map(({ field }) => field)]).toEqual([409, ['metadata', 'reference']]);
    await post(body('A-other-labels', { tags: ['refund-2', 'week'] }));
    await follow(stack, 'A-labels').until('to be approved', ({ state }) => state === 'approved');
    expect(await follow(stack, 'A-labels').read()).toMatchObject(sorted);
    for (const [tag, ids] of Object.entries({ 'week-48': ['A-labels'], week: ['A-other-labels'], wee: [] })) {
      const found = await stack.waitFor(`what has the tag ${tag}`, async () => {
        const { payouts } = (await stack.request<{ payouts: PayoutJson[] }>(`/payouts?tag=${tag}`)).body;
        return payouts.length === ids.length ? payouts : null;
      });
      expect(found.map(({ clientOrderId }) => clientOrderId)).toEqual(ids);
    }
    const file = await (await fetch(`${stack.api}/payouts.csv?tag=refund&detail=true`)).text();
    expect(file.trimEnd().split('\r\n')[1]).toMatch(/^A-labels,.*,refund week-48,.*,GL-4711,"\{""invoice"":""42""\}"$/);
  }, 60_000);

  test('Prefer: wait answers with the order id, or with the refusal', async () => {
    const accepted = await post(body('A-prefer'), { prefer: 'wait=30' });
    expect(accepted.status).toBe(202);
    expect(accepted.headers.get('preference-applied')).toBe('wait=30');
    expect(accepted.headers.get('location')).toBe('/payouts/A-prefer');
    expect(accepted.body.orderId).toMatch(/^[1-9][0-9]*$/);
    await stack.control('/force', { clientOrderId: 'A-prefer-refused', scenario: 'refuses' });
    const refused = await post(body('A-prefer-refused'), { prefer: 'wait=30' });
    expect(refused.body).toMatchObject({ state: 'rejected', outcome: 'rejected' });
    expect(refused.body.reason?.message).toEqual(expect.any(String));
  }, 90_000);

  test('a long poll answers when the payout is final', async () => {
    await post(body('A-wait'), { prefer: 'wait=10' });
    const response = await fetch(`${stack.api}/payouts/A-wait?wait=60`);
    expect(((await response.json()) as PayoutJson).state).toBe('approved');
    // What comes after the final, such as the gateway's callback, changes the payout once more.
    await stack.waitFor('the payout to be unchanged', async () => {
      const read = await fetch(`${stack.api}/payouts/A-wait`);
      const headers = { 'if-none-match': String(read.headers.get('etag')) };
      return (await fetch(`${stack.api}/payouts/A-wait`, { headers })).status === 304;
    });
  }, 120_000);

  test('a request that fails validation starts nothing', async () => {
    const refused = await post(body('A-invalid', { amount: '10.505' }));
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(refused.body.errors?.map(({ field }) => field)).toEqual(['amount']);
    expect((await stack.request('/payouts/A-invalid')).status).toBe(404);
    const { orders } = await stack.control<{ orders: unknown[] }>('/orders?clientOrderId=A-invalid');
    expect(orders).toHaveLength(0);
  });

  test('a payout to a card reaches the gateway, its number nowhere else; so does one by the reference of a card', async () => {
    const card = {
      type: 'card',
      cardNumber: '4444333322221111',
      cardHolder: 'Ada Example',
      expiryMonth: '12',
      expiryYear: '2099',
    };
    await post(body('A-card', { destination: card }));
    await post(body('A-card-ref', { destination: { type: 'card_ref', cardRefId: '7000123000' } }));
    const payout = await follow(stack, 'A-card').until('to be approved', ({ state }) => state === 'approved');
    expect(JSON.stringify(payout)).not.toContain('4444333322221111');
    expect(JSON.stringify([...stack.logs('api'), ...stack.logs('worker')])).not.toContain('4444333322221111');
    expect(await follow(stack, 'A-card').accepted()).toBe(1);
    await follow(stack, 'A-card-ref').until('to be approved', ({ state }) => state === 'approved');
    expect(await follow(stack, 'A-card-ref').accepted()).toBe(1);
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

const filters = [
  ...Object.values(TEXTS.views),
  ...codeSpans(sectionOf(documentNamed('docs/operating.md').text, 'Search attributes')),
].filter((text) => / (=|<|IN|IS) /.test(text));
describe('status details in Temporal', () => {
  let client: Client;
  const found = async (query: string) => {
    const ids: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
    return ids.sort();
  };

  beforeAll(async () => {
    client = await connectClient(stack);
  });
  afterAll(async () => client?.connection.close());

  test('every filter of the documents and of the saved views is one the server takes', async () => {
    expect(filters.length).toBe(Object.keys(TEXTS.views).length + 2);
    const refused: string[] = [];
    for (const filter of filters) {
      await client.workflow.count(filter).catch(() => refused.push(filter));
    }
    expect(refused).toEqual([]);
  }, 60_000);

  test('the list shows who needs a person, who waits for the Receiver, and until when', async () => {
    const reviewed = await startPayout(stack, 'C-amount', '712');
    const receiver = await startPayout(stack, 'C-form', '321');
    const done = await startPayout(stack, 'C-done');
    await reviewed.until('to need review', ({ state }) => state === 'needs_review');
    await receiver.until('to wait for the form', ({ state }) => state === 'awaiting_receiver');
    await done.until('to end', ({ outcome }) => outcome === 'approved');

    const untilListed = (query: string, ids: readonly string[]) =>
      stack.waitFor(query, async () => ((await found(query)).join() === ids.join() ? ids : null));
    await untilListed('PayoutAttention IS NOT NULL', ['payout:C-amount']);
    await untilListed('PayoutState = "needs_review"', ['payout:C-amount']);
    await untilListed('PayoutState = "awaiting_receiver"', ['payout:C-form']);

    const deadlines = async (id: string) =>
      (await client.workflow.getHandle(`payout:${id}`).describe()).searchAttributes.NextDeadline ?? [];
    expect([await deadlines('C-amount'), await deadlines('C-done')]).toEqual([[], []]);
    expect(await deadlines('C-form')).toEqual([expect.any(Date)]);
  }, 90_000);
});
