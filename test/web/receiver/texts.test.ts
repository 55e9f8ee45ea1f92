import { LANGUAGES, TEXTS } from '../../../src/api/receiver/language';

const everyText = LANGUAGES.flatMap((language) => Object.entries(TEXTS[language]));

it('every language has every text and no other, and none is empty', () => {
  for (const language of LANGUAGES) expect(Object.keys(TEXTS[language]).sort()).toEqual(Object.keys(TEXTS.en).sort());
  expect(everyText.filter(([, text]) => text.trim() === '')).toEqual([]);
});

it('no text is the same in two languages', () => {
  const texts = everyText.map(([key, text]) => `${key}: ${text}`);
  expect(texts.filter((text, at) => texts.indexOf(text) !== at)).toEqual([]);
});

it('every language names the place whose numbers and dates it has', () => {
  for (const language of LANGUAGES) expect(TEXTS[language].locale).toMatch(new RegExp(`^${language}-[A-Z]{2}$`));
});

it('no text uses a word of ours', () => {
  const jargon = /payout|gateway|receiver|endpoint|status|callback|order|declined|attention|review/i;
  expect(everyText.filter(([, text]) => jargon.test(text))).toEqual([]);
});
