import { checkRows } from '../../../src/api/batches/check-rows';
import { createEndpointDirectory } from '../../../src/api/endpoints';
import { LOCAL } from '../../../src/api/plugins/callers';
import type { PolicyRule } from '../../../src/domain/policies';
import { DEFAULT_POLICY } from '../../../src/domain/poll-plan';
import { createSumUp } from '../../../src/store/batch-gates';
import { fingerprintOf } from '../../../src/store/fingerprint';
import { createGates } from '../../../src/store/gates';
import { START_MS } from '../../domain/samples';
import { ENDPOINT, HASH_KEY, makeApp, PUBLIC_BASE_URL, RECEIVER_LINK_KEYS } from '../app-harness';

const endpoints = createEndpointDirectory({
  endpoints: [{ ...ENDPOINT, currencies: ['EUR', 'JPY'] }],
  policy: DEFAULT_POLICY,
  publicBaseUrl: PUBLIC_BASE_URL,
  receiverLinkKeys: RECEIVER_LINK_KEYS,
});
const gatesOf = (rules: readonly PolicyRule[]) =>
  createGates({ rules, visibility: { count: () => Promise.reject(new Error('asked')) }, approversFor: () => ['anna'] });
const check = async (bodies: readonly unknown[], rules: readonly PolicyRule[] = []) =>
  await checkRows(bodies, {
    ...{ batchId: 'B', caller: { ...LOCAL, name: 'shop' }, endpoints, hashKey: HASH_KEY },
    ...{ atMs: START_MS, decide: gatesOf(rules).decideAlone, asked: {} },
    sumUp: createSumUp({ rules, approversFor: () => ['anna'] }),
  });

const row = (fields: object = {}) => ({
  ...{ amount: '10.5', currency: 'EUR', receiver: { firstName: 'Ada' } },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
  ...fields,
});

it('rows are ready to start as POST /payouts starts them, named by the batch where they have no id', async () => {
  const { rows, policies, errors, totals } = await check([row({ clientOrderId: 'OWN' }), row({ amount: '1' })]);
  expect(errors).toEqual([]);
  expect(policies).toEqual({ default: DEFAULT_POLICY });
  expect(totals).toEqual([{ currency: 'EUR', count: 2, amount: '11.50' }]);
  const { app, store } = await makeApp({ endpoint: { currencies: ['EUR', 'JPY'] } });
  for (const [at, asked] of [row({ clientOrderId: 'OWN' }), row({ clientOrderId: 'B-2', amount: '1' })].entries()) {
    await app.inject({ method: 'POST', url: '/payouts', payload: asked });
    const [input, options] = store.start.mock.calls[at] ?? [];
    const { acceptedAtMs, policy, ...kept } = input ?? ({} as never);
    expect([acceptedAtMs, policy]).toEqual([START_MS, DEFAULT_POLICY]);
    expect(rows[at]).toEqual({
      ...{ row: at + 1, input: { ...kept, batch: 'B' } },
      ...{ fingerprint: options?.fingerprint, destinationHash: options?.destinationHash },
    });
    expect(rows[at]?.fingerprint).toBe(fingerprintOf(kept.request, HASH_KEY));
  }
});

it('all errors come at once, by row and field, and never with a value', async () => {
  const { errors } = await check([
    row(),
    row({ amount: '0', receiver: { country: 'Germany', phone: 4930 } }),
    row({ currency: 'USD' }),
    row({ destination: { type: 'bank_account', accountNumber: 'DE00370400440532013000' } }),
    row({ amuont: '1' }),
    null,
    'text',
    row({ clientOrderId: '4111-4111111111111111' }),
  ]);
  expect(errors.map(({ row: at, field }) => [at, field])).toEqual([
    [2, 'receiver.phone'],
    [2, 'receiver.country'],
    [3, 'currency'],
    [4, 'destination.accountNumber'],
    [5, 'amuont'],
    [6, 'row'],
    [7, 'body'],
    [8, 'clientOrderId'],
  ]);
  expect(JSON.stringify(errors)).not.toMatch(/DE00|4930|Germany|4111/);
});

it('an id may be there once', async () => {
  const { errors } = await check([
    row({ clientOrderId: 'X' }),
    row({ clientOrderId: 'Y' }),
    row({ clientOrderId: 'X' }),
  ]);
  expect(errors).toEqual([{ row: 3, field: 'clientOrderId', expected: 'an id that no other row has; row 1 has it' }]);
  const implied = await check([row({ clientOrderId: 'B-2' }), row()]);
  expect(implied.errors).toMatchObject([{ row: 2, field: 'clientOrderId' }]);
});

it('rows with the receiver and amount of another are warned of, and are no errors', async () => {
  const spaced = { type: 'bank_account', accountNumber: 'DE89 3704 0044 0532 0130 00' };
  const { errors, warnings } = await check([
    row(),
    row({ amount: '11' }),
    row({ amount: '10.50', destination: spaced }),
  ]);
  expect(errors).toEqual([]);
  expect(warnings).toEqual([{ row: 3, sameAs: 1 }]);
});

it('the content is known again, whatever the order of fields, and differs by a cent', async () => {
  const { contentHash } = await check([row()]);
  const { amount, ...rest } = row();
  expect((await check([{ ...rest, amount }])).contentHash).toBe(contentHash);
  expect((await check([row({ amount: '10.51' })])).contentHash).not.toBe(contentHash);
  expect((await check([row(), row({ amount: '2' })])).contentHash).not.toBe(contentHash);
});

it('10,000 errors at most are answered, 20 a row', async () => {
  const wrong = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`x${'y'.repeat(at)}`, '1']));
  const { errors } = await check(Array.from({ length: 600 }, () => row(wrong)));
  expect(errors).toHaveLength(10_000);
  expect(errors.filter(({ row: at }) => at === 1)).toHaveLength(20);
});

it('rows go through the policies, each for itself: what needs approval waits for it, what is denied is named', async () => {
  const approvals = { needed: 1, expiresInMs: 60_000 };
  const rules: PolicyRule[] = [
    { name: 'yen', match: { currency: ['JPY'] }, deny: 'No yen.' },
    { name: 'large', match: { currency: ['EUR'], amountFrom: '100' }, approvals },
  ];
  const { rows, timeErrors } = await check(
    [row(), row({ amount: '100' }), row({ amount: '5', currency: 'JPY' })],
    rules,
  );
  expect(rows.map(({ input }) => input.gate?.approval?.rule ?? null)).toEqual([null, 'large', null]);
  expect(timeErrors).toEqual([{ row: 3, field: 'policy', expected: 'no payout that rule yen denies: No yen.' }]);
});
