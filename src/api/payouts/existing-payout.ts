import { type ClientOrderId, isClientOrderId } from '../../domain/ids';
import type { PayoutStore, Reading } from '../../store/payouts';
import { Problem } from '../plugins/errors';

/** The id in an address. @throws Problem not_found for what no payout can be named */
export function requireId(text: string): ClientOrderId {
  if (!isClientOrderId(text)) throw new Problem('not_found');
  return text;
}

/** @throws Problem not_found */
export async function requirePayout(store: Pick<PayoutStore, 'read'>, clientOrderId: string): Promise<Reading> {
  const reading = await store.read(requireId(clientOrderId));
  if (reading === null) throw new Problem('not_found');
  return reading;
}
