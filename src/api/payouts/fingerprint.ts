import { createHmac } from 'node:crypto';
import type { AskedRequest, Destination } from '../../domain/payout-request';
import { normaliseAccountNumber } from './normalise';

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

/** Keyed hash of where the money goes, to find payouts to one destination without storing it in clear. Hex, 32 digits. */
export function destinationHash(destination: Destination, hashKey: string): string {
  const number = destination.type === 'card' ? destination.cardNumber : destination.accountNumber;
  const plain = normaliseAccountNumber(number).toUpperCase();
  return createHmac('sha256', hashKey).update(`destination\n${destination.type}\n${plain}`).digest('hex').slice(0, 32);
}

/** The names of the fields in which two requests differ, as paths such as `receiver.lastName`; never their values. */
export function differingFields(left: AskedRequest, right: AskedRequest): string[] {
  return differences(left, right, '');
}

function differences(left: unknown, right: unknown, path: string): string[] {
  if (canonical(left) === canonical(right)) return [];
  if (!isPlain(left) || !isPlain(right)) return [path];
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...names]
    .flatMap((name) => differences(left[name], right[name], path === '' ? name : `${path}.${name}`))
    .sort();
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
