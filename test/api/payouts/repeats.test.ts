import { MISMATCHES_PER_WINDOW } from '../../../src/api/payouts/repeats';
import { fingerprintOf } from '../../../src/store/fingerprint';
import { makeFinal, REQUEST } from '../../domain/samples';
import { HASH_KEY, makeApp, makeCaller, makeReading, makeStore, problemBody } from '../app-harness';

const shop = makeCaller('shop', ['payouts:write']);
const other = makeCaller('other', ['payouts:write']);
const CARD = { type: 'card', cardNumber: '4444333322221111' } as const;
const MADE = { ...REQUEST, destination: CARD, receiver: { firstName: 'José', lastName: "O'Neil" } };
const reading = makeReading(makeFinal('approved'), {
  input: { ...makeReading().input, request: MADE },
  fingerprint: fingerprintOf(MADE, HASH_KEY),
  madeBy: 'shop',
});

async function open(known = reading) {
  const start = async (input: { request: { clientOrderId: string } }) =>
    input.request.clientOrderId === MADE.clientOrderId ? null : makeFinal('approved');
  const store = makeStore({ start: start as never, read: async () => known });
  const made = await makeApp({ store, access: { apiKeys: [shop.apiKey, other.apiKey], callerRatePerSecond: 10_000 } });
  const post = async (change: object, by = shop) =>
    await made.app.inject({
      ...{ method: 'POST', url: '/payouts', payload: { ...MADE, ...change } },
      headers: { authorization: `Bearer ${by.key}` },
    });
  return { ...made, post };
}

/** A card number that differs in one digit and in the check digit. */
const guess = (nth: number) => ({
  destination: { ...CARD, cardNumber: ['4444333322221129', '4444333322221137'][nth % 2] },
});

it('another caller learns only that the id is taken, whatever matches', async () => {
  const { post, log } = await open();
  const answers = [await post({}, other), await post({ amount: '11.00' }, other), await post(guess(1), other)];
  expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
  expect(answers[0]?.json()).toEqual(problemBody('client_order_id_taken'));
  expect(answers.map(({ headers }) => [headers.location, headers.etag, headers['idempotent-replayed']])).toEqual(
    answers.map(() => [undefined, undefined, undefined]),
  );
  expect(log()).toContain('"kind":"client_order_id_taken"');
  expect(log()).not.toMatch(/4444333322|O'Neil/);
});

it('a payout whose caller is unknown belongs to no caller', async () => {
  const { post } = await open({ ...reading, madeBy: null });
  expect((await post({})).json()).toMatchObject({ code: 'client_order_id_taken' });
});

it.each([
  ['its own', shop],
  ['another', other],
])('%s caller gets so many answers about one id, and then none, right or wrong', async (_name, caller) => {
  const { post, log } = await open();
  const statuses: number[] = [];
  for (let nth = 0; nth <= MISMATCHES_PER_WINDOW; nth += 1) statuses.push((await post(guess(nth), caller)).statusCode);
  expect(statuses).toEqual([...Array(MISMATCHES_PER_WINDOW).fill(409), 429]);
  const right = await post({}, caller);
  expect(right.json()).toMatchObject({ code: 'too_many_requests', status: 429 });
  expect(Number(right.headers['retry-after'])).toBeGreaterThan(0);
  expect(log().match(/repeat refused/g)).toHaveLength(MISMATCHES_PER_WINDOW);
  expect(log()).not.toMatch(/44443333/);
  // What is new is still taken, and of others nothing is held up.
  expect((await post({ clientOrderId: 'PO-000009' }, caller)).statusCode).toBe(202);
  const neighbour = caller === shop ? other : shop;
  expect((await post({}, neighbour)).statusCode).toBe(caller === shop ? 409 : 200);
});

it('the same request again is never counted', async () => {
  const { post } = await open();
  for (let nth = 0; nth < 3 * MISMATCHES_PER_WINDOW; nth += 1) expect((await post({})).statusCode).toBe(200);
});
