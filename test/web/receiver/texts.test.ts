import { LANGUAGES, TEXTS } from '../../../src/api/receiver/language';

const everyText = LANGUAGES.flatMap((language) => Object.entries(TEXTS[language]));

it('every language has every text and no other, and none is empty', () => {
  for (const language of LANGUAGES) expect(Object.keys(TEXTS[language]).sort()).toEqual(Object.keys(TEXTS.en).sort());
  expect(everyText.filter(([, text]) => text.trim() === '')).toEqual([]);
});

it('every text names the same values in every language', () => {
  const named = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const language of LANGUAGES)
    for (const [key, text] of Object.entries(TEXTS[language]))
      expect({ language, key, named: named(text) }).toEqual({ language, key, named: named(TEXTS.en[key as 'title']) });
});

it('every language says in which direction it is read', () => {
  expect(LANGUAGES.filter((language) => !['ltr', 'rtl'].includes(TEXTS[language].dir))).toEqual([]);
});

it('no text is the same in two languages', () => {
  const texts = everyText.filter(([key]) => key !== 'dir').map(([key, text]) => `${key}: ${text}`);
  expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
});

it('every language names the place whose numbers and dates it has', () => {
  for (const language of LANGUAGES) expect(TEXTS[language].locale).toMatch(new RegExp(`^${language}-[A-Z]{2}$`));
});

it('no text uses a word of ours', () => {
  const jargon = /payout|gateway|receiver|endpoint|status|callback|order|declined|attention|review/i;
  expect(everyText.filter(([, text]) => jargon.test(text))).toEqual([]);
});
