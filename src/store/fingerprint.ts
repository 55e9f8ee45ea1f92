import { createHash, createHmac } from 'node:crypto';
import { normaliseAccountNumber } from '../domain/normalise';
import { type AskedRequest, type Destination, forgetPersonal, numberOf } from '../domain/payout-request';
import type { PayoutInput } from '../workflows/messages';

/** The request as one text: the same request gives the same text, whatever the order of its fields. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`)
    .join(',')}}`;
}

/** Keyed hash of a request, kept with the payout: account numbers are guessable, so a plain hash would give them away. Hex. */
export function fingerprintOf(request: AskedRequest, hashKey: string): string {
  return createHmac('sha256', hashKey).update('request\n').update(canonical(request)).digest('hex');
}

/** One hash of many requests, by their fingerprints in order; these are keyed already. Hex. */
export function hashOfContent() {
  const hash = createHash('sha256').update('batch\n');
  return {
    add: (fingerprint: string) => void hash.update(`${fingerprint}\n`),
    end: () => hash.digest('hex'),
  };
}

/** Keyed hash of where the money goes, to find payouts to one destination without storing it unencrypted. Hex, 32 digits. */
export function destinationHash(destination: Destination, hashKey: string): string {
  const plain = normaliseAccountNumber(numberOf(destination)).toUpperCase();
  return createHmac('sha256', hashKey).update(`destination\n${destination.type}\n${plain}`).digest('hex').slice(0, 32);
}

/**
 * The outermost fields in which a request differs from that of an existing payout, never their values; inside a destination or a receiver a
 * card number could be guessed digit by digit. Of a payout whose account was forgotten only what was kept can be compared; the rest
 * differs by its fingerprint alone.
 */
export function differingFields({ request, isAccountForgotten }: PayoutInput, asked: AskedRequest): string[] {
  const known = new Map<string, unknown>(Object.entries(request));
  const comparable = new Map<string, unknown>(Object.entries(isAccountForgotten ? forgetPersonal(asked) : asked));
  const names = [...new Set([...known.keys(), ...comparable.keys()])].sort();
  const fields = names.filter((name) => canonical(known.get(name)) !== canonical(comparable.get(name)));
  return isAccountForgotten && fields.length === 0 ? ['destination or receiver'] : fields;
}
