/** A decoded name and value; bodies may repeat a name, so they are pairs and not a map. */
export type Pair = readonly [name: string, value: string];

/** Fields of a reply in the order they are written; undefined ones are left out. */
export type ReplyFields = Readonly<Record<string, string | undefined>>;

/** A body that is no form encoding (broken percent escape or invalid UTF-8). */
export class FormError extends Error {
  override readonly name = 'FormError';
  readonly statusCode = 400;
}

/**
 * Decodes `application/x-www-form-urlencoded`, `+` and `%20` both meaning a space.
 * @throws FormError when an escape is broken; the message holds nothing of the body.
 */
export function decodeForm(text: string): readonly Pair[] {
  if (text === '') return [];
  return text.split('&').map((part) => {
    const cut = part.indexOf('=');
    return cut < 0 ? [decode(part), ''] : [decode(part.slice(0, cut)), decode(part.slice(cut + 1))];
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new FormError('the body is not form-encoded');
  }
}

/** Percent-encodes by RFC 3986: only letters, digits and `-._~` stay as they are. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Encodes one value as a form does, a space as `+`. */
export function encodeValue(value: string): string {
  return percentEncode(value).replaceAll('%20', '+');
}

/** The gateway's own reply format: form-encoded with a line feed after every value (protocol 1.3). */
export function encodeReply(fields: ReplyFields): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeValue(value)}\n`]))
    .join('&');
}

/** Ordinary form encoding, as in a callback's query. */
export function encodeQuery(fields: ReplyFields): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${encodeValue(name)}=${encodeValue(value)}`]))
    .join('&');
}
