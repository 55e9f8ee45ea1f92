/** Text that is no form of the wire: no pair at all, or too many. Carries no part of the text. */
export class FormError extends RangeError {
  override readonly name = 'FormError';
  constructor() {
    super('the text is not a well-formed form');
  }
}

/** RFC 3986 percent-encoding of UTF-8: everything but `A-Z a-z 0-9 - . _ ~` becomes `%XX`, upper-case. @throws FormError on lone surrogates. */
export function percentEncode(text: string): string {
  try {
    return encodeURIComponent(text).replaceAll(
      /[!'()*]/g,
      (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch {
    throw new FormError();
  }
}

/** Writes a request body; spaces become `%20`, which every form reader takes. @throws FormError on lone surrogates. */
export function encodeForm(fields: Iterable<readonly [string, string]>): string {
  return [...fields].map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
}

/**
 * Decodes a part of a form that is given as one character per byte, so that one bad value leaves the others readable; null unless it
 * is percent-encoded UTF-8. `plus` is what a plus sign means.
 */
export function decodeBytes(bytes: string, plus: ' ' | '+' = ' '): string | null {
  if (/%(?![0-9a-f]{2})/i.test(bytes)) return null;
  const decoded = bytes
    .replaceAll('+', plus)
    .replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(decoded, 'latin1'));
  } catch {
    return null;
  }
}

/** Names and values in order, repeats kept. A value is null where it cannot be decoded; a pair without such a name is left out. */
export type Pairs = readonly (readonly [string, string | null])[];

/**
 * Reads `name=value&…`. Empty segments are skipped; a segment without `=` is a name with an empty value.
 * @throws FormError on more than `maxPairs` pairs.
 */
export function decodePairs(text: string, maxPairs: number): Pairs {
  const segments = Buffer.from(text)
    .toString('latin1')
    .split('&')
    .filter((segment) => segment !== '');
  if (segments.length > maxPairs) throw new FormError();
  return segments.flatMap((segment) => {
    const [rawName, rawValue] = splitPair(segment);
    const name = decodeBytes(rawName);
    return name === null ? [] : [[name, decodeBytes(rawValue)] as const];
  });
}

export function splitPair(segment: string): readonly [string, string] {
  const at = segment.indexOf('=');
  return at === -1 ? [segment, ''] : [segment.slice(0, at), segment.slice(at + 1)];
}
