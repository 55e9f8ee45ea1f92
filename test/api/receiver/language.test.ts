import { chooseReader, say, writeAmount, writeDay, writeTime } from '../../../src/api/receiver/language';
import { writeAmount as writeInBrowser } from '../../../web/operate/amount.js';

it.each([
  [undefined, undefined, 'en', 'en-GB'],
  ['de', 'en', 'de', 'de-DE'],
  ['en', 'de', 'en', 'en-GB'],
  ['nl', 'de', 'de', 'de-DE'],
  [['de', 'en'], undefined, 'en', 'en-GB'],
  [undefined, 'de-AT,de;q=0.9,en;q=0.8', 'de', 'de-AT'],
  ['en', 'de-AT,de;q=0.9,en-IN;q=0.8', 'en', 'en-IN'],
  [undefined, 'nl-NL, en;q=0.5, de;q=0.7', 'de', 'de-DE'],
  [undefined, 'nl, de;q=0', 'en', 'en-GB'],
  [undefined, 'fr-CA,fr;q=0.8,en;q=0.5', 'fr', 'fr-CA'],
  [undefined, 'it', 'it', 'it-IT'],
  ['es', 'es-MX', 'es', 'es-MX'],
  [undefined, 'DE', 'de', 'de-DE'],
  [undefined, 'de-u-nu-arab,de-ch', 'de', 'de-ch'],
  [undefined, ';;;,q=,*', 'en', 'en-GB'],
])('lang %j with Accept-Language %j is read as %s in %s', (asked, header, language, locale) => {
  expect(chooseReader(asked, header)).toEqual({ language, locale });
});

it.each([
  ['10.50', 'en-GB', '€10.50', '10.50 EUR'],
  ['10.50', 'de-DE', '10,50 €', '10,50 EUR'],
  ['1234567.00', 'en-GB', '€1,234,567.00', '1,234,567.00 EUR'],
  ['1234567.00', 'de-DE', '1.234.567,00 €', '1.234.567,00 EUR'],
  ['1234567.00', 'en-IN', '€12,34,567.00', '12,34,567.00 EUR'],
  ['500', 'en-GB', '€500', '500 EUR'],
  ['12345678901234567890.123', 'en-GB', '€12,345,678,901,234,567,890.123', '12,345,678,901,234,567,890.123 EUR'],
  ['90071992547409.93', 'en-GB', '€90,071,992,547,409.93', '90,071,992,547,409.93 EUR'],
])('%s in %s is %s for a Receiver, %s for an operator', (amount, locale, ofReceiver, ofOperator) => {
  expect(writeAmount(amount, 'EUR', locale).replaceAll('\u00a0', ' ')).toBe(ofReceiver);
  expect(writeInBrowser(amount, 'EUR', locale)).toBe(ofOperator);
});

it('writes a moment in UTC, as the reader writes dates, for the script to write it anew', () => {
  expect(writeTime(1_732_276_800_000, 'en-GB').text).toBe(
    '<time datetime="2024-11-22T12:00:00.000Z">22 Nov 2024, 12:00 UTC</time>',
  );
  expect(writeTime(1_732_276_800_000, 'de-DE').text).toContain('>22. Nov. 2024, 12:00 UTC<');
});

it('writes a day as it was entered, wherever that is', () => {
  expect([writeDay('19900228', 'en-GB'), writeDay('19900228', 'de-DE')]).toEqual([
    '28 February 1990',
    '28. Februar 1990',
  ]);
});

it('puts values where a text names them, escaped', () => {
  expect(say('<Ask> {payer}, by {time}. {other}', { payer: 'A & B', time: writeTime(0, 'en-GB') }).text).toBe(
    '&lt;Ask&gt; A &amp; B, by <time datetime="1970-01-01T00:00:00.000Z">1 Jan 1970, 00:00 UTC</time>. ',
  );
});
