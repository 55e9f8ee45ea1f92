import { FormError, trimLineEnds } from './form';

/** A string (with the colon of a name), a bracket, or a number, outside of which JSON has only literals, commas and blanks. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]|-?\d[\d.eE+-]*/g;

/**
 * Puts numbers in quotation marks, so that `12345678901234567890` and `10.50` keep every digit, and refuses repeated top-level names,
 * of which JSON.parse silently takes the last.
 */
function quoteNumbers(text: string): string {
  const names = new Set<unknown>();
  let depth = 0;
  return text.replaceAll(TOKENS, (token: string, colon: string | undefined) => {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (!token.startsWith('"')) return `"${token}"`;
    else if (colon !== undefined && depth === 1) {
      const name: unknown = JSON.parse(token.slice(0, -colon.length));
      if (names.has(name)) throw new FormError();
      names.add(name);
    }
    return token;
  });
}

function toText(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * Decodes a reply in JSON mode: one object; numbers become their own text, null becomes an empty text, nested values stay JSON text.
 * @throws FormError for anything else, repeated names, `__proto__` and lone surrogates included; never another error.
 */
export function decodeReplyJson(text: string): ReadonlyMap<string, string> {
  try {
    JSON.parse(text);
    const value: unknown = JSON.parse(quoteNumbers(text));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FormError();
    const fields = new Map(Object.entries(value).map(([name, field]) => [name, trimLineEnds(toText(field))]));
    const isReadable = [...fields].every(
      ([name, field]) => name !== '__proto__' && !/\p{Surrogate}/u.test(name + field),
    );
    if (fields.size === 0 || !isReadable) throw new FormError();
    return fields;
  } catch {
    throw new FormError();
  }
}
