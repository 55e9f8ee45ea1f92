import { createHash, timingSafeEqual } from 'node:crypto';

/** Lower-case hex SHA-1 of the parts joined without a delimiter, UTF-8 (protocol 2.1, 4.1). */
function digest(parts: readonly string[]): string {
  return createHash('sha1').update(parts.join(''), 'utf8').digest('hex');
}

/** What the control of a v2 status request is made of; `orderId` is empty when the request names none. */
export interface StatusControlParts {
  readonly login: string;
  readonly clientOrderId: string;
  readonly orderId: string;
  readonly controlKey: string;
}

/** The control a v2 status request must carry; `by-request-sn` is no part of it. */
export function statusControl(parts: StatusControlParts): string {
  return digest([parts.login, parts.clientOrderId, parts.orderId, parts.controlKey]);
}

/** What the control of a callback and of the final redirect is made of. */
export interface CallbackControlParts {
  readonly status: string;
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly controlKey: string;
}

/** The control of a callback and of the final redirect; covers neither amount nor type. */
export function callbackControl(parts: CallbackControlParts): string {
  return digest([parts.status, parts.orderId, parts.clientOrderId, parts.controlKey]);
}

/** Compares in constant time; a text of another length is never equal. */
export function isSameControl(expected: string, actual: string): boolean {
  const left = Buffer.from(expected, 'utf8');
  const right = Buffer.from(actual, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}
