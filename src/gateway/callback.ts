import { type ClientOrderId, isClientOrderId, isOrderId } from '../domain/ids';
import type { OrderReport, ReportSubject } from '../domain/order-report';
import { CallbackRejected } from './errors';
import { decodePairs, type Pairs } from './form';
import { CALLBACK } from './protocol';
import { toReasonOrNull, toStatusText, toWord } from './report';
import { type CallbackControlParts, callbackControl, isSameControl } from './signing';
import { DEFAULT_PAYOUT_TYPES, toOrderStatus, toReportSubject } from './statuses';

export { CallbackRejected } from './errors';

const MAX_CALLBACK_LENGTH = 16 * 1024;
const MAX_CALLBACK_PAIRS = 64;

/** Names and values of a callback, in order, repeats kept; null for a value that cannot be decoded. */
export type CallbackPairs = Pairs;

/** What a verified callback says, and about which payout. Only status and ids are signed. */
export type CallbackReport = OrderReport & { readonly clientOrderId: ClientOrderId };

/**
 * Reads a raw query string (without `?`) or form body. What cannot be decoded is refused where it is used, and nowhere else.
 * @throws CallbackRejected `malformed` above 16 KiB or 64 pairs.
 */
export function parsePairs(rawQuery: string): CallbackPairs {
  if (Buffer.byteLength(rawQuery, 'utf8') > MAX_CALLBACK_LENGTH) throw new CallbackRejected('malformed');
  try {
    return decodePairs(rawQuery, MAX_CALLBACK_PAIRS);
  } catch {
    throw new CallbackRejected('malformed');
  }
}

function findValues(pairs: CallbackPairs, name: string): readonly (string | null)[] {
  return pairs.filter(([candidate]) => candidate === name).map(([, value]) => value);
}

/** A signed field, as it is signed: parsers differ on which of two equal names counts, so a repeat is refused. */
function readSigned(pairs: CallbackPairs, name: string): string | null {
  const [value, ...repeats] = findValues(pairs, name);
  if (repeats.length > 0 || value === null) throw new CallbackRejected('malformed');
  return value ?? null;
}

/** A field that is only shown: as good as absent when it repeats or cannot be decoded. */
function readShown(pairs: CallbackPairs, name: string): string {
  const [value, ...repeats] = findValues(pairs, name);
  return repeats.length > 0 ? '' : (value ?? '').trim();
}

/** Not signed, and yet it decides: of several types the one that is not a payout counts. */
function readSubject(pairs: CallbackPairs, payoutTypes: readonly string[]): ReportSubject {
  const types = findValues(pairs, CALLBACK.type);
  const subjects = (types.length === 0 ? [''] : types).map((type) => {
    if (type === null) throw new CallbackRejected('malformed');
    return toReportSubject(type, payoutTypes);
  });
  return (['post_payout_event', 'other_transaction'] as const).find((other) => subjects.includes(other)) ?? 'payout';
}

function readControlParts(pairs: CallbackPairs): CallbackControlParts {
  const clientOrderId = readSigned(pairs, CALLBACK.clientOrderId);
  const alias = readSigned(pairs, CALLBACK.clientOrderIdAlias);
  if (clientOrderId !== null && alias !== null && clientOrderId !== alias) throw new CallbackRejected('malformed');
  return {
    status: readSigned(pairs, CALLBACK.status) ?? '',
    orderId: readSigned(pairs, CALLBACK.orderId) ?? '',
    clientOrderId: clientOrderId ?? alias ?? '',
  };
}

/** Every key is tried, without stopping at the first match, so that timing does not tell which key is in use. */
function isSignedByOne(parts: CallbackControlParts, control: string, controlKeys: readonly string[]): boolean {
  return controlKeys.map((key) => isSameControl(callbackControl(parts, key), control)).includes(true);
}

/**
 * True when the control is right, which is all that it says: what `verifyCallback` takes is signed, and not all that is signed is taken.
 * A wrong control costs no exception here.
 * @throws CallbackRejected `malformed` for repeated signed names or two different client order ids.
 * @throws RangeError when a control key is empty.
 */
export function isSignedCallback(pairs: CallbackPairs, controlKeys: readonly string[]): boolean {
  return isSignedByOne(readControlParts(pairs), readSigned(pairs, CALLBACK.control) ?? '', controlKeys);
}

/**
 * Verifies a callback and translates it. The control is compared on decoded values, in constant time, before anything is read as a
 * domain value; several keys serve a rotation. A status with a digit is refused even when signed: the control has no delimiter, so
 * that what follows the digit could have been taken from the ids. Blanks around a value are ignored.
 * @throws CallbackRejected `bad_control` for a missing or wrong control; `malformed` for signed names that repeat or cannot be decoded, two
 *   different client order ids, ids that cannot be ids, or a type that cannot be decoded.
 * @throws RangeError when a control key is empty.
 */
export function verifyCallback(
  pairs: CallbackPairs,
  controlKeys: readonly string[],
  payoutTypes: readonly string[] = DEFAULT_PAYOUT_TYPES,
): CallbackReport {
  const parts = readControlParts(pairs);
  const control = readSigned(pairs, CALLBACK.control) ?? '';
  if (!isSignedByOne(parts, control, controlKeys)) throw new CallbackRejected('bad_control');

  const [status, orderId, clientOrderId] = [parts.status.trim(), parts.orderId.trim(), parts.clientOrderId.trim()];
  if (!isOrderId(orderId) || !isClientOrderId(clientOrderId) || /\d/.test(status))
    throw new CallbackRejected('malformed');
  return {
    source: 'callback',
    clientOrderId,
    orderId,
    status: toOrderStatus(status),
    statusText: toStatusText(status),
    subject: readSubject(pairs, payoutTypes),
    transactionType: toWord(readShown(pairs, CALLBACK.type)),
    amount: toWord(readShown(pairs, CALLBACK.amount)),
    currency: toWord(readShown(pairs, CALLBACK.currency).toUpperCase()),
    stage: null,
    serialNumber: null,
    redirectTo: null,
    reason: toReasonOrNull(readShown(pairs, CALLBACK.errorCode), readShown(pairs, CALLBACK.errorMessage)),
    processorTxId: toWord(readShown(pairs, CALLBACK.processorTxId)),
  };
}

/** The control a gateway would put on these three values: lower-case hex SHA-1. */
export function signCallback(parts: CallbackControlParts, controlKey: string): string {
  return callbackControl(parts, controlKey);
}
