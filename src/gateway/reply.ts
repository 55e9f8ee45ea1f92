import { GatewayError } from './errors';
import type { Answered } from './exchange';
import { decodeBytes, FormError, type ReplyForm, splitReply } from './form';
import { decodeReplyJson } from './json';
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
