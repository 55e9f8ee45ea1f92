import { type CurrencyCode, exponentOf, isCurrencyCode, listCurrencies } from '../../src/domain/currencies';

it('lists every currency once, as three capital letters', () => {
  const codes = listCurrencies();
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
});

it.each([
  [0, 'JPY KRW VND CLP ISK UGX XAF XOF XPF'],
  [2, 'EUR USD GBP RUB XCG MRU ZWG'],
  // These have two digits by ISO 4217; the data of browsers and of Node says otherwise.
  [2, 'HUF COP IDR PKR LBP ALL AFN IRR KPW LAK MGA MMK SOS SYP YER'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
])('%i digits: %s', (digits, codes) => {
  for (const code of codes.split(' ')) expect([code, exponentOf(code as CurrencyCode)]).toEqual([code, digits]);
});

it.each(['XAU', 'XXX', 'XTS', 'XDR', 'eur', 'Eur', 'EUR ', '', '978', 'toString', '__proto__'])(
  '%j is none',
  (code) => {
    expect(isCurrencyCode(code)).toBe(false);
    expect(() => exponentOf(code as CurrencyCode)).toThrow(RangeError);
  },
);
