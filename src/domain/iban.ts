/** Two letters, two digits and more: no other kind of account number begins so. */
export function looksLikeIban(number: string): boolean {
  return /^[A-Z]{2}[0-9]{2}[0-9A-Z]{4,}$/.test(number);
}

/** The printed form of an IBAN in a text. Its check digits may be wrong: a mistyped IBAN is still account data. */
export const PRINTED_IBAN = /\b[A-Z]{2}[0-9]{2}(?:[A-Z0-9]{10,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)\b/gi;
