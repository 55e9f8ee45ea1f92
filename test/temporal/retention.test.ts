import type { Connection } from '@temporalio/client';
import { findRetentionProblem } from '../../src/temporal/retention';

const DAY_SECONDS = 86_400;

function setUp(seconds: number | null) {
  const describeNamespace = jest.fn(async () => ({
    config: seconds === null ? null : { workflowExecutionRetentionTtl: { seconds } },
  }));
  const withDeadline = async (_limit: number, run: () => Promise<unknown>) => await run();
  const connection = { withDeadline, workflowService: { describeNamespace } } as unknown as Connection;
  return { connection, describeNamespace };
}
const address = (isLoopback: boolean) => ({ connectionOptions: { address: 'x:1' }, namespace: 'payouts', isLoopback });

it.each([14 * DAY_SECONDS, 90 * DAY_SECONDS])('%i seconds are long enough', async (seconds) => {
  const { connection, describeNamespace } = setUp(seconds);
  expect(await findRetentionProblem(connection, address(false))).toBeNull();
  expect(describeNamespace.mock.calls).toEqual([[{ namespace: 'payouts' }]]);
});

it.each([
  [14 * DAY_SECONDS - DAY_SECONDS, '13 days'],
  [DAY_SECONDS, '1 days'],
  [null, '0 days'],
])('%s seconds forget payouts too soon: the remedy is said', async (seconds, days) => {
  expect(await findRetentionProblem(setUp(seconds).connection, address(false))).toBe(
    `namespace payouts keeps closed workflows for ${days}; payouts need at least 14, better 90: temporal operator namespace update --retention 90d payouts`,
  );
});

it('a development server on this machine may forget sooner', async () => {
  expect(await findRetentionProblem(setUp(DAY_SECONDS).connection, address(true))).toBeNull();
});

it('a server that cannot be reached is no answer', async () => {
  const { connection, describeNamespace } = setUp(null);
  describeNamespace.mockRejectedValue(new Error('unavailable'));
  await expect(findRetentionProblem(connection, address(false))).rejects.toThrow('unavailable');
});
