import type { ClientOrderId } from '../domain/ids';
import { isReturnWorthAsking } from '../domain/receiver';
import type { PayoutDesk } from './payouts';
import { TemporalUnavailable } from './temporal-unavailable';

/** Between two signals of one payout from this process, whatever its history says: it is a moment behind. */
const REPEAT_WINDOW_MS = 15_000;
const REMEMBERED = 10_000;

/**
 * Has the gateway asked when a Receiver comes back from its form. A hint and nothing more: it carries no word of what the browser
 * brought along, is dropped when the payout has no use for it, and never keeps the Receiver from their page.
 */
export function createReturnHint(desk: PayoutDesk, now: () => number): (clientOrderId: ClientOrderId) => Promise<void> {
  const hinted = new Map<ClientOrderId, number>();

  function isRepeat(clientOrderId: ClientOrderId): boolean {
    const atMs = hinted.get(clientOrderId);
    if (atMs !== undefined && now() - atMs < REPEAT_WINDOW_MS) return true;
    hinted.delete(clientOrderId);
    hinted.set(clientOrderId, now());
    const oldest = hinted.keys().next().value;
    if (hinted.size > REMEMBERED && oldest !== undefined) hinted.delete(oldest);
    return false;
  }

  return async (clientOrderId) => {
    if (isRepeat(clientOrderId)) return;
    try {
      const reading = await desk.read(clientOrderId);
      if (reading === null || reading.isClosed || !isReturnWorthAsking(reading.payout, now())) return;
      await desk.signalReturn(clientOrderId);
    } catch (error) {
      if (!(error instanceof TemporalUnavailable)) throw error;
    }
  };
}
