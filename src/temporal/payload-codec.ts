import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import { PayloadRefused } from './failure-converter';
import { pack, readPayload, unpack, writePayload } from './payload-bytes';
import { isPayloadKeyId, type PayloadKeys } from './payload-keys';

/** Names and values in an encrypted payload's metadata, which is not encrypted. */
const ENCODING = 'encoding';
export const SEALED_ENCODING = 'binary/encrypted';
const KEY_ID = 'key';
const OWNER = 'owner';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** First in what is authenticated beside the payload: another layout gets another label, and neither can be read as the other. */
const LABEL = 'payout-payload-1';

/**
 * Seals payloads with AES-256-GCM to the workflow they belong to. Sealed is the whole payload with its metadata, packed; data is the 96-bit IV,
 * the ciphertext and the 128-bit tag. Authenticated beside it are a label, the key's id and the owner.
 *
 * With a context `decode` takes only what was sealed to this very owner; without one, which is for a codec server, it takes any owner
 * whose name is authentic. It never takes what is not sealed.
 *
 * @throws PayloadRefused from `decode`, with constant words: neither errors nor logs of it hold anything of a payload
 */
export function createPayloadCodec(keys: PayloadKeys): PayloadCodec {
  const active = keys.byId.get(keys.activeId);
  if (active === undefined) throw new Error('expected the active payload key among the keys');
  return {
    async encode(payloads, context) {
      if (payloads.length === 0) return [];
      const owner = ownerOf(context);
      // Not a refusal: that word means that nothing was begun, and what is sealed may tell of something done.
      if (owner === null) throw new Error('expected an owner to seal a payload to');
      return payloads.map((payload) => seal(payload, { key: active, keyId: keys.activeId, owner }));
    },
    async decode(payloads, context) {
      const owner = ownerOf(context);
      if (context !== undefined && owner === null && payloads.length > 0) {
        throw new PayloadRefused('a payload without an owner is not opened');
      }
      return payloads.map((payload) => open(payload, { keys, owner }));
    },
  };
}

/** The owner of a payload, as it is authenticated; null if none is named. An activity's payloads belong to its workflow. */
function ownerOf(context: SerializationContext | undefined): Buffer | null {
  if (!context?.namespace || !context.workflowId) return null;
  return Buffer.from(JSON.stringify([context.namespace, context.workflowId]));
}

/** Who a sealed payload says it belongs to: a claim until it was opened. Null when it names no owner. */
export function readOwner(payload: Payload): { readonly namespace: string; readonly workflowId: string } | null {
  const [namespace, workflowId, ...rest]: unknown[] = JSON.parse(bytesOf(payload, OWNER).toString());
  if (typeof namespace !== 'string' || typeof workflowId !== 'string' || rest.length > 0) return null;
  return { namespace, workflowId };
}

/** A key id contains no NUL, so the parts are unambiguous. */
function authenticated(keyId: string, owner: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${LABEL}\0${keyId}\0`), owner]);
}

function seal(payload: Payload, { key, keyId, owner }: { key: KeyObject; keyId: string; owner: Buffer }): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(authenticated(keyId, owner));
  const data = Buffer.concat([iv, cipher.update(pack(writePayload(payload))), cipher.final(), cipher.getAuthTag()]);
  return {
    metadata: {
      [ENCODING]: Buffer.from(SEALED_ENCODING),
      [KEY_ID]: Buffer.from(keyId),
      [OWNER]: owner,
    },
    data,
  };
}

function open(payload: Payload, { keys, owner }: { keys: PayloadKeys; owner: Buffer | null }): Payload {
  if (bytesOf(payload, ENCODING).toString() !== SEALED_ENCODING) throw new PayloadRefused('a payload is not encrypted');
  const keyId = bytesOf(payload, KEY_ID).toString();
  const sealedTo = bytesOf(payload, OWNER);
  if (!isPayloadKeyId(keyId)) throw new PayloadRefused('an encrypted payload names no key');
  const key = keys.byId.get(keyId);
  if (key === undefined) throw new PayloadRefused(`the payload key ${keyId} is not among the keys`);
  if (owner !== null && !sealedTo.equals(owner)) throw new PayloadRefused('a payload belongs to another workflow');
  try {
    const sealed = Buffer.from(payload.data ?? []);
    const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(authenticated(keyId, sealedTo));
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const bytes = decipher.update(sealed.subarray(IV_BYTES, sealed.length - TAG_BYTES));
    return readPayload(unpack(Buffer.concat([bytes, decipher.final()])));
  } catch {
    throw new PayloadRefused('an encrypted payload is damaged, or its key has another value');
  }
}

function bytesOf(payload: Payload, name: string): Buffer {
  return Buffer.from(payload.metadata?.[name] ?? []);
}

/** What a codec server opens payloads with, and for whom; null when there is to be none: it is off unless both settings are there. */
export function openCodecServer(
  config: { readonly payloadKeys: PayloadKeys | null; readonly codecOrigin: string | null },
  namespace: string,
): { codec: PayloadCodec; origin: string; namespace: string } | null {
  const { payloadKeys, codecOrigin } = config;
  if (payloadKeys === null || codecOrigin === null) return null;
  return { codec: createPayloadCodec(payloadKeys), origin: codecOrigin, namespace };
}
