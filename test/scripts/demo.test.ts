import { formatScenarios, hasReachedExpected } from '../../scripts/demo';
import type { PayoutView } from '../../scripts/payout-api';

function view(fields: Partial<PayoutView>): PayoutView {
  const empty = {
    outcome: null,
    attention: null,
    settledBy: null,
    redirectTo: null,
    receiverPage: null,
    lateEvents: [],
  };
  return { clientOrderId: 'A', state: 'processing', ...empty, ...fields };
}

const PAID = { state: 'approved', outcome: 'approved' };

it.each([
  ['approved', {}, false],
  ['approved', { state: 'approved', outcome: 'approved' }, true],
  ['approved after the form', { state: 'awaiting_receiver' }, false],
  ['declined', { state: 'approved', outcome: 'approved' }, true],
  ['needs_review', {}, false],
  ['approved', { state: 'needs_review' }, true],
  ['stays processing', {}, true],
  ['stays processing', { state: 'sending' }, false],
  ['processing; needs_review at the horizon', {}, true],
  ['not sent, with an alert: never approved', { state: 'sending' }, false],
  ['not sent, with an alert: never approved', { state: 'sending', attention: 'gateway_refuses_us' }, true],
  ['unconfirmed, then approved', { state: 'unconfirmed' }, false],
  ['processing with an alert; needs_review at the horizon', {}, false],
  ['processing with an alert; needs_review at the horizon', { attention: 'unknown_status' }, true],
  ['approved, the reversal recorded as a later event', PAID, false],
  ['approved, the reversal recorded as a later event', { ...PAID, lateEvents: [{ confirmed: false }] }, false],
  ['approved, the reversal recorded as a later event', { ...PAID, lateEvents: [{ confirmed: true }] }, true],
  ['needs_review, or declined with a recorded conflict', { state: 'declined', outcome: 'declined' }, false],
  ['needs_review, or declined with a recorded conflict', { ...PAID, attention: 'conflict' }, true],
])('expected "%s", seen %j: done is %s', (expected, fields, done) => {
  expect(hasReachedExpected(view(fields), expected)).toBe(done);
});

it('on a fast clock waits for what takes days otherwise', () => {
  const expected = 'processing; needs_review at the horizon';
  expect(hasReachedExpected(view({}), expected, true)).toBe(false);
  expect(hasReachedExpected(view({ state: 'needs_review' }), expected, true)).toBe(true);
});

it('prints a table with aligned columns', () => {
  const table = formatScenarios([
    { name: 'approved', digits: ['000'], description: 'pays', expected: 'approved' },
    { name: 'no_callback', digits: ['700', '7'], description: 'never calls back', expected: 'approved' },
  ]);
  expect(table.split('\n')).toEqual([
    'name         digits  what the gateway does  ends',
    'approved     000     pays                   approved',
    'no_callback  700 7   never calls back       approved',
  ]);
});
