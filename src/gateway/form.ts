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
 * is percent-encoded UTF-8. `plus` is what a plus sign stands for.
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

function splitPair(segment: string): readonly [string, string] {
  const at = segment.indexOf('=');
  return at === -1 ? [segment, ''] : [segment.slice(0, at), segment.slice(at + 1)];
}

/** A reply of the gateway's form, split and not yet decoded. */
export interface ReplyForm {
  /** What stands for each name, one character per byte; several when the name repeats; null where a value may have been cut. */
  readonly values: ReadonlyMap<string, readonly (string | null)[]>;
  /** True when values end in a line end, as documented: only there is an `&` after it a separator. */
  readonly isLined: boolean;
  /** The name of the field that the text ends within; null when it ends where a field ends. */
  readonly cutField: string | null;
}

const MAX_REPLY_FIELDS = 1024;

/**
 * Splits a reply in the gateway's form: every value ends with a line feed, so that the separator looks like LF `&`. Any other `&`
 * belongs to its value, and a last value without its line feed was cut. A reply without such a separator is split at each `&`; there, a
 * part without `=` says that the value before it was cut by a bare `&`.
 * @throws FormError on an empty text, a page, and too many fields.
 */
export function splitReply(body: Uint8Array): ReplyForm {
  const text = Buffer.from(body)
    .toString('latin1')
    .replace(/^[\r\n]+/, '');
  if (text === '' || text.startsWith('<')) throw new FormError();
  const isLined = /[\r\n]&/.test(text);
  const segments = text.split(isLined ? /(?<=[\r\n])&/ : '&');
  if (segments.length > MAX_REPLY_FIELDS) throw new FormError();
  const values = new Map<string, (string | null)[]>();
  let cutField: string | null = null;
  for (const [index, segment] of segments.entries()) {
    const [rawName, rawValue] = splitPair(segment);
    const name = decodeBytes(trimLineEnds(rawName.replace(/^[\r\n]+/, ''))) ?? '';
    if (isLined && index === segments.length - 1 && !/[\r\n]$/.test(segment)) cutField = name;
    const isCut = cutField !== null || (!isLined && segments[index + 1]?.includes('=') === false);
    values.set(name, [...(values.get(name) ?? []), isCut ? null : trimLineEnds(rawValue)]);
  }
  return { values, isLined, cutField };
}

/** Drops LF and CR at the end. Linear on purpose: a regular expression anchored there is quadratic on a body of line feeds. */
export function trimLineEnds(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
  return text.slice(0, end);
}
