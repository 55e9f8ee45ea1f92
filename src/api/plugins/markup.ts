/** A piece of a page, inserted as it is. Everything else is escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | null | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function write(part: Part): string {
  if (part === null) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(write).join('');
  return String(part).replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}

/** A piece of a page. Values in it are escaped for text and for quoted attributes; pieces are inserted as they are. */
export function markup(pieces: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(pieces.map((piece, at) => piece + write(parts[at] ?? null)).join(''));
}

/** A page from a file of `web`: each `{{name}}` becomes the value of that name, escaped like those of `markup`. */
export function fill(template: string, values: Readonly<Record<string, Part>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => write(values[name] ?? null));
}
