import { documentNamed, exists, readText, sectionOf, tableRows } from './documents';

const { text } = documentNamed('docs/requirements.md');
const arrowRows = tableRows(sectionOf(text, 'Arrows'))
  .slice(2)
  .map(([number, arrow = '', code = '', tests = '']) => ({ number: Number(number), arrow, code, tests }));

/** `file:name` in code marks. */
function codeReferences(cell: string) {
  return [...cell.matchAll(/`((?:src|simulator|scripts)\/[^`:]+):(\w+)`/g)].map(([, file = '', name = '']) => ({
    file,
    name,
  }));
}

test('lists the fifteen arrows of the source, in order', () => {
  expect(arrowRows.map(({ number }) => number)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
});

test('lists the eight notes of the source, in order', () => {
  const rows = tableRows(sectionOf(text, 'Notes')).slice(2);
  const notes = rows.map(([note = '']) => Number(/^\((\d+)\) "/.exec(note)?.[1]));
  expect(notes).toEqual([1, 2, 5, 8, 9, 11, 13, 15]);
});

test.each(arrowRows)('arrow $number names code and a test', ({ code, tests }) => {
  expect(codeReferences(code).length).toBeGreaterThanOrEqual(1);
  expect(tests).toMatch(/`test\//);
});

test.each(codeReferences(text))('$file has $name', ({ file, name }) => {
  expect(exists(file)).toBe(true);
  expect(new RegExp(`\\b${name}\\b`).test(readText(file))).toBe(true);
});
