import { isCountryCode } from '../../src/domain/countries';

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

it('knows the 249 countries of ISO 3166-1, and Kosovo', () => {
  const known = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter(isCountryCode);
  expect(known).toHaveLength(250);
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  expect(known.filter((code) => names.of(code) === undefined)).toEqual([]);
});

it.each(['XQ', 'EU', 'UK', 'de', 'DEU', 'D', '', 'SU', 'AN', '__'])('%j is no country', (code) => {
  expect(isCountryCode(code)).toBe(false);
});
