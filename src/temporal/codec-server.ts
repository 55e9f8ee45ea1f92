import type { PayloadCodec } from '@temporalio/common';
import { createPayloadCodec } from './payload-codec';
import type { PayloadKeys } from './payload-keys';

/** What a codec server opens payloads with, and for whom; null when there is to be none: it is off unless both settings are there. */
export function openCodecServer(
  config: { readonly payloadKeys: PayloadKeys | null; readonly codecOrigin: string | null },
  namespace: string,
): { codec: PayloadCodec; origin: string; namespace: string } | null {
  const { payloadKeys, codecOrigin } = config;
  if (payloadKeys === null || codecOrigin === null) return null;
  return { codec: createPayloadCodec(payloadKeys), origin: codecOrigin, namespace };
}
