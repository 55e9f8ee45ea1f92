import { chooseLanguage, LANGUAGES, TEXTS, writeAmount } from '../../../src/api/pages/receiver-texts';

it('every language has every text, and none is empty', () => {
  const keys = Object.keys(TEXTS.en).sort();
  for (const language of LANGUAGES) {
    expect(Object.keys(TEXTS[language]).sort()).toEqual(keys);
    expect(Object.entries(TEXTS[language]).filter(([, text]) => text.trim() === '')).toEqual([]);
  }
});

it('no text is the same in both languages', () => {
  const same = Object.entries(TEXTS.en).filter(([key, text]) => Reflect.get(TEXTS.de, key) === text);
  expect(same.map(([key]) => key)).toEqual([]);
});

it('no text uses a word of ours', () => {
  const jargon = /payout|gateway|receiver|endpoint|status|callback|order|declined|attention|review/i;
  for (const language of LANGUAGES)
    expect(Object.values(TEXTS[language]).filter((text) => jargon.test(text))).toEqual([]);
});

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
