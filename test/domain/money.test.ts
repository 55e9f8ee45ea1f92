import fc from 'fast-check';
import { exponentOf, listCurrencies } from '../../src/domain/currencies';
import {
  formatDecimal,
  formatShortest,
  isSameAmount,
  MoneyError,
  parseDecimal,
  parsePayoutAmount,
} from '../../src/domain/money';
import { EUR } from './samples';

function catchMoneyError(run: () => unknown): MoneyError {
  try {
    run();
  } catch (error) {
    if (error instanceof MoneyError) return error;
    throw error;
  }
  throw new Error('expected a MoneyError, nothing was thrown');
}

/** The same writing by text alone, with no decimal library. */
function writeByHand(minor: bigint, digits: number): string {
  const text = minor.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

describe('round trip', () => {
  it.each(listCurrencies())('%s: minor units, written and read again, are the same', (currency) => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), (minor) => {
        const text = formatDecimal({ minor, currency });
        expect(text).toBe(writeByHand(minor, exponentOf(currency)));
        expect(parseDecimal(text, currency)).toEqual({ minor, currency });
        const shortest = formatShortest({ minor, currency });
        expect(parseDecimal(shortest, currency)).toEqual({ minor, currency });
        expect(shortest).toBe(text.includes('.') ? text.replace(/\.?0+$/, '') : text);
      }),
      { numRuns: 40 },
    );
  });
});

describe('parseDecimal', () => {
  it.each([
    ['10.5', 'EUR', 1050n],
    ['10.50', 'EUR', 1050n],
    ['10.5000', 'EUR', 1050n],
    ['0', 'EUR', 0n],
    ['0.01', 'EUR', 1n],
    ['10.00', 'JPY', 10n],
    ['10', 'JPY', 10n],
    ['1.234', 'BHD', 1234n],
    ['1.2340', 'BHD', 1234n],
    ['0.0001', 'CLF', 1n],
    ['9007199254740993.01', 'EUR', 900719925474099301n],
  ])('reads %s %s exactly', (amount, currency, minor) => {
    expect(parseDecimal(amount, currency)).toEqual({ minor, currency });
  });

  it.each([
    '',
    ' ',
    '1e3',
    '1E3',
    '+1',
    '-1',
    '-0',
    '01',
    '00',
    '00.5',
    '1.',
    '.5',
    '.',
    '1..5',
    '1.5.0',
    '1,5',
    '1,000.00',
    '1 000',
    ' 1',
    '1 ',
    '1\n',
    '\t1',
    'NaN',
    'Infinity',
    '0x10',
    '1_000',
    '１０',
    '١٠',
    '10.５',
    '1.5€',
    'null',
    '1\u00002',
  ])('refuses %j as an amount', (amount) => {
    const error = catchMoneyError(() => parseDecimal(amount, 'EUR'));
    expect(error.field).toBe('amount');
    expect(error.expected).toBe('a plain decimal string such as "10.50"');
  });

  it.each([
    ['10.501', 'EUR', 2],
    ['10.1', 'JPY', 0],
    ['1.2345', 'BHD', 3],
    ['0.00001', 'CLF', 4],
  ])('refuses %s %s: more digits than the currency has', (amount, currency, digits) => {
    const error = catchMoneyError(() => parseDecimal(amount, currency));
    expect(error.message).toBe(`amount: expected at most ${digits} digits after the point for ${currency}`);
  });

  it.each(['', 'eur', 'EURO', 'EU', 'XXX', 'XAU', '__proto__', 'constructor', ' EUR'])(
    'refuses %j as a currency',
    (currency) => {
      expect(catchMoneyError(() => parseDecimal('1', currency)).field).toBe('currency');
    },
  );

  it('never repeats the value it refuses', () => {
    expect(catchMoneyError(() => parseDecimal('4444333322221111x', 'EUR')).message).not.toContain('4444');
    expect(catchMoneyError(() => parseDecimal('1', 'DE8937')).message).not.toContain('DE8937');
  });
});

describe('parsePayoutAmount', () => {
  it.each(['0', '0.00', '0.0'])('refuses %s: nothing to pay', (amount) => {
    expect(catchMoneyError(() => parsePayoutAmount(amount, 'EUR')).expected).toBe('an amount above zero');
  });

  it.each([
    ['9999999.99', 'EUR', 999999999n],
    ['9999999999', 'JPY', 9999999999n],
    ['9999999999.00', 'JPY', 9999999999n],
    ['999999.999', 'BHD', 999999999n],
    ['99999.9999', 'CLF', 999999999n],
    ['15000000', 'IDR', 1500000000n],
    ['12500000', 'COP', 1250000000n],
    ['90000000', 'LBP', 9000000000n],
    ['1000000', 'KWD', 1000000000n],
    ['9999999999', 'EUR', 999999999900n],
    ['12345678.5', 'EUR', 1234567850n],
    ['12345678.50', 'EUR', 1234567850n],
    ['1234567.500', 'KWD', 1234567500n],
  ])('takes %s %s: at most ten characters in its shortest form', (amount, currency, minor) => {
    expect(parsePayoutAmount(amount, currency).minor).toBe(minor);
  });

  it.each([
    ['10000000.01', 'EUR'],
    ['10000000000.00', 'EUR'],
    ['10000000000', 'JPY'],
    ['1000000.001', 'BHD'],
    ['100000.0001', 'CLF'],
  ])('refuses %s %s: eleven characters in its shortest form', (amount, currency) => {
    const error = catchMoneyError(() => parsePayoutAmount(amount, currency));
    expect(error.expected).toBe('at most 10 characters without the zeros at its end');
  });
});

describe('isSameAmount', () => {
  it.each([
    ['10.5', '10.50', true],
    ['10', '10.00', true],
    ['10.50', '10.51', false],
    ['10.50', '1050', false],
    ['10.50', '10.50 ', false],
    ['x', 'x', false],
    ['', '', false],
    ['10.501', '10.501', false],
  ])('%j and %j: %s', (left, right, same) => {
    expect(isSameAmount(left, right, EUR)).toBe(same);
  });
});
