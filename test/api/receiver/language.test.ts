import { chooseReader, writeAmount, writeTime } from '../../../src/api/receiver/language';
import { writeAmount as writeInBrowser } from '../../../web/operate/amount.js';

it.each([
  [undefined, undefined, 'en', 'en-GB'],
  ['de', 'en', 'de', 'de-DE'],
  ['en', 'de', 'en', 'en-GB'],
  ['fr', 'de', 'de', 'de-DE'],
  [['de', 'en'], undefined, 'en', 'en-GB'],
  [undefined, 'de-AT,de;q=0.9,en;q=0.8', 'de', 'de-AT'],
  ['en', 'de-AT,de;q=0.9,en-IN;q=0.8', 'en', 'en-IN'],
  [undefined, 'fr-FR, en;q=0.5, de;q=0.7', 'de', 'de-DE'],
  [undefined, 'fr, de;q=0', 'en', 'en-GB'],
  [undefined, 'DE', 'de', 'de-DE'],
  [undefined, 'de-u-nu-arab,de-ch', 'de', 'de-ch'],
  [undefined, ';;;,q=,*', 'en', 'en-GB'],
])('lang %j with Accept-Language %j is read as %s in %s', (asked, header, language, locale) => {
  expect(chooseReader(asked, header)).toEqual({ language, locale });
});

it.each([
  ['10.50', 'en-GB', '10.50 EUR'],
  ['10.50', 'de-DE', '10,50 EUR'],
  ['1234567.00', 'en-GB', '1,234,567.00 EUR'],
  ['1234567.00', 'de-DE', '1.234.567,00 EUR'],
  ['1234567.00', 'en-IN', '12,34,567.00 EUR'],
  ['500', 'en-GB', '500 EUR'],
  ['12345678901234567890.123', 'en-GB', '12,345,678,901,234,567,890.123 EUR'],
  ['90071992547409.93', 'en-GB', '90,071,992,547,409.93 EUR'],
])('%s in %s is %s, on both pages', (amount, locale, written) => {
  expect([writeAmount(amount, 'EUR', locale), writeInBrowser(amount, 'EUR', locale)]).toEqual([written, written]);
});

it('writes a moment in UTC, as the reader writes dates', () => {
  expect(writeTime(1_732_276_800_000, 'en-GB')).toBe('22 November 2024 at 12:00 UTC');
  expect(writeTime(1_732_276_800_000, 'de-DE')).toBe('22. November 2024 um 12:00 UTC');
});
