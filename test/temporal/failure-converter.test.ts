import {
  ApplicationFailure,
  ApplicationFailureCategory,
  CancelledFailure,
  defaultPayloadConverter,
  type SerializationContext,
} from '@temporalio/common';
import { decodeFailure, encodeFailure } from '@temporalio/common/lib/internal-non-workflow';
import { createDataConverter } from '../../src/temporal/data-converter';
import { failureConverter, PayloadRefused } from '../../src/temporal/failure-converter';
import { TEST_PAYLOAD_KEYS } from '../support/payload-keys-of-tests';

const CONTEXT: SerializationContext = { type: 'workflow', namespace: 'payouts', workflowId: 'payout:PO-000001' };
const codecs = createDataConverter(TEST_PAYLOAD_KEYS).payloadCodecs ?? [];
const toFailure = (error: unknown, context?: SerializationContext) =>
  failureConverter.errorToFailure(error, defaultPayloadConverter, context);

/** A failure as Temporal stores it, and as its reader has it. */
async function cross(error: unknown) {
  const stored = await encodeFailure(codecs, toFailure(error, CONTEXT), CONTEXT);
  const opened = await decodeFailure(codecs, stored, CONTEXT);
  return { stored, error: failureConverter.failureToError(opened, defaultPayloadConverter, CONTEXT) };
}

it('messages, stacks and details of a failure and of its causes are sealed, and read back', async () => {
  const cause = new Error('MARKER in the cause');
  const error = ApplicationFailure.create({ message: 'MARKER', type: 'Known', details: ['MARKER'], cause });
  const crossed = await cross(error);
  const text = JSON.stringify(crossed.stored, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
  );
  expect(text).not.toContain('MARKER');
  expect(text).not.toContain('failure-converter.test');
  expect([crossed.stored.message, crossed.stored.cause?.message]).toEqual(['Encoded failure', 'Encoded failure']);
  expect(crossed.error).toMatchObject({ message: 'MARKER', type: 'Known', details: ['MARKER'] });
  expect(crossed.error.stack).toContain('failure-converter.test');
  expect(crossed.error.cause).toMatchObject({ message: 'MARKER in the cause' });
});

it('what the server and the workflows go by stays in clear', async () => {
  const { stored } = await cross(
    ApplicationFailure.create({
      ...{ message: 'not final yet', type: 'NotFinalYet', nextRetryDelay: 4_000, nonRetryable: true },
      category: ApplicationFailureCategory.BENIGN,
    }),
  );
  expect(stored.applicationFailureInfo).toMatchObject({ type: 'NotFinalYet', nonRetryable: true, category: 1 });
  expect(Number(stored.applicationFailureInfo?.nextRetryDelay?.seconds)).toBe(4);
  expect((await cross(new CancelledFailure('gone'))).error).toBeInstanceOf(CancelledFailure);
});

it('a refused payload is reported unencrypted, also as the failure of an activity', async () => {
  const refused = new PayloadRefused('the payload key k1 is not among the keys');
  const wrapped = ApplicationFailure.fromError(refused, { message: `Failed to parse: ${refused.message}` });
  const { stored, error } = await cross(wrapped);
  expect(stored).toMatchObject({ message: wrapped.message, applicationFailureInfo: { type: 'PayloadRefused' } });
  expect(stored.encodedAttributes).toBeUndefined();
  expect(error).toMatchObject({ type: 'PayloadRefused', nonRetryable: false });
});

describe('the failure of a task, which has no owner', () => {
  it('says why a payload was refused, in the clear words of the refusal', () => {
    expect(toFailure(new PayloadRefused('the payload key k1 is not among the keys'))).toEqual({
      source: 'TypeScriptSDK',
      message: 'the payload key k1 is not among the keys',
      applicationFailureInfo: { type: 'PayloadRefused' },
    });
  });

  it.each([[new Error('MARKER')], [ApplicationFailure.create({ message: 'MARKER', details: ['MARKER'] })], ['MARKER']])(
    'says nothing of any other error',
    async (error) => {
      const failure = toFailure(error);
      expect(failure).toEqual({
        source: 'TypeScriptSDK',
        message: 'a task could not be processed; the log of the worker says why',
        applicationFailureInfo: { type: 'TaskFailed' },
      });
      // Nothing is left to seal: the codec, which would end the worker here, is not asked.
      await expect(encodeFailure(codecs, failure)).resolves.toMatchObject({ message: failure.message });
    },
  );
});
