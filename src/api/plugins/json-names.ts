/** In valid JSON: where an object begins and ends, and its names; strings that are values are passed over. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]/g;

/**
 * True when an object in this JSON has a name twice, at any depth, however it is escaped. Readers differ in which of the two they
 * believe, so what one has checked may not be what the other does.
 * @param json valid JSON: of anything else the answer means nothing
 */
export function hasRepeatedName(json: string): boolean {
  const open: Set<string>[] = [];
  for (const [token, colon] of json.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      const name = String(JSON.parse(token.slice(0, -colon.length)));
      const names = open.at(-1);
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
}
