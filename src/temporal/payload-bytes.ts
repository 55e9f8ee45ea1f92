import type { Payload } from '@temporalio/common';

/**
 * A Payload as its protobuf message (`temporal.api.common.v1.Payload`: `map<string, bytes> metadata = 1; bytes data = 2`), so that any
 * other SDK or tool can read what was inside. Written out here because the package that holds Temporal's own messages is not ours to import.
 */
const METADATA_TAG = 0x0a;
const DATA_TAG = 0x12;

function lengthBytes(length: number): number[] {
  const bytes: number[] = [];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function field(tag: number, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(value.length)]), value]);
}

/** @throws Error for a payload stored outside of Temporal, of which only a reference would be sealed */
export function writePayload({ metadata, data, externalPayloads }: Payload): Buffer {
  if (externalPayloads?.length) throw new Error('expected a payload that is not stored elsewhere');
  const entries = Object.entries(metadata ?? {}).map(([name, value]) =>
    field(METADATA_TAG, Buffer.concat([field(0x0a, Buffer.from(name)), field(0x12, value)])),
  );
  return Buffer.concat(data?.length ? [...entries, field(DATA_TAG, data)] : entries);
}

/** The fields of a message that holds nothing but length-delimited ones, in order. */
function readFields(bytes: Buffer): { tag: number; value: Buffer }[] {
  const fields: { tag: number; value: Buffer }[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes.readUInt8(at);
    at += 1;
    let length = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes.readUInt8(at);
      at += 1;
      length += (byte % 128) * scale;
      if (byte < 128) break;
    }
    if (at + length > bytes.length) throw new RangeError('expected a whole field');
    fields.push({ tag, value: bytes.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

/** @throws Error when these are not the bytes of a payload of ours */
export function readPayload(bytes: Buffer): Payload {
  const metadata: [string, Uint8Array][] = [];
  let data: Uint8Array = new Uint8Array();
  for (const { tag, value } of readFields(bytes)) {
    if (tag === DATA_TAG) data = new Uint8Array(value);
    else if (tag === METADATA_TAG) metadata.push(readEntry(value));
    else throw new Error('expected the fields of a payload');
  }
  return { metadata: Object.fromEntries(metadata), data };
}

function readEntry(bytes: Buffer): [string, Uint8Array] {
  const fields = readFields(bytes);
  const of = (tag: number) => fields.find((candidate) => candidate.tag === tag)?.value ?? Buffer.alloc(0);
  return [of(0x0a).toString(), new Uint8Array(of(0x12))];
}
