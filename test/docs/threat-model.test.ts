import { documentNamed, sectionOf, tableRows } from './documents';

const { text } = documentNamed('docs/threat-model.md');

/** Where an attacker gets in, and how many rows each place has. */
const LAST = 'Secrets, logs, packages, operators, notifications';
const PLACES = {
  A: ['API', 14],
  C: ['Callback route', 5],
  R: ['Receiver’s routes', 4],
  D: ['Codec server', 2],
  T: ['Temporal', 6],
  G: ['Gateway', 7],
  K: [LAST, 5],
  L: [LAST, 2],
  S: [LAST, 4],
  O: [LAST, 2],
  N: [LAST, 4],
} as const;

const rows = Object.entries(PLACES).flatMap(([letter, [heading]]) =>
  tableRows(sectionOf(text.replaceAll("'", '’'), heading))
    .filter(([id = '']) => new RegExp(`^${letter}\\d+$`).test(id))
    .map(([id = '', threat = '', done = '', , remains = '']) => ({ letter, id, threat, done, remains })),
);
test('every place has its rows, once, in order', () => {
  expect(rows.map(({ letter, id }) => `${letter} ${id}`)).toEqual(
    Object.entries(PLACES).flatMap(([letter, [, count]]) =>
      Array.from({ length: count }, (_, index) => `${letter} ${letter}${index + 1}`),
    ),
  );
});

test.each(rows)('$id says the threat, what is done and what remains', ({ threat, done, remains }) => {
  expect([threat, done].filter((cell) => cell.length < 5)).toEqual([]);
  expect(remains).not.toBe('');
});

test('letters in other tables are those of rows there are', () => {
  const named = [...sectionOf(text, 'PCI DSS 4.0.1 and GDPR').matchAll(/\b([A-Z][0-9])\b/g)].map(([, id]) => id);
  expect(named.length).toBeGreaterThanOrEqual(10);
  expect(named.filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
});
