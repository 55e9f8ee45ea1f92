import { FormError, trimLineEnds } from './form';

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

/** U+FFFD stands for bytes that are no UTF-8. */
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
    const value: unknown = JSON.parse(quoteNumbers(text, (name) => names.push(name)));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormError();
    const once = new Set(names);
    if (once.size === 0) throw new FormError();
    const repeated = once.size < names.length ? names.filter((name, at) => names.indexOf(name) !== at) : [];
    const fields = Object.entries(value).map(([name, field]) => [name, trimLineEnds(toText(field))] as const);
    return new Map(
      fields.map(([name, field]) => [name, UNREADABLE.test(field) || repeated.includes(name) ? null : field]),
    );
  } catch {
    throw new FormError();
  }
}
