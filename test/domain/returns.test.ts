import fc from 'fast-check';
import { toClientOrderId } from '../../src/domain/ids';
import { type LateRecord, NO_LATE_EVENTS, returnedOf, takeLateAnswer } from '../../src/domain/late-events';
import { furthestReturn, type NamedAmount, returnedBy } from '../../src/domain/returns';
import { apply } from '../../src/domain/transitions';
import { viewPayout } from '../../src/domain/view';
import { makeFinal, makeFollowed, makeReport, ORDER_ID, START_MS } from './samples';

const PAID = { amount: '10.50', currency: 'EUR' } as const;
const euros = (...amounts: (string | null)[]): NamedAmount[] =>
  amounts.map((amount) => ({ amount, currency: amount === null ? null : 'EUR' }));

it.each<[string, readonly NamedAmount[], string | null]>([
  ['nothing', [], null],
  ['the whole', euros('10.50'), 'returned'],
  ['the whole, written shorter', euros('10.5'), 'returned'],
  ['the whole without a currency', [{ amount: '10.50', currency: null }], 'returned'],
  ['a part', euros('10.49'), 'partially_returned'],
  ['parts that add up', euros('4.00', '6.50'), 'returned'],
  ['parts that do not', euros('4.00', '6.49'), 'partially_returned'],
  ['an amount that is not said', euros(null), 'partially_returned'],
  ['another currency', [{ amount: '10.50', currency: 'USD' }], 'partially_returned'],
  ['what is no amount', euros('x'), 'partially_returned'],
])('%s came back', (_what, returns, expected) => {
  expect(returnedBy(PAID, returns)).toBe(expected);
});

it('is returned exactly when the amounts add up, in whatever order and parts', () => {
  const cents = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(cents, (parts) => {
      const returns = euros(...parts.map((part) => (part / 100).toFixed(2)));
      const isWhole = parts.reduce((sum, part) => sum + part, 0) >= 1_050;
      expect(returnedBy(PAID, returns)).toBe(isWhole ? 'returned' : 'partially_returned');
    }),
  );
});

const { amount, currency, state } = makeFinal('approved');
const closed = {
  clientOrderId: toClientOrderId('PO-1'),
  endpoint: 'default',
  orderId: ORDER_ID,
  amount,
  currency,
  state,
};
const REVERSAL = { subject: 'post_payout_event', transactionType: 'reversal', isReturn: true } as const;
const answer = (
  record: LateRecord,
  fields: Parameters<typeof makeReport>[0],
  payout: Parameters<typeof takeLateAnswer>[1]['payout'] = closed,
) =>
  takeLateAnswer(record, {
    ...{ payout, atMs: START_MS },
    answer: { found: true, report: makeReport({ status: 'approved', ...REVERSAL, ...fields }) },
  });

describe('late events', () => {
  it('two returns of a part come to the whole, and the same answer again to no more', () => {
    const first = answer(NO_LATE_EVENTS, { amount: '4.00' });
    const again = answer(first, { amount: '4.00' });
    const both = answer(again, { amount: '6.50' });
    expect([first, again, both].map(returnedOf)).toEqual(['partially_returned', 'partially_returned', 'returned']);
    expect(both.events).toHaveLength(2);
  });

  it.each<[string, Parameters<typeof makeReport>[0], Parameters<typeof takeLateAnswer>[1]['payout']]>([
    ['a reversal that did not succeed', { status: 'declined' }, closed],
    ['a dispute', { transactionType: 'dispute', isReturn: undefined as never }, closed],
    ['a reversal of what was not paid', {}, { ...closed, state: 'declined' }],
  ])('%s returns nothing', (_what, fields, payout) => {
    expect(returnedOf(answer(NO_LATE_EVENTS, fields, payout))).toBeNull();
  });
});

describe('the view', () => {
  const late = {
    workflowId: 'late:PO-1',
    what: 'reversal approved',
    isConfirmed: true,
    attention: null,
    atMs: START_MS,
  };

  it('says what became of an approved payout, and nothing of another', () => {
    expect(viewPayout(makeFinal('approved')).settlement).toBe('paid');
    expect(viewPayout(makeFollowed()).settlement).toBeNull();
    expect(viewPayout(makeFinal('declined'), [{ ...late, settlement: 'returned' }]).settlement).toBeNull();
    const views = [viewPayout(makeFinal('approved'), [{ ...late, settlement: 'partially_returned' }, late])];
    expect(views.map(({ outcome, settlement }) => [outcome, settlement])).toEqual([['approved', 'partially_returned']]);
  });

  it('a return that an answer reports of a final that is not confirmed yet is shown at once, and lives on as a claim', () => {
    const unconfirmed = makeFinal('approved', { confirmed: false, settledBy: 'callback' });
    const report = makeReport({ status: 'approved', ...REVERSAL });
    const after = apply(unconfirmed, { kind: 'report', report, atMs: START_MS });
    expect(viewPayout(after)).toMatchObject({
      outcome: 'approved',
      settlement: 'returned',
      attention: 'post_payout_event',
    });
    expect(after.eventClaim).toEqual({ status: 'approved', subject: 'post_payout_event', orderId: ORDER_ID });
    const claimed = apply(unconfirmed, { kind: 'report', report: { ...report, source: 'callback' }, atMs: START_MS });
    expect(viewPayout(claimed).settlement).toBe('paid');
  });
});

it('of several words the one that says most counts', () => {
  expect(furthestReturn([])).toBeNull();
  expect(furthestReturn([undefined, 'partially_returned', null])).toBe('partially_returned');
  expect(furthestReturn(['partially_returned', 'returned'])).toBe('returned');
});
