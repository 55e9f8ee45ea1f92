import type { ClientOrderId } from '../domain/ids';

/** Payouts to which something happened in this process a moment ago; what Temporal records of it may be a moment behind. */
export interface RecentIds {
  add(clientOrderId: ClientOrderId): void;
  has(clientOrderId: ClientOrderId): boolean;
}

const REMEMBERED = 10_000;

/** Forgets each after `windowMs`, and the oldest beyond ten thousand. */
export function createRecentIds(windowMs: number, now: () => number): RecentIds {
  const added = new Map<ClientOrderId, number>();
  return {
    add(clientOrderId) {
      added.delete(clientOrderId);
      added.set(clientOrderId, now());
      const oldest = added.keys().next().value;
      if (added.size > REMEMBERED && oldest !== undefined) added.delete(oldest);
    },
    has(clientOrderId) {
      const atMs = added.get(clientOrderId);
      return atMs !== undefined && now() - atMs < windowMs;
    },
  };
}
