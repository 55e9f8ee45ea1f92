import { documentNamed, findAll, tableRows } from './documents';

const rows = tableRows(documentNamed('docs/faults.md').text)
  .filter(([id = '']) => /^[A-Z]\d+$/.test(id))
  .map(([id = '', fault = '', here = '', shown = '']) => ({ id, fault, here, shown }));

/** How many rows each group of faults has. */
const GROUPS = { A: 15, B: 11, C: 10, D: 9, E: 15, G: 6 };

const TEST_FILE = /`(test\/[^`]+)`/g;

test('every fault has its row, once, in order', () => {
  const expected = Object.entries(GROUPS).flatMap(([group, count]) =>
    Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
  );
  expect(rows.map(({ id }) => id)).toEqual(expected);
});

test.each(rows)('$id says what it is, what is done, and what shows it or is missing', ({ fault, here, shown }) => {
  expect([fault, here].filter((cell) => cell.length < 5)).toEqual([]);
  const [, missing] = shown.split(/(?:^|; )not yet: /);
  expect(findAll(shown, TEST_FILE).length > 0 || (missing ?? '').length >= 5).toBe(true);
});
