import { LEAST_SOUGHT_LENGTH } from './marker';

/** One way a text can be written down, as bytes. */
export interface Form {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A text is also sought by its first and by its last so many characters: what cuts a text must not hide a leak. */
const CUT_LENGTH = 12;
const CUT_FROM_LENGTH = 16;

const reverse = (text: string): string => [...text].reverse().join('');
const escapeAll = (text: string): string => text.replaceAll(/[\u007f-\uffff]/g, toUnicodeEscape);
const toUnicodeEscape = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
const escapeJson = (text: string): string => JSON.stringify(text).slice(1, -1);
/** As OAuth and PHP write it. */
const encodeStrictly = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

const TEXT_FORMS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  reversed: reverse,
  'URL-encoded': encodeURIComponent,
  'URL-encoded strictly': encodeStrictly,
  'form-encoded': (text) => new URLSearchParams([['', text]]).toString().slice(1),
  'URL-encoded twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'JSON-escaped': escapeJson,
  'JSON-escaped twice': (text) => escapeJson(escapeJson(text)),
  'Unicode-escaped': escapeAll,
  'HTML-escaped': escapeHtml,
  hex: (text) => Buffer.from(text).toString('hex'),
};

/**
 * Every form a leak of a text may take. Upper and lower case of ASCII letters are one to the searcher, so a form is both.
 * Forms too short to be unique are left out.
 * @param options.isCut false for a text of which a part alone says nothing
 */
export function listForms(text: string, { isCut = true }: { isCut?: boolean } = {}): Form[] {
  const forms: Form[] = [];
  for (const [name, write] of Object.entries(TEXT_FORMS)) forms.push({ name, bytes: Buffer.from(write(text)) });
  if (isCut && text.length >= CUT_FROM_LENGTH) {
    forms.push({ name: 'its beginning', bytes: Buffer.from(text.slice(0, CUT_LENGTH)) });
    forms.push({ name: 'its end', bytes: Buffer.from(text.slice(-CUT_LENGTH)) });
  }
  for (const offset of [0, 1, 2]) {
    const base64 = alignedBase64(Buffer.from(text), offset);
    forms.push({ name: `base64 at ${offset}`, bytes: Buffer.from(base64) });
    forms.push({
      name: `base64url at ${offset}`,
      bytes: Buffer.from(base64.replaceAll('+', '-').replaceAll('/', '_')),
    });
  }
  if (/^[0-9]+$/.test(text)) {
    for (const gap of [' ', '-', '.', '\u00a0', '%20', '+']) {
      forms.push({ name: 'digits in groups', bytes: Buffer.from(text.replaceAll(/(?<=^(?:.{4})+)(?=.)/g, gap)) });
    }
  }
  const utf16 = Buffer.from(text, 'utf16le');
  forms.push({ name: 'UTF-16LE', bytes: utf16 }, { name: 'UTF-16BE', bytes: Buffer.from(utf16).swap16() });
  forms.push({ name: 'Latin-1', bytes: Buffer.from(text, 'latin1') });
  const seen = new Set<string>();
  return forms.filter(({ bytes }) => {
    const key = bytes.toString('latin1').toLowerCase();
    return bytes.length >= LEAST_SOUGHT_LENGTH && !seen.has(key) && seen.add(key);
  });
}

/** The characters that base64 has for these bytes, whatever is before and after them, `offset` bytes into a group of three. */
function alignedBase64(bytes: Buffer, offset: number): string {
  const base64 = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const ownBits = (offset + bytes.length) * 8;
  return base64.slice(Math.ceil((offset * 8) / 6), Math.floor(ownBits / 6));
}
