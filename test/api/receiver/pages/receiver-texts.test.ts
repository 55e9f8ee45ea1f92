import { LANGUAGES, TEXTS } from '../../../../src/api/receiver/pages/receiver-texts';

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
