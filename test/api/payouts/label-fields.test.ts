import { makeApiKey } from '../../../src/config/api-keys';
import { LABELS } from '../../domain/samples';
import { countCalls, shareApp } from '../app-harness';

const BODY = {
  ...{ clientOrderId: 'PO-000001', amount: '10.50', currency: 'EUR' },
  destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
};
const share = shareApp();
const post = async (labels: object) => {
  const { app, store } = await share();
  const response = await app.inject({ method: 'POST', url: '/payouts', payload: { ...BODY, ...labels } });
  return { response, store };
};
const many = (count: number, length: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`key_${at}`, 'x'.repeat(length)]));

it.each([
  [LABELS, LABELS],
  [{ tags: ['week-48', 'refund', 'refund'] }, { tags: ['refund', 'week-48'] }],
  [{ tags: [], metadata: {} }, {}],
  [{ reference: ` ${'😀'.repeat(64)} ` }, { reference: '😀'.repeat(64) }],
  [
    { tags: Array.from({ length: 10 }, (_, at) => `t${at}`) },
    { tags: Array.from({ length: 10 }, (_, at) => `t${at}`) },
  ],
  [{ metadata: { a_1: 'é'.repeat(500), b: '=1+1' } }, { metadata: { a_1: 'é'.repeat(500), b: '=1+1' } }],
  [{ metadata: many(20, 100) }, { metadata: many(20, 100) }],
])('labels %j are taken as %j, and answered', async (given, taken) => {
  const { response, store } = await post(given);
  const { reference, tags, metadata } = response.json();
  const [input] = store.start.mock.calls[0] ?? [];
  const { clientOrderId, amount, currency, destination, receiver, extraFields, ...kept } = input!
    .request as unknown as Record<string, unknown>;
  expect([response.statusCode, JSON.parse(JSON.stringify({ reference, tags, metadata })), kept]).toEqual([
    ...[202, taken, taken],
  ]);
});

it.each<[string, object]>([
  ...['', ' ', 'x'.repeat(65), 'a\u0000', 7, null, 'for 4444 3333 2222 1111', makeApiKey()].map(
    (reference): [string, object] => ['reference', { reference }],
  ),
  ...['refund', null, [7], [''], ['Refund'], ['a b'], ['é'], ['x'.repeat(33)], Array(11).fill('x')].map(
    (tags): [string, object] => ['tags', { tags }],
  ),
  ...[['4444333322221111'], ['4444-3333-2222-1111'], ['card_4444333322221111'], [makeApiKey()]].map(
    (tags): [string, object] => ['tags', { tags }],
  ),
  ['tags', { tags: ['de89370400440532013000'] }],
  ['tags', { tags: ['de89-3704-0044-0532-0130-00'] }],
  ...['x', [], null, { a: 7 }, { a: '' }, { A: 'x' }, { 'a-b': 'x' }, { '': 'x' }, { ['k'.repeat(41)]: 'x' }].map(
    (metadata): [string, object] => ['metadata', { metadata }],
  ),
  ['metadata', { metadata: { '4444333322221111': 'x' } }],
  ['metadata', { metadata: { a: '4444 3333 2222 1111' } }],
  ['metadata', { metadata: { a: makeApiKey() } }],
  ['metadata', { metadata: { a: 'x'.repeat(501) } }],
  ['metadata', { metadata: many(21, 1) }],
  ['metadata', { metadata: many(20, 200) }],
])('%s of %j are refused by name, without the value, and nothing is started', async (field, labels) => {
  const { response, store } = await post(labels);
  const { errors } = response.json<{ errors: { field: string }[] }>();
  expect([response.statusCode, ...new Set(errors.map((error) => error.field.split('.')[0]))]).toEqual([400, field]);
  expect(response.body).not.toMatch(/4444|DE89|pk_/i);
  expect(countCalls(store)).toBe(0);
});
