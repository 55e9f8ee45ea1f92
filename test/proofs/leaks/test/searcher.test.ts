import { randomBytes } from 'node:crypto';
import { listForms } from '../forms';
import { createMarkerBook, type Marker } from '../marker';
import { createSearcher } from '../searcher';

const marker = (value: string): Marker => ({ field: 'test', value, sought: [value], kind: 'elsewhere', of: null });
const CARD = '4929123412341238';
const NAME = "Qabcdefghé'élmno x";
const between = (bytes: Uint8Array) => Buffer.concat([randomBytes(1_001), bytes, randomBytes(777)]);

test.each([
  ['plain', CARD, CARD],
  ['plain, beyond ASCII', NAME, NAME],
  ['in capitals', 'Qabcdefghijkl', 'QABCDEFGHIJKL'],
  ['cut at its end', NAME, "Qabcdefghé'é!"],
  ['cut at its beginning', CARD, '…123412341238'],
  ['reversed', CARD, '8321432143219294'],
  ['digits with blanks', CARD, '4929 1234 1234 1238'],
  ['digits with dashes', CARD, '4929-1234-1234-1238'],
  ['hex', CARD, '34393239313233343132333431323338'],
  ['hex in capitals', 'klmnopqr', '6B6C6D6E6F707172'],
  ['URL-encoded', NAME, "Qabcdefgh%C3%A9'%C3%A9lmno%20x"],
  ['URL-encoded strictly, in small letters', NAME, 'Qabcdefgh%c3%a9%27%c3%a9lmno%20x'],
  ['as a form', NAME, 'Qabcdefgh%C3%A9%27%C3%A9lmno+x'],
  ['JSON-escaped', 'Qab"cdefghi', '{"a":"Qab\\"cdefghi"}'],
  ['JSON-escaped twice', 'Qab"cdefghi', '"{\\"a\\":\\"Qab\\\\\\"cdefghi\\"}"'],
  ['Unicode-escaped', NAME, "Qabcdefgh\\u00e9'\\u00e9lmno x"],
  ['HTML-escaped', NAME, 'Qabcdefghé&#39;élmno x'],
])('%s: found in noise', (_form, value, written) => {
  const findings = createSearcher([marker(value)]).search(between(Buffer.from(written)));
  expect(findings.map((finding) => finding.marker.value)).toContain(value);
});

test.each([0, 1, 2, 3, 4, 5])('found in base64 and base64url of a text that has it at %d', (before) => {
  for (const value of [CARD, NAME, '??>>~~??>>~~']) {
    const text = Buffer.from(`${'x'.repeat(before)}${value}${'y'.repeat(before)}`);
    for (const encoding of ['base64', 'base64url'] as const) {
      const findings = createSearcher([marker(value)]).search(between(Buffer.from(text.toString(encoding))));
      expect([encoding, findings.length > 0]).toEqual([encoding, true]);
    }
  }
});

test.each(['utf16le', 'latin1'] as const)('found in %s, and in UTF-16 the other way round', (encoding) => {
  const bytes = Buffer.from(NAME, encoding);
  const searcher = createSearcher([marker(NAME)]);
  expect(searcher.search(between(bytes)).length).toBeGreaterThan(0);
  if (encoding === 'utf16le') expect(searcher.search(between(bytes.swap16())).length).toBeGreaterThan(0);
});

test('found at the very beginning, at the very end, and as often as it is there', () => {
  const searcher = createSearcher([marker('Qabcdefghijkl')]);
  const places = (text: string) => searcher.search(Buffer.from(text)).map(({ offset }) => offset);
  expect(places('Qabcdefghijkl')).toEqual([0]);
  expect(places('..Qabcdefghijkl')).toEqual([2]);
  expect(places('Qabcdefghijkl Qabcdefghijkl')).toEqual([0, 14]);
  expect(places('Qabcdefghijk')).toEqual([]);
  expect(places('')).toEqual([]);
});

test('a masked tail of four is none, and random bytes hold none', () => {
  const book = createMarkerBook(7);
  for (let nth = 0; nth < 300; nth += 1) book.digits('card', { length: 16, isCard: true });
  for (let nth = 0; nth < 300; nth += 1) book.words('name');
  const searcher = createSearcher(book.markers());
  expect(searcher.search(Buffer.from(`••••${CARD.slice(-4)}`))).toEqual([]);
  const noise = randomBytes(1_000_000);
  for (const bytes of [noise, noise.toString('hex'), noise.toString('base64')])
    expect(searcher.search(Buffer.from(bytes as string))).toEqual([]);
});

test('a short value is found with its name only', () => {
  const book = createMarkerBook(1);
  book.named('receiver.birthday', () => '19840229', { names: ['birthday'] });
  const searcher = createSearcher(book.markers());
  expect(searcher.search(Buffer.from('at 198402291234')).length).toBe(0);
  expect(searcher.search(Buffer.from('{"birthday":"19840229"}')).length).toBe(1);
  expect(searcher.search(Buffer.from('&birthday=19840229&')).length).toBe(1);
});

test('markers are distinct and the same for the same seed', () => {
  const mint = (seed: number) => {
    const book = createMarkerBook(seed);
    for (let nth = 0; nth < 500; nth += 1) book.words('name');
    return book.markers().map(({ value }) => value);
  };
  expect(new Set(mint(3)).size).toBe(500);
  expect(mint(3)).toEqual(mint(3));
  expect(mint(4)).not.toEqual(mint(3));
});

test('no form is so short that it is found by chance', () => {
  for (const value of [CARD, NAME, 'Qabcdefgh'])
    for (const { bytes } of listForms(value)) expect(bytes.length).toBeGreaterThanOrEqual(8);
});
