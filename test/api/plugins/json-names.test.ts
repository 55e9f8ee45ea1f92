import fc from 'fast-check';
import { hasRepeatedName } from '../../../src/api/plugins/strict-decoding';

/** A value whose objects are lists of pairs, so that names may repeat. */
type Node =
  | string
  | number
  | boolean
  | null
  | readonly Node[]
  | { readonly pairs: readonly (readonly [string, Node])[] };

const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('{"a":1,"a":2}', '"', '\\', '{', '":'), fc.integer()),
    fc.constantFrom(true, false, null),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.record({
      pairs: fc.array(fc.tuple(fc.constantFrom('a', 'b', '__proto__', 'é', '"', '\\', '{', ''), tie('node')), {
        maxLength: 4,
      }),
    }),
  ),
}));

const escaped = (name: string) =>
  `"${[...name].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;

/** Every second name escaped letter by letter, with blanks wherever they may stand. */
function write(value: Node): string {
  if (Array.isArray(value)) return `[ ${value.map(write).join(' ,')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const { pairs } = value as { pairs: readonly (readonly [string, Node])[] };
  const texts = pairs.map(
    ([name, part], index) => `${index % 2 ? escaped(name) : JSON.stringify(name)} :\n${write(part)}`,
  );
  return `{\t${texts.join(', ')} }`;
}

function repeats(value: Node): boolean {
  if (Array.isArray(value)) return value.some(repeats);
  if (typeof value !== 'object' || value === null) return false;
  const { pairs } = value as { pairs: readonly (readonly [string, Node])[] };
  return new Set(pairs.map(([name]) => name)).size < pairs.length || pairs.some(([, part]) => repeats(part));
}

it('a name that is repeated in one object is found, and no other', () => {
  const seen = { repeated: 0, plain: 0 };
  fc.assert(
    fc.property(node, (value) => {
      const text = write(value);
      JSON.parse(text);
      seen[repeats(value) ? 'repeated' : 'plain'] += 1;
      expect(hasRepeatedName(text)).toBe(repeats(value));
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(seen.repeated, seen.plain)).toBeGreaterThan(50);
});

it.each([
  ['{"a":1,"a":1}', true],
  ['{"a":1,"\\u0061":1}', true],
  ['{"a":{"b":1},"b":{"a":1}}', false],
  ['[{"a":1},{"a":1}]', false],
  ['{"a":"a","b":"a"}', false],
  ['{"a":{"x":[{"b":1,"c":{},"b":2}]}}', true],
  ['{"a":"{\\"a\\":1,\\"a\\":2}"}', false],
  ['{"a":{},"a":{}}', true],
])('%s: %s', (text, expected) => {
  expect(hasRepeatedName(text)).toBe(expected);
});

it('depth is no trouble', () => {
  const deep = `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`;
  expect(hasRepeatedName(deep)).toBe(false);
});
