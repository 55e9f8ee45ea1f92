import { countrySpecs } from 'ibantools';

/** The length of each country's IBANs, such as `DE22 FR27`: for the page's script. */
export const IBAN_LENGTHS = Object.entries(countrySpecs)
  .flatMap(([code, { chars }]) => (chars ? [code + chars] : []))
  .join(' ');

/** An IBAN in groups of four, as it is printed. */
export function inGroups(iban: string): string {
  return iban.replaceAll(/.{4}(?=.)/g, '$& ');
}

/** Countries whose IBANs are longer than an endpoint takes. */
export function countriesBeyond(length: number): readonly string[] {
  return Object.keys(countrySpecs).filter((code) => (countrySpecs[code]?.chars ?? 0) > length);
}

/** Those that a Receiver should know about: in euros the ones in SEPA, else those in the registry of IBANs. */
export function likelyCountriesBeyond(length: number, currency: string): readonly string[] {
  return countriesBeyond(length).filter((code) => {
    const spec = countrySpecs[code];
    return currency === 'EUR' ? spec?.SEPA === true : spec?.IBANRegistry === true;
  });
}
