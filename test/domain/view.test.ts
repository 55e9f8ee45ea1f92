import { etagOf } from '../../src/api/payouts/payout-answer';
import { openPayout } from '../../src/domain/payout';
import { viewLateEvent, viewPayout, viewStep } from '../../src/domain/view';
import { makeFinal, makeFollowed, makePayout, ORDER_ID, REQUEST, START_MS } from './samples';

const NOON = '2024-11-22T12:00:00.000Z';

it.each([
  ['a bank account', REQUEST.destination, ['DE8937', '044053201300']],
  ['a card', { type: 'card', cardNumber: '4444333322221111', cardHolder: 'MARKER' } as const, ['44443333', 'MARKER']],
])('shows nothing of %s but its masked tail', (_name, destination, secrets) => {
  const view = viewPayout(openPayout({ ...REQUEST, destination }, { endpoint: 'default', atMs: START_MS }));
  expect(view.destination).toMatch(/^••••\d{4}$/);
  for (const secret of secrets) expect(JSON.stringify(view)).not.toContain(secret);
});

it.each(['approved', 'declined', 'filtered', 'error'] as const)('%s is an outcome, with its times', (status) => {
  expect(viewPayout(makeFinal(status))).toMatchObject({
    state: status,
    outcome: status,
    settledAt: NOON,
    agreedAt: { poll: NOON, callback: null },
  });
});

it.each(['accepted', 'sending', 'unconfirmed', 'processing', 'awaiting_receiver', 'needs_review'] as const)(
  '%s has no outcome',
  (state) => {
    expect(viewPayout(makePayout({ state }))).toMatchObject({ state, outcome: null, settledAt: null });
  },
);

it('does not show what is for the workflow alone', () => {
  const inner = ['evidence', 'claim', 'polling', 'sendAttempts', 'pollingSinceMs', 'lastAskedAtMs'];
  expect(Object.keys(viewPayout(makeFollowed())).filter((name) => inner.includes(name))).toEqual([]);
});

it('writes a step with its time', () => {
  const step = {
    atMs: START_MS,
    source: 'poll',
    what: 'approved',
    state: 'approved',
    orderId: ORDER_ID,
    actor: null,
    reason: null,
    enteredFrom: '203.0.113.7',
    rule: null,
  } as const;
  const { atMs: _, ...said } = step;
  expect(viewStep(step, { isOperator: true })).toEqual({ at: NOON, ...said });
  expect(viewStep(step, { isOperator: false })).toEqual({ at: NOON, ...said, enteredFrom: null });
});

describe('etagOf', () => {
  const tag = etagOf(makeFollowed());

  it.each([
    ['state', makeFollowed({ state: 'awaiting_receiver' })],
    ['attention', makeFollowed({ attention: 'gateway_unreachable' })],
    ['order id', makeFollowed({ orderId: null })],
    ['redirect', makeFollowed({ redirectTo: 'https://gate.example.com/form/1' })],
    ['confirmation', makeFollowed({ confirmed: true })],
  ])('changes with the %s', (_name, other) => {
    expect(etagOf(other)).not.toBe(tag);
  });

  it.each([
    ['time of the last news', makeFollowed({ updatedAtMs: START_MS + 1 })],
    ['source that agreed too', makeFollowed({ agreedAtMs: { callback: START_MS } })],
    ['inner clock', makeFollowed({ lastAskedAtMs: START_MS })],
  ])('does not change with the %s', (_name, other) => {
    expect(etagOf(other)).toBe(tag);
  });
});

it('a late event is shown beside the payout, and calls for attention once it is confirmed', () => {
  const late = { workflowId: 'late:PO-000001', what: 'reversal approved', atMs: START_MS } as const;
  const claimed = { ...late, isConfirmed: false, attention: null };
  const confirmed = { ...late, isConfirmed: true, attention: 'post_payout_event' } as const;
  const view = viewPayout(makeFinal('approved'), [claimed, confirmed]);
  expect([view.attention, viewPayout(makeFinal('approved'), [claimed]).attention]).toEqual(['post_payout_event', null]);
  const shown = { workflowId: late.workflowId, at: NOON, what: late.what };
  expect(view.lateEvents).toEqual([
    { ...shown, confirmed: false },
    { ...shown, confirmed: true },
  ]);
  const step = {
    at: NOON,
    source: 'callback',
    state: 'approved',
    orderId: ORDER_ID,
    actor: null,
    enteredFrom: null,
    rule: null,
  };
  expect([claimed, confirmed].map((event) => viewLateEvent(makeFinal('approved'), event))).toEqual([
    { ...step, what: 'late: reversal approved (not confirmed)', reason: null },
    { ...step, what: 'late: reversal approved', reason: 'post_payout_event' },
  ]);
});
