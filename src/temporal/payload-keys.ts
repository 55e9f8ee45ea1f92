import { createSecretKey, type KeyObject } from 'node:crypto';

/** The keys payloads are sealed with. A KeyObject, unlike its bytes, shows itself to no log and no error. */
export interface PayloadKeys {
  /** What is written is sealed with this one. */
  readonly activeId: string;
  /** What is read may be sealed with any of these; the active one is among them. */
  readonly byId: ReadonlyMap<string, KeyObject>;
}

const KEY_BYTES = 32;
const ID = /^[A-Za-z0-9._-]{1,32}$/;

/** True for what may name a key; what came over the wire and is no such name is never repeated. */
export function isPayloadKeyId(text: string): boolean {
  return ID.test(text);
}

/**
 * Reads `<id>:<base64 of 32 bytes>`, an entry a line or separated by commas; the first is active.
 * @throws Error that says what was expected of which entry, and repeats nothing of it
 */
export function readPayloadKeys(text: string): PayloadKeys {
  const entries = text
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const byId = new Map<string, KeyObject>();
  for (const [index, entry] of entries.entries()) {
    const at = `entry ${index + 1}`;
    const [id = '', base64 = '', ...rest] = entry.split(':');
    if (base64 === '' || rest.length > 0) throw new Error(`expected <id>:<base64 of 32 bytes> in ${at}`);
    if (!isPayloadKeyId(id)) throw new Error(`expected an id of 1 to 32 letters, digits, ".", "_" or "-" in ${at}`);
    const bytes = Buffer.from(base64, 'base64');
    // Buffer skips what is no base64: only the way back shows that nothing was skipped.
    if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== base64) {
      throw new Error(`expected ${KEY_BYTES} bytes in base64 in ${at}`);
    }
    if (byId.has(id)) throw new Error(`expected an id of its own in ${at}`);
    byId.set(id, createSecretKey(bytes));
    bytes.fill(0);
  }
  const [activeId] = byId.keys();
  if (activeId === undefined) throw new Error('expected at least one entry <id>:<base64 of 32 bytes>');
  return { activeId, byId };
}
