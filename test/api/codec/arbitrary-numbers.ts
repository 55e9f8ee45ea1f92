import fc from 'fast-check';

function luhnDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, character, index) => {
    const doubled = Number(character) * (index % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

const digits = (least: number, most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((list) => list.join(''));

/** Card numbers of 13 to 19 digits with a right check digit, made without the code under test. */
export const cardNumber = fc
  .tuple(fc.integer({ min: 3, max: 6 }), digits(11, 17))
  .map(([first, rest]) => `${first}${rest}`)
  .map((number) => number + luhnDigit(number));

/** German and British IBANs with right check digits. */
export const iban = fc.oneof(
  digits(18, 18).map((account) => withCheckDigits('DE', account)),
  digits(14, 14).map((account) => withCheckDigits('GB', `NWBK${account}`)),
);

function withCheckDigits(country: string, account: string): string {
  const number = [...`${account}${country}00`].map((character) => Number.parseInt(character, 36)).join('');
  return `${country}${String(98n - (BigInt(number) % 97n)).padStart(2, '0')}${account}`;
}

const SEPARATORS = ['', ' ', '-', '  ', ' - ', '.', '/', '\u00a0', '\u2009', '\u2013', '\u200b', '\n', '\t'];

/** The same number with any separators, or none, between any of its characters. */
export function grouped(number: string): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...SEPARATORS), { minLength: number.length, maxLength: number.length })
    .map((separators) =>
      [...number].map((character, index) => (index === 0 ? '' : separators[index]) + character).join(''),
    );
}
