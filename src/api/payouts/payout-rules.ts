import { isSEPACountry, isValidIBAN } from 'ibantools';
import { looksLikeIban } from '../../domain/iban';
import type { Card, Destination, Receiver } from '../../domain/payout-request';

/** What is wrong with details though each field is right by itself. `field` is a path such as `destination.accountNumber`. */
export interface BrokenRule {
  readonly field: string;
  readonly kind: 'iban' | 'card_expired' | 'format';
  readonly expected: string;
}

/**
 * The rules between fields, and between fields and the clock, for callers and Receivers alike: what looks like an IBAN is one, so is an
 * account in euros in a country of SEPA unless its bank is named by a code, a card is good, a birthday is past.
 */
export function findBrokenRules(
  details: { readonly destination?: Destination | undefined; readonly receiver: Receiver; readonly currency: string },
  nowMs: number,
): BrokenRule[] {
  const { destination, receiver } = details;
  const broken: BrokenRule[] = [];
  if (destination?.type === 'bank_account') {
    const { accountNumber, bankCode, routingNumber } = destination;
    const isInSepa = details.currency === 'EUR' && isSEPACountry(receiver.country ?? '');
    const isByIban = isInSepa && bankCode === undefined && routingNumber === undefined;
    if ((isByIban || looksLikeIban(accountNumber)) && !isValidIBAN(accountNumber)) {
      broken.push({
        field: 'destination.accountNumber',
        kind: 'iban',
        expected: 'an IBAN with correct check digits',
      });
    }
  }
  if (destination?.type === 'card' && isPast(destination, nowMs)) {
    broken.push({ field: 'destination.expiryYear', kind: 'card_expired', expected: 'a card that has not expired' });
  }
  if (receiver.birthday !== undefined && toDay(receiver.birthday) - HALF_A_DAY_MS > nowMs) {
    broken.push({ field: 'receiver.birthday', kind: 'format', expected: 'a day in the past' });
  }
  return broken;
}

/** A day begins and a month ends at other times elsewhere: by the clock that says so for the Receiver, wherever that is. */
const HALF_A_DAY_MS = 43_200_000;

/** A card is good to the end of its month; of a year alone, to its end. */
function isPast({ expiryMonth = '12', expiryYear }: Card, nowMs: number): boolean {
  if (expiryYear === undefined) return false;
  return Date.UTC(Number(expiryYear), Number(expiryMonth), 1) + HALF_A_DAY_MS <= nowMs;
}

/** `YYYYMMDD` as the epoch milliseconds at which that day begins; NaN for a day that no calendar has. */
function toDay(text: string): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  const atMs = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(atMs) || !new Date(atMs).toISOString().startsWith(iso) ? Number.NaN : atMs;
}

/** True for a day that there was or will be. */
export function isRealDay(text: string): boolean {
  return /^\d{8}$/.test(text) && !Number.isNaN(toDay(text));
}
