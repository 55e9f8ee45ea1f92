import { type ClientView, compareRecords, type GatewayOrder, type ProductView, type Records } from '../comparison';

const ID = 'X-1';
const client = (changes: Partial<ClientView> = {}): ClientView => ({
  ...{
    clientOrderId: ID,
    scenario: 'approved',
    amount: '10.50',
    currency: 'EUR',
    accepted: true,
    started: 1,
    refused: null,
  },
  ...{ outcomes: new Set(['approved']), ...changes },
});
const payout = (changes: Partial<ProductView> = {}): ProductView => ({
  ...{
    clientOrderId: ID,
    state: 'approved',
    outcome: 'approved',
    attention: null,
    orderId: '77',
    actualAmount: '10.50',
  },
  ...changes,
});
const order = (changes: Partial<GatewayOrder> = {}): GatewayOrder => ({
  ...{ orderId: '77', clientOrderId: ID, amount: '10.5', status: 'approved', isFinal: true },
  ...changes,
});
const compare = (
  changes: { client?: ClientView; payout?: ProductView | null; orders?: GatewayOrder[]; wasReset?: boolean } = {},
) => {
  const { client: one = client(), payout: read = payout(), orders = [order()], wasReset = false } = changes;
  const reset = new Set(wasReset ? [ID] : []);
  const records: Records = {
    clients: [one],
    product: new Map(read === null ? [] : [[ID, read]]),
    gateway: orders,
    reset,
  };
  return compareRecords(records).map(({ defect, detail }) => `${defect}: ${detail}`);
};
const notified = (...outcomes: string[]) => client({ outcomes: new Set(outcomes) });

describe('records that agree', () => {
  test('approved by the same order with the same amount, zeros aside', () => expect(compare()).toEqual([]));
  test('settled by a callback alone: no amount ever came', () =>
    expect(compare({ payout: payout({ actualAmount: null }) })).toEqual([]));
  test('rejected without an order', () =>
    expect(
      compare({
        client: notified('rejected'),
        payout: payout({ state: 'rejected', outcome: 'rejected', orderId: null }),
        orders: [],
      }),
    ).toEqual([]));
  test('cancelled at its limit, without an order', () => {
    const cancelled = payout({ state: 'cancelled', outcome: 'cancelled', orderId: null, actualAmount: null });
    const limited = { ...notified('cancelled'), currency: 'USD' };
    const of = (one: ClientView, orders: GatewayOrder[]) => compare({ client: one, payout: cancelled, orders });
    expect(of(limited, [])).toEqual([]);
    expect(of(limited, [order()])).toEqual(['wrong_final: cancelled at its limit, and an order exists']);
    expect(of(notified('cancelled'), [])).toEqual(['wrong_final: cancelled, and no limit is on it']);
  });
  test('in the hands of a person', () =>
    expect(compare({ client: notified(), payout: payout({ state: 'needs_review', outcome: null }) })).toEqual([]));
});

describe('a payout that was reset after it had ended', () => {
  const inReview = payout({ state: 'needs_review', outcome: null, attention: 'outcome_unknown', orderId: null });
  test.each(['rejected', 'approved'])(
    'is in the hands of a person, and what was reported before is true: %s',
    (outcome) => {
      const orders = outcome === 'rejected' ? [] : [order()];
      expect(compare({ client: notified(outcome), payout: inReview, orders, wasReset: true })).toEqual([]);
      expect(compare({ client: notified(outcome), payout: inReview, orders })).toHaveLength(1);
    },
  );
  test.each([
    ['approved', []],
    ['rejected', [order()]],
    ['declined', [order()]],
  ])('was reported wrongly before: %s', (outcome, orders) =>
    expect(compare({ client: notified(outcome), payout: inReview, orders, wasReset: true })).toEqual([
      `wrong_final: a caller got ${outcome}, it ended null`,
    ]),
  );
  test('ends otherwise than was reported', () =>
    expect(compare({ client: notified('declined'), wasReset: true })).toEqual([
      'wrong_final: a caller got declined, it ended approved',
    ]));
  test('is stuck as any other', () =>
    expect(
      compare({ client: notified('approved'), payout: payout({ state: 'processing', outcome: null }), wasReset: true }),
    ).toEqual(['wrong_final: a caller got approved, it ended null', 'stuck: processing, the gateway says approved']));
});

