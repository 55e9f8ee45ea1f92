import { inspect } from 'node:util';
import { defaultPayloadConverter, type Payload, type SerializationContext } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import { createDataConverter, createDecoder, openDataConverter } from '../../src/temporal/data-converter';
import { makeFollowed, REQUEST } from '../domain/samples';
import { TEST_PAYLOAD_KEYS } from '../support/payload-keys-of-tests';

const OWNER = { namespace: 'payouts', workflowId: 'payout:PO-000001' };
const CONTEXT: SerializationContext = { type: 'workflow', ...OWNER };
const VALUES = [REQUEST, makeFollowed(), 'text', 7, null, [1, { a: null }]];

/** As the client and the worker write a value: the payload converter, then the codecs in order. */
async function encode(keys: typeof TEST_PAYLOAD_KEYS | null, values: readonly unknown[]): Promise<Payload[]> {
  let payloads = values.map((value) => defaultPayloadConverter.toPayload(value));
  for (const codec of createDataConverter(keys).payloadCodecs ?? []) payloads = await codec.encode(payloads, CONTEXT);
  return payloads;
}
const decoderOf = (keys: typeof TEST_PAYLOAD_KEYS | null, owner = OWNER) =>
  createDecoder(createDataConverter(keys), owner);
const encodingsOf = (payloads: readonly Payload[]) => [
  ...new Set(payloads.map(({ metadata }) => Buffer.from(metadata?.encoding ?? []).toString())),
];

it.each([
  ['with keys', TEST_PAYLOAD_KEYS, ['binary/encrypted']],
  ['without keys', null, ['json/plain']],
])('%s reads back what was written, in order', async (_how, keys, encodings) => {
  const payloads = await encode(keys, VALUES);
  expect(encodingsOf(payloads)).toEqual(encodings);
  expect(await decoderOf(keys)(payloads)).toEqual(VALUES);
});

it.each([[null], [undefined], [[]]])('%j is nothing', async (payloads) => {
  expect(await decoderOf(TEST_PAYLOAD_KEYS)(payloads)).toEqual([]);
});

it('reads nothing of another owner, and nothing in clear once there are keys', async () => {
  const sealed = await encode(TEST_PAYLOAD_KEYS, [REQUEST]);
  const other = { ...OWNER, workflowId: 'payout:PO-000002' };
  await expect(decoderOf(TEST_PAYLOAD_KEYS, other)(sealed)).rejects.toThrow('belongs to another workflow');
  await expect(decoderOf(TEST_PAYLOAD_KEYS)(await encode(null, [REQUEST]))).rejects.toThrow('is not encrypted');
});

it('says of a payload that is no JSON that it is none, and nothing of what is in it', async () => {
  const data = Buffer.from('MARKERname of a Receiver');
  const sealed = await createDataConverter(TEST_PAYLOAD_KEYS).payloadCodecs?.[0]?.encode(
    [{ metadata: { encoding: Buffer.from('json/plain') }, data }],
    CONTEXT,
  );
  const failure: unknown = await decoderOf(TEST_PAYLOAD_KEYS)(sealed).catch((error: unknown) => error);
  expect(failure).toEqual(new Error('expected a recorded payload that can be read'));
  expect(inspect(failure, { depth: null })).not.toContain('MARKER');
});

it('refuses a payload whose owner the SDK does not name', async () => {
  const [codec] = createDataConverter(TEST_PAYLOAD_KEYS).payloadCodecs ?? [];
  const sealed = await encode(TEST_PAYLOAD_KEYS, [REQUEST]);
  await expect(codec?.decode(sealed)).rejects.toThrow('a payload without an owner is not opened');
});

it.each([[TEST_PAYLOAD_KEYS], [null]])('the SDK finds the failure converter at its path', (keys) => {
  const { failureConverter } = loadDataConverter(createDataConverter(keys));
  expect(failureConverter.constructor.name).toBe('SealedFailureConverter');
});

describe('a process', () => {
  const open = (keys: typeof TEST_PAYLOAD_KEYS | null, isLoopback: boolean) => {
    const warn = jest.fn();
    const { payloadCodecs } = openDataConverter(keys, { isLoopback }, { warn });
    return { codecs: payloadCodecs?.length, warnings: warn.mock.calls };
  };

  it('with keys starts anywhere, silently', () => {
    for (const isLoopback of [true, false])
      expect(open(TEST_PAYLOAD_KEYS, isLoopback)).toEqual({ codecs: 1, warnings: [] });
  });

  it('without keys starts beside Temporal, loudly', () => {
    expect(open(null, true)).toEqual({ codecs: 0, warnings: [[expect.stringContaining('are NOT encrypted')]] });
  });

  it('without keys does not start where Temporal is on another machine', () => {
    expect(() => open(null, false)).toThrow('PAYLOAD_KEYS: is required: Temporal is on another machine');
  });
});
