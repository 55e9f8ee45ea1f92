import { PRINTED_IBAN } from '../domain/iban';

const EMAIL = /[^\s@]{1,64}@[^\s@]{1,255}/g;
const LONG_NUMBER = /[0-9](?:[ -]?[0-9]){7,}/g;

/** Cuts a text to `maxLength` UTF-16 units without leaving half a character. */
export function cutText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, '');
}

/**
 * A gateway's free text without what may be account data: e-mail addresses, IBANs and numbers of eight digits or more become dots.
 * At most 256 characters; control characters become blanks.
 */
export function redactText(text: string): string {
  return cutText(text, 256)
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll(EMAIL, '••••')
    .replaceAll(PRINTED_IBAN, '••••')
    .replaceAll(LONG_NUMBER, '••••');
}