describe('lost', () => {
  test('accepted, then not found', () =>
    expect(compare({ payout: null })).toEqual(['lost: accepted by the API, then not found']));
  test('an order without a payout', () =>
    expect(compare({ client: client({ accepted: false, started: 0 }), payout: null })).toEqual([
      'lost: an order exists, the API knows no payout',
    ]));
  test('never accepted', () =>
    expect(compare({ client: client({ accepted: false }), payout: null, orders: [] })).toEqual([
      'lost: never accepted by the API',
    ]));
  test('refused by the API', () =>
    expect(compare({ client: client({ accepted: false, refused: 'HTTP 409' }), payout: null, orders: [] })).toEqual([
      'lost: refused by the API: HTTP 409',
    ]));
});

describe('a batch that its limit cancelled', () => {
  const of = client({ isUnmade: true, outcomes: new Set() });
  test('has no payouts and no orders', () => expect(compare({ client: of, payout: null, orders: [] })).toEqual([]));
  test('an order all the same', () =>
    expect(compare({ client: of, payout: null })).toEqual([
      'lost: an order of a batch that was cancelled before it began',
    ]));
  test('a payout all the same', () =>
    expect(compare({ client: of })).toEqual(['wrong_final: a payout of a batch that was cancelled before it began']));
});

describe('paid twice', () => {
  test('two orders of one payout', () =>
    expect(compare({ orders: [order(), order({ orderId: '78' })] })).toEqual(['paid_twice: orders 77, 78']));
  test('started twice', () =>
    expect(compare({ client: client({ started: 2 }) })).toEqual(["paid_twice: started 2 times by the API's own word"]));
  test('an order that no caller asked for', () =>
    expect(compare({ orders: [order(), order({ orderId: '79', clientOrderId: 'X-2' })] })).toEqual([
      'paid_twice: an order that no caller asked for',
    ]));
});

describe('wrong final', () => {
  test.each([
    ['another outcome', { orders: [order({ status: 'declined' })] }, 'approved, the gateway says declined'],
    [
      'too early',
      { orders: [order({ status: 'unknown', isFinal: false })] },
      'approved, the gateway still says unknown',
    ],
    ['without an order', { orders: [] }, 'approved by an order the gateway does not have'],
    ['another order', { orders: [order({ orderId: '70' })] }, 'approved by an order the gateway does not have'],
    [
      'another amount paid',
      { orders: [order({ amount: '11.50' })] },
      'approved with another amount than was asked for',
    ],
    [
      'another amount shown',
      { payout: payout({ actualAmount: '99.00' }) },
      'approved, and the amount shown is not the amount paid',
    ],
    [
      'rejected though an order exists',
      { client: notified('rejected'), payout: payout({ state: 'rejected', outcome: 'rejected' }) },
      'rejected, and an order exists',
    ],
    ['reported otherwise before', { client: notified('declined') }, 'a caller got declined, it ended approved'],
  ])('%s', (_, changes, detail) => expect(compare(changes)).toEqual([`wrong_final: ${detail}`]));

  test('a final that was taken back', () =>
    expect(compare({ payout: payout({ state: 'needs_review', outcome: null }) })).toEqual([
      'wrong_final: a caller got approved, it ended null',
    ]));
});

describe('stuck', () => {
  test.each(['accepted', 'sending', 'unconfirmed', 'processing', 'awaiting_receiver'])('still %s at the end', (state) =>
    expect(compare({ client: notified(), payout: payout({ state, outcome: null }) })).toEqual([
      `stuck: ${state}, the gateway says approved`,
    ]),
  );
});
