/**
 * ISO 4217 currencies and their exponents (digits after the point), list one as published 2026-01-01.
 * Frozen on purpose: `Intl` is wrong for 16 of them, and a table that changes under a running workflow breaks replay.
 * Units of account without an exponent (XAU, XDR, XTS, XXX …) are absent: they cannot be paid out.
 */
const CODES_BY_EXPONENT: Readonly<Record<number, string>> = {
  0: `
    BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF`,
  2: `
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
    CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
    HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK
    MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD
    RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH
    USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  3: `
    BHD IQD JOD KWD LYD OMR TND`,
  4: `
    CLF UYW`,
};

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_EXPONENT).flatMap(([exponent, codes]) =>
    codes
      .trim()
      .split(/\s+/)
      .map((code) => [code, Number(exponent)] as const),
  ),
);

/** An ISO 4217 letter code that has an exponent. */
export type CurrencyCode = string & { readonly __brand: 'CurrencyCode' };

/** Every currency a payout can be made in, in no particular order. */
export function listCurrencies(): readonly CurrencyCode[] {
  return [...EXPONENTS.keys()] as CurrencyCode[];
}

/** True for an upper-case ISO 4217 code of the table. */
export function isCurrencyCode(text: string): text is CurrencyCode {
  return EXPONENTS.has(text);
}

/** Digits after the decimal point, e.g. 2 for EUR, 0 for JPY, 3 for BHD. */
export function exponentOf(currency: CurrencyCode): number {
  const exponent = EXPONENTS.get(currency);
  if (exponent === undefined)
    throw new RangeError(`currency: expected an ISO 4217 code, got ${JSON.stringify(currency)}`);
  return exponent;
}
