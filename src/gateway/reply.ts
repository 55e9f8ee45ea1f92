import { GatewayError } from './errors';
import type { Answered } from './exchange';
import { decodeBytes, FormError, splitPair } from './form';
import { REPLY } from './protocol';

export type ReplyFormat = 'form' | 'json';

/**
 * The fields of a reply: strict about those that are read, whatever the others are. They may hold account data: never log them.
 */
export interface Reply {
  /** A value that something depends on, without blanks around it; '' when absent. @throws GatewayError `unreadable` when it is there and cannot be read in one way only. */
  readonly read: (name: string) => string;
  /** A value that is only shown; '' when it is absent or cannot be read. Never throws. */
  readonly readText: (name: string) => string;
  /** A link as it was meant; '' when absent, null when it can be read in several ways. @throws GatewayError `unreadable` when it was cut. */
  readonly readLink: (name: string) => string | null;
  /** The field within which the body ends; null when it ends where a field ends. */
  readonly cutField: string | null;
  /** True when fields may be missing: the body ends within one, or only the end of the connection ended it. */
  readonly mayBeCut: boolean;
}

/**
 * Decodes the body of a reply, by its format and not by its content type (form replies call themselves text/html).
 * @throws GatewayError `unreadable` for anything that is no reply: an encoded body, a page, an empty body, no `type` in form mode, and a
 *   form without line ends of which nothing says that it is whole.
 */
export function decodeReply(answered: Answered, format: ReplyFormat): Reply {
  if (answered.contentEncoding !== '' && answered.contentEncoding !== 'identity') throw new GatewayError('unreadable');
  try {
    return format === 'json' ? readJson(answered.body) : readForm(splitReply(answered.body), answered.mayBeCut);
  } catch {
    throw new GatewayError('unreadable');
  }
}

function readJson(body: Uint8Array): Reply {
  const fields = decodeReplyJson(body);
  // A cut object does not parse.
  return toReply((name) => fields.get(name), { cutField: null, mayBeCut: false });
}

function readForm({ values, isLined, cutField }: ReplyForm, endedByClose: boolean): Reply {
  if (!values.has(REPLY.type) || (endedByClose && !isLined)) throw new FormError();
  const find = (name: string): string | null | undefined => {
    const [value, ...repeats] = values.get(name) ?? [];
    return repeats.length > 0 ? null : value;
  };
  const decode = (name: string) => {
    const raw = find(name);
    return typeof raw === 'string' ? decodeBytes(raw) : raw;
  };
  const reply = toReply(decode, { cutField, mayBeCut: endedByClose || cutField !== null });
  return { ...reply, readLink: (name) => toLink(assertReadable(find(name)), isLined) };
}

type Find = (name: string) => string | null | undefined;

function toReply(find: Find, state: Pick<Reply, 'cutField' | 'mayBeCut'>): Reply {
  const read = (name: string) => assertReadable(find(name)).trim();
  return { ...state, read, readLink: read, readText: (name) => (find(name) ?? '').trim() };
}

/** '' for an absent field, null for one that cannot be read. */
function assertReadable(value: string | null | undefined): string {
  if (value === null) throw new GatewayError('unreadable');
  return value ?? '';
}

/**
 * A link that may not have been encoded: a form encoder leaves neither `://` nor `&` in a value. One that was not is taken as it is, but
 * where each `&` ends a field it may be half of one. In an encoded link a plus sign is a plus sign: a URL holds no blank.
 */
function toLink(raw: string, isLined: boolean): string | null {
  if (!raw.includes('://')) return decodeBytes(raw, '+')?.trim() ?? null;
  const isWhole = isLined || !raw.includes('?');
  const isPlain = raw.includes('?') || !raw.includes('%');
  return isWhole && isPlain ? raw.trim() : null;
}

/** A reply of the gateway's form, split and not yet decoded. */
export interface ReplyForm {
  /** The values of each name, one character per byte; several if the name repeats; null if a value may be cut off. */
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

/** A string (with the colon of a name), a bracket, or a number, outside of which JSON has only literals, commas and blanks. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]|-?\d[\d.eE+-]*/g;

/** Puts numbers in quotation marks, so that `12345678901234567890` and `10.50` keep every digit; `onName` gets each top-level name. */
function quoteNumbers(text: string, onName: (name: string) => void): string {
  let depth = 0;
  return text.replaceAll(TOKENS, (token: string, colon: string | undefined) => {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (!token.startsWith('"')) return `"${token}"`;
    else if (colon !== undefined && depth === 1) onName(String(JSON.parse(token.slice(0, -colon.length))));
    return token;
  });
}

function toText(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** U+FFFD replaces bytes that are not UTF-8. */
const UNREADABLE = /\p{Surrogate}|\uFFFD/u;

/**
 * Decodes a reply in JSON mode: one object; numbers become their own text, null becomes an empty text, nested values stay JSON text. A
 * field is null when its name repeats (JSON.parse silently takes the last) or its text is not well-formed.
 * @throws FormError for anything else; never another error.
 */
export function decodeReplyJson(body: Uint8Array): ReadonlyMap<string, string | null> {
  try {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
    JSON.parse(text);
    const names: string[] = [];
    const value: Record<string, unknown> = JSON.parse(quoteNumbers(text, (name) => names.push(name)));
    // Only an object has names at the top.
    if (names.length === 0) throw new FormError();
    const once = new Set<string>();
    const repeated = new Set(names.filter((name) => once.has(name) || !once.add(name)));
    const fields = Object.entries(value).map(([name, field]) => [name, trimLineEnds(toText(field))] as const);
    return new Map(fields.map(([name, field]) => [name, UNREADABLE.test(field) || repeated.has(name) ? null : field]));
  } catch {
    throw new FormError();
  }
}

/** Drops LF and CR at the end. Linear on purpose: a regular expression anchored there is quadratic on a body of line feeds. */
export function trimLineEnds(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n' || text[end - 1] === '\r') end -= 1;
  return text.slice(0, end);
}
