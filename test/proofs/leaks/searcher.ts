import { listForms } from './forms';
import { LEAST_SOUGHT_LENGTH, type Marker } from './marker';

/** A marker as it was found in some bytes. */
export interface Finding {
  readonly marker: Marker;
  readonly form: string;
  readonly offset: number;
}

interface Pattern extends Omit<Finding, 'offset'> {
  /** In small letters. */
  readonly bytes: Buffer;
}

export interface Searcher {
  readonly patternCount: number;
  /** One pass; the case of ASCII letters does not matter. */
  search(bytes: Uint8Array): Finding[];
}

const FILTER_BITS = 22;
// Looked up once: the tests run where a look-up of a global costs more than all the rest of a step.
const { imul } = Math;
const FOLD = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

/**
 * Patterns are keyed by their first eight bytes; a filter in front of the keys keeps the pass cheap. @throws RangeError for a shorter text,
 * which would not be found
 */
export function createSearcher(markers: readonly Marker[]): Searcher {
  for (const { field, sought } of markers) {
    if (sought.some((text) => Buffer.byteLength(text) < LEAST_SOUGHT_LENGTH))
      throw new RangeError(`${field}: too short`);
  }
  const patterns = markers.flatMap((marker) =>
    marker.sought.flatMap((text) =>
      listForms(text, { isCut: text === marker.value }).map(
        ({ name, bytes }): Pattern => ({ marker, form: name, bytes: fold(bytes) }),
      ),
    ),
  );
  const filter = new Uint8Array(1 << FILTER_BITS);
  const byKey = new Map<number, Pattern[]>();
  for (const pattern of patterns) {
    const key = mix(pattern.bytes.readInt32BE(0), pattern.bytes.readInt32BE(4));
    filter[key >>> (32 - FILTER_BITS)] = 1;
    byKey.set(key, [...(byKey.get(key) ?? []), pattern]);
  }

  return {
    patternCount: patterns.length,
    search(bytes) {
      const haystack = fold(bytes);
      const findings: Finding[] = [];
      let far = 0;
      let near = 0;
      for (let index = 0; index < haystack.length; index += 1) {
        far = (far << 8) | (near >>> 24);
        near = (near << 8) | (haystack[index] ?? 0);
        const key = mix(far, near);
        if (filter[key >>> (32 - FILTER_BITS)] !== 1) continue;
        const offset = index + 1 - LEAST_SOUGHT_LENGTH;
        for (const pattern of byKey.get(key) ?? []) {
          if (offset < 0 || !isAt(haystack, pattern.bytes, offset)) continue;
          findings.push({ marker: pattern.marker, form: pattern.form, offset });
        }
      }
      return findings;
    },
  };
}

function isAt(haystack: Buffer, bytes: Buffer, offset: number): boolean {
  return haystack.subarray(offset, offset + bytes.length).equals(bytes);
}

function mix(far: number, near: number): number {
  const mixed = imul(far ^ (far >>> 15), 0x2c1b3c6d) ^ imul(near ^ (near >>> 13), 0x297a2d39);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function fold(bytes: Uint8Array): Buffer {
  const folded = Buffer.allocUnsafe(bytes.length);
  for (let index = 0; index < bytes.length; index += 1) folded[index] = FOLD[bytes[index] ?? 0] ?? 0;
  return folded;
}
