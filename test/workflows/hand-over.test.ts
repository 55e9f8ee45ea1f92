import { getExternalWorkflowHandle, startChild } from '@temporalio/workflow';
import { OPEN_STATES, type Payout, type PayoutState } from '../../src/domain/payout';
import type { ReceiverDetails } from '../../src/domain/payout-request';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { createGatewayCalls } from '../../src/workflows/gateway-calls';
import { carryOn, handOverEvent } from '../../src/workflows/hand-over';
import { createInbox } from '../../src/workflows/inbox';
import type { PayoutInput } from '../../src/workflows/messages';
import { createChecks } from '../../src/workflows/operator-updates';
import { COLLECTING, makeFinal, makePayout, ORDER_ID, REQUEST } from '../domain/samples';

jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  startChild: jest.fn(),
  getExternalWorkflowHandle: jest.fn(),
  log: { error: jest.fn() },
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
  const current: Payout = makePayout({ state, orderId: null });
  expect(carryOn(INPUT, { current, details: null })).toEqual({ ...INPUT, carried: current });
});

it.each<[string, Partial<Payout>]>([
  ['an order is known', { state: 'processing', orderId: ORDER_ID }],
  ['an order is known to a payout in review', { state: 'needs_review', orderId: ORDER_ID }],
  ['it is final without an order', { state: 'rejected', orderId: null }],
  ['it is final on a callback alone', { state: 'approved', orderId: ORDER_ID, confirmed: false }],
])('when %s the account is left behind', (_when, over) => {
  const current = makePayout(over);
  const { request, isAccountForgotten, carried } = carryOn(INPUT, { current, details: null });
  expect({ isAccountForgotten, carried }).toEqual({ isAccountForgotten: true, carried: current });
  expect(JSON.stringify(request)).not.toContain(ACCOUNT.slice(1, -1));
  expect(request.receiver).toEqual({});
});

describe('what the Receiver entered', () => {
  const asked: PayoutInput = { ...INPUT, request: COLLECTING };
  const details: ReceiverDetails = {
    destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
    receiver: { email: 'jose@example.com' },
  };
  const collecting = { untilMs: 2, gotAtMs: 1 };

  it.each<PayoutState>(['accepted', 'sending', 'unconfirmed', 'needs_review'])(
    'goes on with a payout in %s that may still be sent, and with every run after it',
    (state) => {
      const current = makePayout({ state, orderId: null, collecting });
      const next = carryOn(asked, { current, details });
      expect(next).toEqual({ ...asked, details, carried: current });
      expect(carryOn(next, { current, details: next.details ?? null })).toEqual(next);
    },
  );

  it.each<[string, Partial<Payout>]>([
    ['an order is known', { state: 'processing', orderId: ORDER_ID }],
    ['an order is known to a payout in review', { state: 'needs_review', orderId: ORDER_ID }],
    ['it is final', { state: 'declined', orderId: ORDER_ID }],
  ])('is left behind when %s, whether it came in this run or with it', (_when, over) => {
    const current = makePayout({ ...over, collecting });
    const { details: kept, ...next } = carryOn({ ...asked, details }, { current, details });
    expect(kept).toBeUndefined();
    expect(next.request.receiver).toEqual({});
    const text = JSON.stringify(next);
    for (const secret of [ACCOUNT.slice(1, -1), 'DE89370400440532013000', 'jose@example.com', 'José'])
      expect(text).not.toContain(secret);
  });

  it('is nothing while a payout still waits for it', () => {
    const current = makePayout({
      state: 'awaiting_details',
      destination: null,
      collecting: { untilMs: 2, gotAtMs: null },
    });
    expect(carryOn(asked, { current, details: null })).toEqual({ ...asked, carried: current });
  });
});

it('a run whose account was forgotten begins no send', () => {
  const forgotten = carryOn(INPUT, { current: makePayout({ state: 'processing', orderId: ORDER_ID }), details: null });
  const calls = createGatewayCalls(forgotten, {
    inbox: createInbox(),
    collected: { details: null, destinationHash: null },
    checks: createChecks(),
  });
  expect(() => calls.submit(makePayout())).toThrow('expected no send after the account was forgotten');
});

const closed = {
  ...makeFinal('approved'),
  eventClaim: { status: 'approved', subject: 'post_payout_event', orderId: ORDER_ID },
} as const;
const failure = async () => Promise.reject(new Error('refused'));

/** How often each was tried, when the one that runs refuses the signal and `starts` is what came of each start. */
async function handOver(starts: readonly (() => Promise<unknown>)[], signal: () => Promise<unknown>) {
  const start = jest.mocked(startChild).mockReset();
  for (const each of starts) start.mockImplementationOnce(each as never);
  const signalled = jest.fn(signal);
  jest.mocked(getExternalWorkflowHandle).mockReturnValue({ signal: signalled } as never);
  await handOverEvent(closed, {} as PayoutInput);
  return [start.mock.calls.length, signalled.mock.calls.length];
}

it.each([
  ['starts a workflow for it', [async () => null], failure, [1, 0]],
  ['signals the workflow that runs', [failure], async () => null, [1, 1]],
  ['starts one when the one that ran has just ended', [failure, async () => null], failure, [2, 1]],
  ['what fails does not fail the payout', [failure, failure], failure, [2, 1]],
])('an event after a payout: %s', async (_name, starts, signal, tried) => {
  expect(await handOver(starts, signal)).toEqual(tried);
});
