import fc from 'fast-check';
import { isValidIBAN } from 'ibantools';
import { card } from '../../../src/api/payouts/payout-fields';
import { IBAN_LENGTHS } from '../../../src/api/receiver/iban-lengths';
import { looksLikeIban, normalise } from '../../../src/domain/normalise';
import { ibanCountry, inGroups, isCard, isIban, toIban } from '../../../web/receiver/numbers.js';

const isTakenAccount = (text: string) => {
  const number = normalise('accountNumber', text);
  return !looksLikeIban(number) || isValidIBAN(number);
};
const isTakenCard = (text: string) => card.safeParse({ type: 'card', cardNumber: text }).success;

const GLUE = fc.constantFrom('', ' ', '-', '.', '\u00a0', '\u202f', '\t', '\u200b', '\u2011');
const grouped = (text: string) =>
  fc
    .array(GLUE, { minLength: 40, maxLength: 40 })
    .map((glue) => [...text].map((letter, at) => letter + glue[at]).join(''));

test.each([
  'DE89370400440532013000',
  'GB29NWBK60161331926819',
  'de89370400440532013000',
  'IBAN DE89370400440532013000',
  '12345678',
  'jo-smith@bank',
])('the page has nothing against the account %s, however it is written, nor has the server', (account) => {
  fc.assert(
    fc.property(account.includes('@') ? fc.constant(account) : grouped(account), (text) => {
      expect([isIban(text, IBAN_LENGTHS), isTakenAccount(text)]).toEqual([true, true]);
    }),
    { numRuns: 200, seed: 20 },
  );
});

test.each([
  ...['DE00370400440532013000', 'XX89370400440532013000', 'ＤＥ00370400440532013000'],
  // Their check digits are right.
  ...['DE02500105170648489', 'XX46370400440532013000'],
])('both refuse the account %s', (account) => {
  expect([isIban(account, IBAN_LENGTHS), isTakenAccount(account)]).toEqual([false, false]);
});

test('an IBAN that is right is shown in groups, with its country', () => {
  const written = ' iban de89-3704 0044 0532 0130 00';
  expect(inGroups(toIban(written))).toBe('DE89 3704 0044 0532 0130 00');
  expect(ibanCountry(written, IBAN_LENGTHS)).toBe('DE');
  for (const other of ['DE89 3704 0044 0532 0130 01', '12345678', 'jo@bank', ''])
    expect(ibanCountry(other, IBAN_LENGTHS)).toBe('');
});

test('both say the same of a card', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 10, maxLength: 20 });
  const cards = fc.oneof(digits.chain(grouped), grouped('4444333322221111'));
  fc.assert(
    fc.property(cards, (text) => {
      expect(isCard(text)).toBe(isTakenCard(text));
    }),
    { numRuns: 1_000, seed: 20 },
  );
});
