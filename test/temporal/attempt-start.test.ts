import type { Info } from '@temporalio/activity';
import type { NativeConnection } from '@temporalio/worker';
import { createFindStart } from '../../src/temporal/attempt-start';

const INFO = {
  activityId: '5',
  attempt: 1,
  workflowExecution: { workflowId: 'payout:PO-000001', runId: 'r1' },
} as Info;
const STARTED = { seconds: 1_732_276_800, nanos: 123_456_789 };

/** A server that describes one workflow with these pending activities. */
function findStartWith(pendingActivities: object[]) {
  const time = { seconds: 0, nanos: 0 };
  const describeWorkflowExecution = jest.fn(async () => ({
    workflowExecutionInfo: {
      execution: { workflowId: 'payout:PO-000001', runId: 'r1' },
      type: { name: 'payout' },
      status: 1,
      taskQueue: 'payouts',
      startTime: time,
      executionTime: time,
      historyLength: { toNumber: () => 1 },
    },
    executionConfig: {},
    pendingActivities,
  }));
  const connection = {
    workflowService: { describeWorkflowExecution },
    options: {},
    plugins: [],
  } as unknown as NativeConnection;
  return { findStart: createFindStart(connection, 'payouts'), describeWorkflowExecution };
}

it('is when the server recorded the start of this very attempt', async () => {
  const { findStart, describeWorkflowExecution } = findStartWith([
    { activityId: '4', attempt: 1, lastStartedTime: { seconds: 1, nanos: 0 } },
    { activityId: '5', attempt: 1, lastStartedTime: STARTED },
  ]);
  expect(await findStart(INFO)).toBe(1_732_276_800_123);
  expect(describeWorkflowExecution).toHaveBeenCalledTimes(1);
});

it.each([
  ['no activity is pending', []],
  ['another one is', [{ activityId: '4', attempt: 1, lastStartedTime: STARTED }]],
  ['a later attempt is', [{ activityId: '5', attempt: 2, lastStartedTime: STARTED }]],
  ['it has not started', [{ activityId: '5', attempt: 1, lastStartedTime: null }]],
])('is null when %s: nobody waits for this attempt', async (_name, pending) => {
  expect(await findStartWith(pending).findStart(INFO)).toBeNull();
});

it('is null outside of a workflow, without a question', async () => {
  const { findStart, describeWorkflowExecution } = findStartWith([]);
  expect(await findStart({ ...INFO, workflowExecution: undefined })).toBeNull();
  expect(describeWorkflowExecution).toHaveBeenCalledTimes(0);
});
