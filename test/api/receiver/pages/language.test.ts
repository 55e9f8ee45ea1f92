import { chooseLanguage, writeAmount, writeTime } from '../../../../src/api/receiver/pages/language';

it.each([
  [undefined, undefined, 'en'],
  ['de', 'en', 'de'],
  ['en', 'de', 'en'],
  ['fr', 'de', 'de'],
  [['de', 'en'], undefined, 'en'],
  [undefined, 'de-AT,de;q=0.9,en;q=0.8', 'de'],
  [undefined, 'fr-FR, en;q=0.5, de;q=0.7', 'de'],
  [undefined, 'fr, de;q=0', 'en'],
  [undefined, 'DE', 'de'],
  [undefined, ';;;,q=,*', 'en'],
])('lang %j with Accept-Language %j speaks %s', (asked, header, language) => {
  expect(chooseLanguage(asked, header)).toBe(language);
});

it.each([
  ['10.50', 'en', '10.50 EUR'],
  ['10.50', 'de', '10,50 EUR'],
  ['1234567.00', 'en', '1,234,567.00 EUR'],
  ['1234567.00', 'de', '1.234.567,00 EUR'],
  ['500', 'en', '500 EUR'],
  ['12345678901234567890.123', 'en', '12,345,678,901,234,567,890.123 EUR'],
] as const)('%s in %s is %s', (amount, language, written) => {
  expect(writeAmount(amount, 'EUR', language)).toBe(written);
});

it('writes a moment in UTC, in either language', () => {
  expect(writeTime(1_732_276_800_000, 'en')).toBe('22 November 2024 at 12:00 UTC');
  expect(writeTime(1_732_276_800_000, 'de')).toBe('22. November 2024 um 12:00 UTC');
});
