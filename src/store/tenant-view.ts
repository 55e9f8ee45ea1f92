import { ALL_TENANTS, DEFAULT_TENANT, includesTenant, type Tenants } from '../domain/tenants';
import { PayoutUnreadable } from './errors';
import type { PayoutStore, Reading } from './payouts';

/** What a caller may ask about payouts by their ids: one of a tenant that the caller does not see is like one that does not exist. */
export type PayoutView = Pick<
  PayoutStore,
  'read' | 'readUntil' | 'operate' | 'acknowledge' | 'readUnmatched' | 'acknowledgeUnmatched'
>;

/** What was read, for who sees these tenants; null when it is another's, also when that cannot be read. */
export async function ifSeen<T>(
  reading: Promise<T | null>,
  { tenants, ownerOf }: { readonly tenants: Tenants; readonly ownerOf: (found: T) => string },
): Promise<T | null> {
  try {
    const found = await reading;
    return found !== null && includesTenant(tenants, ownerOf(found)) ? found : null;
  } catch (error) {
    if (error instanceof PayoutUnreadable && !includesTenant(tenants, error.tenant)) return null;
    throw error;
  }
}

/** The store as those see it who see these tenants. */
export function viewStore(store: PayoutStore, tenants: Tenants): PayoutView {
  if (tenants === ALL_TENANTS) return store;
  const sees = ({ tenant }: { readonly tenant: string }) => includesTenant(tenants, tenant);
  const seen = (reading: Promise<Reading | null>) => ifSeen(reading, { tenants, ownerOf: ({ tenant }) => tenant });

  return {
    read: (clientOrderId) => seen(store.read(clientOrderId)),
    // What is not seen is not waited for either: the time taken would reveal that it exists.
    readUntil: (clientOrderId, { isEnough, forMs }) =>
      seen(store.readUntil(clientOrderId, { isEnough: (reading) => !sees(reading) || isEnough(reading), forMs })),
    operate: async (clientOrderId, order) =>
      (await seen(store.read(clientOrderId))) === null ? null : await store.operate(clientOrderId, order),
    // What is closed was read, and seen.
    acknowledge: (closed, acknowledgement) => store.acknowledge(closed, acknowledgement),
    // Callbacks of unknown payouts are no tenant's own: those who see the default one look after them.
    readUnmatched: async (clientOrderId) =>
      includesTenant(tenants, DEFAULT_TENANT) ? await store.readUnmatched(clientOrderId) : null,
    acknowledgeUnmatched: async (clientOrderId, acknowledgement) =>
      includesTenant(tenants, DEFAULT_TENANT)
        ? await store.acknowledgeUnmatched(clientOrderId, acknowledgement)
        : 'not_found',
  };
}
