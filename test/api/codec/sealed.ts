import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import type { WirePayload } from '../../../src/api/codec/decode-page';
import { createPayloadCodec } from '../../../src/temporal/payload-codec';
import { readPayloadKeys } from '../../../src/temporal/payload-keys';

const keyNamed = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64')}`;

export const NAMESPACE = 'payouts';
export const CODEC = createPayloadCodec(readPayloadKeys(keyNamed('k1', 1)));
export const OTHER_CODEC = createPayloadCodec(readPayloadKeys(keyNamed('k2', 2)));

export function toWirePayload({ metadata, data }: Payload): WirePayload {
  const texts = Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  return { metadata: Object.fromEntries(texts), data: Buffer.from(data ?? []).toString('base64') };
}

/** A value as Temporal's interface sends it: sealed to a workflow. */
export async function sealValue(
  value: unknown,
  { codec = CODEC, namespace = NAMESPACE, workflowId = 'payout:PO-000001' } = {},
): Promise<WirePayload> {
  const payload = defaultPayloadConverter.toPayload(value);
  const [sealed] = await codec.encode([payload], { type: 'workflow', namespace, workflowId });
  if (sealed === undefined) throw new Error('nothing was sealed');
  return toWirePayload(sealed);
}

export function readValue({ data }: WirePayload): unknown {
  return JSON.parse(Buffer.from(data ?? '', 'base64').toString());
}
