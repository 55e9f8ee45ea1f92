import { type RealReply, toAnswer } from './replies';

/** Bytes to play instead of a real answer. */
export interface Mutation {
  readonly name: string;
  readonly bytes: Buffer;
}

const OTHER_BYTES = [0x00, 0x0a, 0x20, 0x25, 0x26, 0x2b, 0x3d, 0xff].map((byte) => () => byte);
const CHANGES: readonly ((byte: number) => number)[] = [(byte) => byte ^ 1, (byte) => byte ^ 0x20, ...OTHER_BYTES];
const INSERTIONS = ['&', '\n', '0', '%00', '"', ','].map((text) => Buffer.from(text));

const splice = (bytes: Buffer, at: number, removed: number, put: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + removed)]);

/** The answer up to a byte, as it looks when nothing but the end of the connection ends it. */
function* cutWithoutLength(bytes: Buffer): Generator<Mutation> {
  for (let at = 0; at < bytes.length; at += 1)
    yield { name: `no length, cut at ${at}`, bytes: toAnswer(bytes.subarray(0, at), undefined, ['Connection: close']) };
}

/**
 * Every byte cut, changed, inserted before and doubled, of the body under a length that fits it, and of the whole answer as it would
 * come over a bad line; and every part of the body doubled.
 */
export function* mutate({ body, format }: RealReply): Generator<Mutation> {
  const bytes = Buffer.from(body);
  for (const { name, bytes: changed } of mutateBytes(bytes)) yield { name: `body ${name}`, bytes: toAnswer(changed) };
  for (const { name, bytes: changed } of mutateBytes(toAnswer(body))) yield { name: `answer ${name}`, bytes: changed };
  yield* cutWithoutLength(bytes);
  const separator = format === 'form' ? '&' : ',';
  const parts = body.split(separator);
  for (const [index, part] of parts.entries()) {
    const doubled = [...parts.slice(0, index), part, ...parts.slice(index)].join(separator);
    yield { name: `part ${index} doubled`, bytes: toAnswer(doubled) };
    yield {
      name: `part ${index} left out`,
      bytes: toAnswer(parts.filter((_, other) => other !== index).join(separator)),
    };
  }
}

function* mutateBytes(bytes: Buffer): Generator<Mutation> {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    yield { name: `cut at ${at}`, bytes: bytes.subarray(0, at) };
    yield { name: `without byte ${at}`, bytes: splice(bytes, at, 1, Buffer.alloc(0)) };
    yield { name: `byte ${at} doubled`, bytes: splice(bytes, at, 0, Buffer.from([byte])) };
    for (const [nth, change] of CHANGES.entries())
      yield { name: `byte ${at} changed ${nth}`, bytes: splice(bytes, at, 1, Buffer.from([change(byte)])) };
    for (const [nth, put] of INSERTIONS.entries())
      yield { name: `byte ${at} insertion ${nth}`, bytes: splice(bytes, at, 0, put) };
  }
}
