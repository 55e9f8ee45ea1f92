import fc from 'fast-check';
import { holdsCardNumber, namesCardNumber } from '../../../src/api/plugins/card-number';

/** The digit that makes the check digit of the whole right, by its definition. */
function withCheckDigit(digits: string): string {
  const doubled = [...digits].reverse().map((digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return value > 9 ? value - 9 : value;
  });
  return `${digits}${(10 - (doubled.reduce((sum, value) => sum + value, 0) % 10)) % 10}`;
}

/** Numbers as card schemes give them out. */
const cardNumbers = fc
  .tuple(
    fc.constantFrom('4', '51', '2221', '2720', '2200', '34', '36', '35', '60', '62', '65', '8600', '9860'),
    fc.array(fc.nat(9), { minLength: 18, maxLength: 18 }),
    fc.integer({ min: 13, max: 19 }),
  )
  .map(([prefix, rest, length]) => withCheckDigit(`${prefix}${rest.join('')}`.slice(0, length - 1)));
const between = fc.constantFrom('', ' ', '-', '.', '  ', '/', ' - ', '\u00a0', '\u200b', '\u2060', '\u00ad');

test('a card number is found in any layout, in any text', () => {
  const laidOut = fc.tuple(cardNumbers, fc.array(between, { minLength: 18, maxLength: 18 }));
  const around = fc.constantFrom('', 'card ', 'card:', 'x', 'Ж', '№', '(', ' order 7, card ', ' 12 ');
  fc.assert(
    fc.property(laidOut, around, around, ([digits, gaps], before, after) => {
      const shown = [...digits].map((digit, index) => `${digit}${gaps[index] ?? ''}`).join('');
      expect({ shown, found: holdsCardNumber(`${before} ${shown} ${after}`) }).toEqual({ shown, found: true });
    }),
    { numRuns: 500 },
  );
});

test('a number whose check digit is wrong is no card number', () => {
  fc.assert(
    fc.property(cardNumbers, fc.integer({ min: 1, max: 9 }), (digits, step) => {
      const wrong = `${digits.slice(0, -1)}${(Number(digits.at(-1)) + step) % 10}`;
      expect(holdsCardNumber(`card ${wrong}`)).toBe(false);
    }),
  );
});

test.each([
  'card 4444333322221111',
  '4444 3333 2222 1111',
  '4444-3333-2222-1111.',
  '12 4444333322221111 34',
  'x4444333322221111y',
  '４４４４３３３３２２２２１１１１',
  '3782 822463 10005',
])('%s is one', (text) => expect(holdsCardNumber(text)).toBe(true));

test.each([
  ['an invoice', 'Invoice 42 of 2026-11-23'],
  ['milliseconds', 'at 1732276800000'],
  ['a time in digits', 'batch 20261123063500 17'],
  ['a short number', '444433332222'],
  ['a long number', '44443333222211110000000'],
  ['a hash', 'f44443333222211110000a1b2'],
  ['a UUID', '4f9a1c02-4444-3333-2222-1111aa0b9c11'],
  ['words between', '4444 and 3333 and 2222 and 1111'],
])('%s is none', (_what, text) => expect(holdsCardNumber(text)).toBe(false));

test('of an identifier each part counts alone', () => {
  expect(['PO-4444333322221111', 'P4444333322221111', 'a.b_4444333322221111'].filter(namesCardNumber)).toHaveLength(3);
  expect(
    ['PO-4444-3333-2222-1111', 'PO-1732276800000', 'Pf44443333222211110000a1b2', 'PO-000001'].filter(namesCardNumber),
  ).toEqual([]);
});

test('identifiers that programs make are taken', () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      expect(namesCardNumber(`P${uuid}`)).toBe(false);
    }),
    { numRuns: 500 },
  );
});
