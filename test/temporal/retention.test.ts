import type { NativeConnection } from '@temporalio/worker';
import { assertRetention } from '../../src/temporal/retention';

const DAY_SECONDS = 86_400;

function setUp(seconds: number | null) {
  const describeNamespace = jest.fn(async () => ({
    config: seconds === null ? null : { workflowExecutionRetentionTtl: { seconds } },
  }));
  return { connection: { workflowService: { describeNamespace } } as unknown as NativeConnection, describeNamespace };
}
const address = (isLoopback: boolean) => ({ connectionOptions: {}, namespace: 'payouts', isLoopback });

it.each([14 * DAY_SECONDS, 90 * DAY_SECONDS])('%i seconds are long enough', async (seconds) => {
  const { connection, describeNamespace } = setUp(seconds);
  await expect(assertRetention(connection, address(false))).resolves.toBeUndefined();
  expect(describeNamespace).toHaveBeenCalledTimes(1);
  expect(describeNamespace).toHaveBeenCalledWith({ namespace: 'payouts' });
});

it.each([
  [14 * DAY_SECONDS - DAY_SECONDS, '13 days'],
  [DAY_SECONDS, '1 days'],
  [null, '0 days'],
])('%s seconds forget payouts too soon: the remedy is said', async (seconds, days) => {
  await expect(assertRetention(setUp(seconds).connection, address(false))).rejects.toThrow(
    `namespace payouts keeps closed workflows for ${days}; payouts need at least 14, better 90: temporal operator namespace update --retention 90d payouts`,
  );
});

it('a development server on this machine is not asked', async () => {
  const { connection, describeNamespace } = setUp(DAY_SECONDS);
  await expect(assertRetention(connection, address(true))).resolves.toBeUndefined();
  expect(describeNamespace).toHaveBeenCalledTimes(0);
});
