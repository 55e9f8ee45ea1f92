/** A string, a bracket, the end of a line, or any other value. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}]|\n|[^\s,:[\]{}"]+/g;

/** Where an entry of a list begins, and each of its fields: lines from 1. */
interface Place {
  readonly line: number;
  readonly fields: Map<string, number>;
}

/** The places of the entries of a JSON list, in their order. The text must be JSON. */
function findPlaces(text: string): readonly Place[] {
  const places: Place[] = [];
  let depth = 0;
  let line = 1;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '\n') line += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else {
      const isName = token.startsWith('"') && /^\s*:/.test(text.slice(index + token.length));
      if (depth === 1) places.push({ line, fields: new Map() });
      else if (depth === 2 && isName) places.at(-1)?.fields.set(JSON.parse(token) as string, line);
      if (token === '{' || token === '[') depth += 1;
    }
  }
  return places;
}

/**
 * How a complaint names a field of an entry of a JSON list: by the place of the entry, and by its line where the text has several. The
 * name of a field is only repeated when it is one that was expected.
 */
export function createPlaceNames(text: string): (index: number, field?: string) => string {
  const isLong = text.trimEnd().includes('\n');
  const places = isLong ? findPlaces(text) : [];
  return (index, field) => {
    const place = places[index];
    const line = place?.fields.get(field ?? '') ?? place?.line;
    const names = [line === undefined ? null : `line ${line}`, `entry ${index + 1}`, field];
    return names.filter((name) => name !== null && name !== undefined).join(': ');
  };
}

/** The line at which a text stops being JSON. Nothing else of the error is of use: it repeats what is there. */
export function lineOfSyntaxError(text: string, error: unknown): number {
  const [, position] = /position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
  return text.slice(0, position === undefined ? text.length : Number(position)).split('\n').length;
}
