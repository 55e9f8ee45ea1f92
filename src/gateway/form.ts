/** Text that is no form of the wire: bad percent-encoding or UTF-8, a repeated name, too many pairs. Carries no part of the text. */
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

function percentDecode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new FormError();
  }
}

/**
 * Reads `name=value&…` strictly, in order, repeats kept. Empty segments are skipped; a segment without `=` is a name with an empty value.
 * @throws FormError on bad percent-encoding or UTF-8, on `__proto__`, and on more than `maxPairs` pairs.
 */
export function decodePairs(text: string, maxPairs: number): readonly (readonly [string, string])[] {
  const segments = text.split('&').filter((segment) => segment !== '');
  if (segments.length > maxPairs) throw new FormError();
  return segments.map((segment) => {
    const at = segment.indexOf('=');
    const name = percentDecode(at === -1 ? segment : segment.slice(0, at));
    if (name === '__proto__') throw new FormError();
    return [name, at === -1 ? '' : percentDecode(segment.slice(at + 1))] as const;
  });
}

/** A decoded reply: its fields, and the names of those whose value seems cut short. */
export interface DecodedForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly openFields: ReadonlySet<string>;
}

const REPLY_NAME_PATTERN = /^[\w.:[\]-]+$/;
const MAX_REPLY_FIELDS = 1024;

/**
 * Decodes a reply in the gateway's form: every value ends with a line feed, so the separator looks like LF `&`. Split on `&`, then on
 * the first `=`, decode, then trim trailing LF and CR only (a value may hold encoded line ends). A missing line feed is tolerated, but
 * `openFields` tells which values lack it while others have it: a body cut short, or a value cut by a stray `&`, looks like that.
 * @throws FormError for anything else, HTML, empty text, a BOM and repeated names included; never another error.
 */
export function decodeReplyForm(text: string): DecodedForm {
  const fields = new Map<string, string>();
  const open = new Set<string>();
  for (const [rawName, rawValue] of decodePairs(text.replace(/^[\r\n]+/, ''), MAX_REPLY_FIELDS)) {
    const name = trimLineEnds(rawName.replace(/^[\r\n]+/, ''));
    if (name === '__proto__' || !REPLY_NAME_PATTERN.test(name) || fields.has(name)) throw new FormError();
    const value = trimLineEnds(rawValue);
    if (value === rawValue) open.add(name);
    fields.set(name, value);
  }
  if (fields.size === 0) throw new FormError();
  return { fields, openFields: open.size < fields.size ? open : new Set() };
}

/** Drops LF and CR at the end. Linear on purpose: a regular expression anchored there is quadratic on a body of line feeds. */
export function trimLineEnds(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
  return text.slice(0, end);
}
