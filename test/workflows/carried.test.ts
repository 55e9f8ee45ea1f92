import { OPEN_STATES, type Payout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { carryOn } from '../../src/workflows/carried';
import { createGatewayCalls } from '../../src/workflows/gateway-calls';
import { createInbox } from '../../src/workflows/inbox';
import type { PayoutInput } from '../../src/workflows/messages';
import { makePayout, ORDER_ID, REQUEST } from '../domain/samples';

jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  proxyActivities: () => {
    throw new Error('a send was begun');
  },
  proxyLocalActivities: () => ({}),
}));

const INPUT: PayoutInput = {
  request: REQUEST,
  endpoint: 'default',
  acceptedAtMs: 1,
  policy: DEFAULT_POLICY,
  callbackUrl: 'https://cp.example.org/callbacks/default',
  redirectUrl: null,
};
const ACCOUNT = JSON.stringify(REQUEST.destination);

it.each(OPEN_STATES)('in %s without an order the account is carried on: it may be sent again', (state) => {
  const held: Payout = makePayout({ state, orderId: null });
  expect(carryOn(INPUT, { held, details: null })).toEqual({ ...INPUT, carried: held });
});

it.each<[string, Partial<Payout>]>([
  ['an order is known', { state: 'processing', orderId: ORDER_ID }],
  ['an order is known to a payout in review', { state: 'needs_review', orderId: ORDER_ID }],
  ['it is final without an order', { state: 'rejected', orderId: null }],
  ['it is final on a callback alone', { state: 'approved', orderId: ORDER_ID, confirmed: false }],
])('when %s the account is left behind', (_when, over) => {
  const held = makePayout(over);
  const { request, isAccountForgotten, carried } = carryOn(INPUT, { held, details: null });
  expect({ isAccountForgotten, carried }).toEqual({ isAccountForgotten: true, carried: held });
  expect(JSON.stringify(request)).not.toContain(ACCOUNT.slice(1, -1));
  expect(request.receiver).toEqual({});
});

it('a run whose account was forgotten begins no send', () => {
  const forgotten = carryOn(INPUT, { held: makePayout({ state: 'processing', orderId: ORDER_ID }), details: null });
  const calls = createGatewayCalls(forgotten, {
    inbox: createInbox(),
    collected: { details: null, destinationHash: null },
  });
  expect(() => calls.submit(makePayout())).toThrow('expected no send after the account was forgotten');
});
