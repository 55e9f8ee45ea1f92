import { defaultPayloadConverter } from '@temporalio/common';
import { dataConverter, decodePayloads } from '../../src/temporal/data-converter';
import { makeFollowed, REQUEST } from '../domain/samples';

/** As the client and the worker write a value: the payload converter, then the codecs in order. */
async function encode(...values: unknown[]) {
  let payloads = values.map((value) => defaultPayloadConverter.toPayload(value));
  for (const codec of dataConverter.payloadCodecs ?? []) payloads = await codec.encode(payloads);
  return payloads;
}

it('reads back what was written, in order', async () => {
  const values = [REQUEST, makeFollowed(), 'text', 7, null, [1, { a: null }]];
  expect(await decodePayloads(await encode(...values))).toEqual(values);
});

it.each([[null], [undefined], [[]]])('%j is nothing', async (payloads) => {
  expect(await decodePayloads(payloads)).toEqual([]);
});
