import { documentNamed, exists, readText, sectionOf, tableRows } from './documents';

const { text } = documentNamed('docs/threat-model.md');

/** The doors, and how many rows each has. */
const DOORS = {
  A: ['API', 11],
  C: ['Callback door', 8],
  R: ['Receiver’s routes', 5],
  D: ['Decoding server', 4],
  T: ['Temporal', 6],
  G: ['Gateway', 7],
  K: ['Configuration and secrets', 4],
  L: ['Logs', 3],
  S: ['Supply chain', 5],
  O: ['Operators', 3],
  N: ['Notifications', 4],
} as const;

const rows = Object.entries(DOORS).flatMap(([letter, [heading]]) =>
  tableRows(sectionOf(text.replaceAll("'", '’'), heading))
    .filter(([id = '']) => /^[A-Z]\d+$/.test(id))
    .map(([id = '', threat = '', done = '', , remains = '']) => ({ letter, id, threat, done, remains })),
);
/** As written: names of tests are compared letter by letter. */
const shownBy = new Map(tableRows(text).map(([id = '', , , shown = '']) => [id, shown]));

test('every door has its rows, once, in order', () => {
  expect(rows.map(({ letter, id }) => `${letter} ${id}`)).toEqual(
    Object.entries(DOORS).flatMap(([letter, [, count]]) =>
      Array.from({ length: count }, (_, index) => `${letter} ${letter}${index + 1}`),
    ),
  );
});

test.each(rows)(
  '$id says the threat, what is done, what shows it and what remains',
  ({ id, threat, done, remains }) => {
    expect([threat, done].filter((cell) => cell.length < 5)).toEqual([]);
    expect(remains).not.toBe('');
    // Nothing but references: a claim without a test would look like one with it.
    const rest = (shownBy.get(id) ?? '').replaceAll(/(?:; )?`test\/[^`]+` › "[^"]+"/g, '');
    expect(rest).toBe('');
  },
);

const references = [...shownBy].flatMap(([id, shown]) =>
  [...shown.matchAll(/`(test\/[^`]+)` › "([^"]+)"/g)].map(([, file = '', name = '']) => ({ id, file, name })),
);

test('most of it is shown by tests of this tree', () => {
  expect(references.length).toBeGreaterThanOrEqual(50);
});

test.each(references)('$id: $file has "$name"', ({ file, name }) => {
  expect(exists(file)).toBe(true);
  const tests = readText(file);
  expect([`'${name}'`, `\`${name}\``].some((quoted) => tests.includes(quoted))).toBe(true);
});

test('letters in other tables are those of rows there are', () => {
  const named = [...sectionOf(text, 'PCI DSS 4.0.1 and GDPR').matchAll(/\b([A-Z][0-9])\b/g)].map(([, id]) => id);
  expect(named.length).toBeGreaterThanOrEqual(10);
  expect(named.filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
});
