import type { ClientOrderId } from '../../domain/ids';
import { isReturnWorthAsking } from '../../domain/transitions';
import { TemporalUnavailable } from '../../store/errors';
import type { PayoutStore } from '../../store/payouts';
import { createRecentIds } from '../plugins/recent-ids';

/** Between two signals of one payout from this process, whatever its history says: it is a moment behind. */
const REPEAT_WINDOW_MS = 15_000;

/**
 * Has the gateway asked when a Receiver comes back from its form. A hint and nothing more: it contains nothing that the browser
 * brought along, is dropped when the payout has no use for it, and never keeps the Receiver from their page.
 */
export function createReturnHint(
  store: PayoutStore,
  now: () => number,
): (clientOrderId: ClientOrderId) => Promise<void> {
  const hinted = createRecentIds({ windowMs: REPEAT_WINDOW_MS, now });
  return async (clientOrderId) => {
    if (hinted.has(clientOrderId)) return;
    hinted.add(clientOrderId);
    try {
      const reading = await store.read(clientOrderId);
      if (reading === null || reading.isClosed || !isReturnWorthAsking(reading.payout, now())) return;
      await store.signalReturn(clientOrderId);
    } catch (error) {
      if (!(error instanceof TemporalUnavailable)) throw error;
    }
  };
}
