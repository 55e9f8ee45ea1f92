import { getExternalWorkflowHandle, startChild } from '@temporalio/workflow';
import { handOverEvent } from '../../src/workflows/hand-over';
import type { PayoutInput } from '../../src/workflows/messages';
import { makeFinal, ORDER_ID } from '../domain/samples';

jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  startChild: jest.fn(),
  getExternalWorkflowHandle: jest.fn(),
  log: { error: jest.fn() },
}));

const current = {
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
  await handOverEvent(current, {} as PayoutInput);
  return [start.mock.calls.length, signalled.mock.calls.length];
}

it.each([
  ['starts a workflow for the claim', [async () => null], failure, [1, 0]],
  ['signals the one that runs', [failure], async () => null, [1, 1]],
  ['starts one when the one that ran has just ended', [failure, async () => null], failure, [2, 1]],
  ['never fails the payout', [failure, failure], failure, [2, 1]],
])('%s', async (_name, starts, signal, tried) => {
  expect(await handOver(starts, signal)).toEqual(tried);
});
