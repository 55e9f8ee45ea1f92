import { drawOne, drawWhole, type Random } from '../../support/random';
import { type SignedParts, sha1, signAsGateway } from '../../support/signed-callbacks';

/** What a real callback says, its control included. */
export type Signed = SignedParts & { readonly control: string };

const STATUSES = ['approved', 'declined', 'filtered', 'error', 'processing', 'unknown'];

/** A callback as the gateway signs it, computed by other means than the product's. */
export function drawSigned(random: Random, controlKey: string): Signed {
  const status = drawOne(random, STATUSES);
  const orderId = String(drawWhole(random, 1_000_000, 9_999_999));
  const parts = { status, orderId, clientOrderId: `PO-${drawWhole(random, 100_000, 999_999)}` };
  return { ...parts, control: signAsGateway(parts, controlKey) };
}

/** The pairs of a callback as a query or form. */
export function toPairs({ status, orderId, clientOrderId, control }: Signed): string {
  const ids = `orderid=${orderId}&client_orderid=${clientOrderId}&merchant_order=${clientOrderId}`;
  return `status=${status}&${ids}&type=payout&amount=10.50&control=${control}`;
}

type Forge = (signed: Signed, random: Random, controlKey: string) => Signed;

const resign = (signed: Signed, text: string): Signed => ({ ...signed, control: sha1(text) });
const joined = ({ status, orderId, clientOrderId }: Signed): string => status + orderId + clientOrderId;

/** Moves the end of one signed field and the beginning of the next: all of them joined stay the same. */
const move = (signed: Signed, [from, to]: ['status', 'orderId'] | ['orderId', 'clientOrderId'], by: number): Signed => {
  const both = signed[from] + signed[to];
  const at = signed[from].length + by;
  return { ...signed, [from]: both.slice(0, at), [to]: both.slice(at) };
};
const AHEAD = ['0', '+', '%20', '%00', '0x'];
const BEHIND = ['0', '%20', '+', '%00', '%0A', 'a'];

/**
 * Near misses of one real callback: each is as close as somebody comes who has seen real ones and does not have the key. Moved
 * delimiters keep the control right, since it covers the fields without a delimiter; they must be refused all the same.
 */
export const FORGERIES: Readonly<Record<string, Forge>> = {
  one_digit_changed: (signed, random) => {
    const at = drawWhole(random, 0, 39);
    const digit = ((Number.parseInt(signed.control.charAt(at), 16) + drawWhole(random, 1, 15)) % 16).toString(16);
    return { ...signed, control: signed.control.slice(0, at) + digit + signed.control.slice(at + 1) };
  },
  upper_case: (signed) => ({ ...signed, control: `${signed.control.slice(0, -1)}a`.toUpperCase() }),
  cut: (signed, random) => ({ ...signed, control: signed.control.slice(0, drawWhole(random, 0, 39)) }),
  extended: (signed, random) => ({ ...signed, control: signed.control + drawOne(random, BEHIND) }),
  led: (signed, random) => ({ ...signed, control: drawOne(random, AHEAD) + signed.control }),
  empty: (signed) => ({ ...signed, control: '' }),
  other_status: (signed) => ({ ...signed, status: signed.status === 'approved' ? 'declined' : 'approved' }),
  other_order: (signed) => ({ ...signed, orderId: String(Number(signed.orderId) + 1) }),
  other_payout: (signed, random) => ({ ...signed, clientOrderId: `PO-${drawWhole(random, 10, 99)}` }),
  swapped_fields: (signed) => ({ ...signed, orderId: signed.clientOrderId, clientOrderId: signed.orderId }),
  delimiter_into_status: (signed, random) => move(signed, ['status', 'orderId'], drawWhole(random, 1, 6)),
  delimiter_out_of_status: (signed) => move(signed, ['status', 'orderId'], -1),
  delimiter_into_payout_id: (signed, random) => move(signed, ['orderId', 'clientOrderId'], -drawWhole(random, 1, 6)),
  delimiter_out_of_payout_id: (signed) => move(signed, ['orderId', 'clientOrderId'], 1),
  other_key: (signed, _random, key) => resign(signed, joined(signed) + key.slice(0, -1)),
  key_in_lower_case: (signed, _random, key) => resign(signed, joined(signed) + key.toLowerCase()),
  no_key: (signed) => resign(signed, joined(signed)),
  wrong_order_of_fields: (signed, _random, key) =>
    resign(signed, signed.orderId + signed.status + signed.clientOrderId + key),
  key_first: (signed, _random, key) => resign(signed, key + joined(signed)),
  with_delimiters: (signed, _random, key) =>
    resign(signed, [signed.status, signed.orderId, signed.clientOrderId, key].join('&')),
};
