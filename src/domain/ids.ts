/** Identifiers as branded strings; these functions are the only constructors. */
export type ClientOrderId = string & { readonly __brand: 'ClientOrderId' };
export type OrderId = string & { readonly __brand: 'OrderId' };

/**
 * Our identifier, one per payout, for ever, at most 128 characters. It starts with a letter because the
 * gateway's control string joins status, order id and this id without a delimiter: a leading letter leaves one reading.
 */
export const CLIENT_ORDER_ID_PATTERN = /^[A-Za-z][A-Za-z0-9._-]{0,127}$/;

/** The gateway's identifier: decimal digits, at most 20, not zero. */
const ORDER_ID_PATTERN = /^[1-9][0-9]{0,19}$/;

/** An id of a batch, of which those of its rows may be made: `{batchId}-{row}`. */
export const BATCH_ID_PATTERN = /^[A-Za-z][A-Za-z0-9._-]{0,99}$/;

/** True when the text can be the id of a batch. */
export function isBatchId(text: string): boolean {
  return BATCH_ID_PATTERN.test(text);
}

/** True when the text can be our order identifier. */
export function isClientOrderId(text: string): text is ClientOrderId {
  return CLIENT_ORDER_ID_PATTERN.test(text);
}

/** @throws RangeError naming the field, never repeating a value that might be account data. */
export function toClientOrderId(text: string): ClientOrderId {
  if (!isClientOrderId(text)) {
    throw new RangeError('clientOrderId: expected a letter followed by at most 127 letters, digits, ".", "_" or "-"');
  }
  return text;
}

/** True when the text can be a gateway order identifier. */
export function isOrderId(text: string): text is OrderId {
  return ORDER_ID_PATTERN.test(text);
}

/** @throws RangeError when the text is no gateway order identifier. */
export function toOrderId(text: string): OrderId {
  if (!isOrderId(text)) throw new RangeError('orderId: expected 1 to 20 decimal digits, not starting with 0');
  return text;
}
