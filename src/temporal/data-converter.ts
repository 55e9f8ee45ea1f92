import { type DataConverter, defaultPayloadConverter, type Payload } from '@temporalio/common';

/** How values cross Temporal, the same for the worker, the API and replay. */
export const dataConverter: DataConverter = {};

/** Reads recorded payloads back, through the same codecs in reverse. */
export async function decodePayloads(payloads: readonly Payload[] | null | undefined): Promise<unknown[]> {
  let plain = [...(payloads ?? [])];
  for (const codec of [...(dataConverter.payloadCodecs ?? [])].reverse()) plain = await codec.decode(plain);
  return plain.map((payload) => defaultPayloadConverter.fromPayload(payload));
}
