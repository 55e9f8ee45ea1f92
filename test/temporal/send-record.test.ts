import type { Info } from '@temporalio/activity';
import type { NativeConnection } from '@temporalio/worker';
import { createDataConverter, createDecoder } from '../../src/temporal/data-converter';
import { createRecordSend } from '../../src/temporal/send-record';
import { TEST_PAYLOAD_KEYS } from '../payload-keys-of-tests';

const OWNER = { namespace: 'payouts', workflowId: 'payout:PO-000001' };
const TOKEN = new Uint8Array([1, 2, 3]);
const INFO = { taskToken: TOKEN, workflowExecution: { workflowId: OWNER.workflowId, runId: 'r1' } } as Info;

function setUp(heartbeat: () => Promise<object> = async () => ({})) {
  const recordActivityTaskHeartbeat = jest.fn(heartbeat);
  const dataConverter = createDataConverter(TEST_PAYLOAD_KEYS);
  const connection = { workflowService: { recordActivityTaskHeartbeat } } as unknown as NativeConnection;
  const recordSend = createRecordSend(connection, { namespace: OWNER.namespace, dataConverter });
  return { recordSend, recordActivityTaskHeartbeat, decode: createDecoder(dataConverter, OWNER) };
}
const failing = (code: number) => async () => Promise.reject(Object.assign(new Error('no'), { code }));

it('is the heartbeat of this very attempt, sealed to its payout, and never empty', async () => {
  const { recordSend, recordActivityTaskHeartbeat, decode } = setUp();
  await recordSend(INFO);
  expect(recordActivityTaskHeartbeat).toHaveBeenCalledTimes(1);
  const [request] = recordActivityTaskHeartbeat.mock.calls[0] as unknown as [
    { namespace: string; taskToken: Uint8Array; details: { payloads: Parameters<typeof decode>[0] } },
  ];
  expect(request).toMatchObject({ namespace: 'payouts', taskToken: TOKEN });
  expect(await decode(request.details.payloads)).toEqual(['about to send']);
});

it.each([4, 5, 14])('gRPC status %i is no record, and is thrown', async (code) => {
  await expect(setUp(failing(code)).recordSend(INFO)).rejects.toMatchObject({ code });
});

it('an activity without a workflow is not recorded', async () => {
  const { recordSend, recordActivityTaskHeartbeat } = setUp();
  await expect(recordSend({ ...INFO, workflowExecution: undefined })).rejects.toThrow('an activity of a workflow');
  expect(recordActivityTaskHeartbeat).toHaveBeenCalledTimes(0);
});
