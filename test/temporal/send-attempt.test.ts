import type { Info } from '@temporalio/activity';
import type { NativeConnection } from '@temporalio/worker';
import { createDataConverter, createDecoder } from '../../src/temporal/data-converter';
import { createFindStart, createRecordSend } from '../../src/temporal/send-attempt';
import { TEST_PAYLOAD_KEYS } from '../support/payload-keys-of-tests';

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
  return { findStart: createFindStart(connection, { namespace: 'payouts' }), describeWorkflowExecution };
}

describe('the start of an attempt', () => {
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
});

describe('the record of a send', () => {
  const OWNER = { namespace: 'payouts', workflowId: 'payout:PO-000001' };
  const TOKEN = new Uint8Array([1, 2, 3]);
  const TOKEN_INFO = { taskToken: TOKEN, workflowExecution: { workflowId: OWNER.workflowId, runId: 'r1' } } as Info;

  function setUpRecord(heartbeat: () => Promise<object> = async () => ({})) {
    const recordActivityTaskHeartbeat = jest.fn(heartbeat);
    const dataConverter = createDataConverter(TEST_PAYLOAD_KEYS);
    const connection = { workflowService: { recordActivityTaskHeartbeat } } as unknown as NativeConnection;
    const recordSend = createRecordSend(connection, { namespace: OWNER.namespace, dataConverter });
    return { recordSend, recordActivityTaskHeartbeat, decode: createDecoder(dataConverter, OWNER) };
  }
  const failing = (code: number) => async () => Promise.reject(Object.assign(new Error('no'), { code }));

  it('is the heartbeat of this very attempt, sealed to its payout, and never empty', async () => {
    const { recordSend, recordActivityTaskHeartbeat, decode } = setUpRecord();
    await recordSend(TOKEN_INFO);
    expect(recordActivityTaskHeartbeat).toHaveBeenCalledTimes(1);
    const [request] = recordActivityTaskHeartbeat.mock.calls[0] as unknown as [
      { namespace: string; taskToken: Uint8Array; details: { payloads: Parameters<typeof decode>[0] } },
    ];
    expect(request).toMatchObject({ namespace: 'payouts', taskToken: TOKEN });
    expect(await decode(request.details.payloads)).toEqual(['about to send']);
  });

  it.each([4, 5, 14])('gRPC status %i is no record, and is thrown', async (code) => {
    await expect(setUpRecord(failing(code)).recordSend(TOKEN_INFO)).rejects.toMatchObject({ code });
  });

  it.each(['cancelRequested', 'activityPaused', 'activityReset'])('a reply that says %s is no record', async (flag) => {
    const { recordSend, recordActivityTaskHeartbeat } = setUpRecord(async () => ({ [flag]: true }));
    await expect(recordSend(TOKEN_INFO)).rejects.toThrow('told to stop');
    expect(recordActivityTaskHeartbeat).toHaveBeenCalledTimes(1);
  });

  it('an activity without a workflow is not recorded', async () => {
    const { recordSend, recordActivityTaskHeartbeat } = setUpRecord();
    await expect(recordSend({ ...TOKEN_INFO, workflowExecution: undefined })).rejects.toThrow(
      'an activity of a workflow',
    );
    expect(recordActivityTaskHeartbeat).toHaveBeenCalledTimes(0);
  });
});
