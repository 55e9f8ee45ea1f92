import { hash, timingSafeEqual } from 'node:crypto';

/**
 * The gateway's `control`: lower-case hex SHA-1 of all parts and the control key, joined without a delimiter, as UTF-8.
 * @throws RangeError when the key is empty: anybody could compute such a control.
 */
function hashControl(parts: readonly string[], controlKey: string): string {
  if (controlKey === '') throw new RangeError('controlKey: expected a text that is not empty');
  return hash('sha1', `${parts.join('')}${controlKey}`);
}

/** What the control of a v2 status request covers; a missing order id counts as empty. */
export interface StatusControlParts {
  readonly login: string;
  readonly clientOrderId: string;
  readonly orderId: string | null;
}

/**
 * Control of `/api/v2/status`. Equal to the control of a full return of the same order, so it must never reach a log.
 * @throws RangeError when the key is empty.
 */
export function statusControl(parts: StatusControlParts, controlKey: string): string {
  return hashControl([parts.login, parts.clientOrderId, parts.orderId ?? ''], controlKey);
}

/** What the control of a callback covers: no amount, no currency, no type, no time. */
export interface CallbackControlParts {
  readonly status: string;
  readonly orderId: string;
  readonly clientOrderId: string;
}

/** Control of a callback, over decoded values. @throws RangeError when the key is empty. */
export function callbackControl(parts: CallbackControlParts, controlKey: string): string {
  return hashControl([parts.status, parts.orderId, parts.clientOrderId], controlKey);
}

/** Compares in constant time whatever the lengths are: both texts are hashed first. */
export function isSameControl(expected: string, given: string): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(expected), digest(given));
}
