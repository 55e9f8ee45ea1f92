import { FINAL_STATES, isFinalState, isSettled, OPEN_STATES, openPayout } from '../../src/domain/payout';
import { makeFinal, makePayout, REQUEST, START_MS } from './samples';

it('opens without a trace of the account but its masked tail', () => {
  const opened = openPayout(REQUEST, { endpoint: 'default', atMs: START_MS });
  expect(opened).toMatchObject({
    clientOrderId: 'PO-000001',
    endpoint: 'default',
    amount: '10.50',
    currency: 'EUR',
    destination: '••••3000',
    state: 'accepted',
    attention: null,
    orderId: null,
    settledBy: null,
    confirmed: false,
    createdAtMs: START_MS,
    updatedAtMs: START_MS,
    sendAttempts: 0,
    evidence: [],
  });
  const text = JSON.stringify(opened);
  for (const secret of ['DE8937', '0440532013', 'José', 'Neil', 'Cool Bank', 'Invoice'])
    expect(text).not.toContain(secret);
});

it('every state is either final or open', () => {
  expect([...FINAL_STATES].filter((state) => !isFinalState(state))).toEqual([]);
  expect([...OPEN_STATES].filter(isFinalState)).toEqual([]);
});

it.each([
  [makePayout(), false],
  [makePayout({ confirmed: true }), false],
  [makeFinal('approved'), true],
  [makeFinal('approved', { confirmed: false }), false],
  [makeFinal('approved', { confirmed: false, confirmationGivenUp: true }), true],
])('%#: settled is final, and confirmed or not confirmable', (payout, expected) => {
  expect(isSettled(payout)).toBe(expected);
});
