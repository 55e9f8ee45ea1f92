import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { DOCUMENTS, ROOT } from '../../../docs/documents';
import { MAX_BYTES, SHOTS, WIDTHS } from '../shots';

const FOLDER = path.join(ROOT, 'docs', 'pictures');
const fileOf = (name: string) => path.join(FOLDER, `${name}.png`);
const names = SHOTS.map(({ name }) => name);
/** Pictures as the documents show them: the words for those who do not see it, and the file. */
const shown = DOCUMENTS.flatMap(({ text, name }) =>
  [...text.matchAll(/!\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, words = '', link = '']) => ({
    words,
    file: path.join(ROOT, path.dirname(name), link),
  })),
);

test('the folder holds the pictures of the list and nothing else', () => {
  expect(new Set(names).size).toBe(names.length);
  expect(readdirSync(FOLDER).sort()).toEqual(names.map((name) => `${name}.png`).sort());
});

test.each(SHOTS)('$name is a picture of the width that the list gives, small enough', ({ name, width, height }) => {
  const picture = readFileSync(fileOf(name));
  expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG');
  expect(picture.readUInt32BE(16)).toBe(WIDTHS[width]);
  if (height !== null) expect(picture.readUInt32BE(20)).toBe(height);
  expect(statSync(fileOf(name)).size).toBeLessThanOrEqual(MAX_BYTES);
});

test('every picture is shown in a document, and in words too', () => {
  expect(names.filter((name) => !shown.some(({ file }) => file === fileOf(name)))).toEqual([]);
  expect(shown.filter(({ words }) => words.length < 20)).toEqual([]);
});
