import { LruMap } from 'toad-cache';
import { BOUNDS } from '../../config/bounds';

/** Addresses, or callers, that are held up, each for a while. What is forgotten is counted anew by its counter. */
export interface HeldAddresses {
  hold(address: string, forMs: number): void;
  /** How much longer it is held up, in ms; null when it is not. */
  leftMs(address: string): number | null;
}

/** @param size how many, at most; beyond it the longest unused goes */
export function createHeldAddresses(size: number = BOUNDS.heldAddresses.most): HeldAddresses {
  const heldUntilMs = new LruMap<number>(size);
  return {
    // The clock of the limiter: a window ends here and there at the same time.
    hold: (address, forMs) => heldUntilMs.set(address, Date.now() + forMs),
    leftMs(address) {
      const leftMs = (heldUntilMs.get(address) ?? 0) - Date.now();
      if (leftMs > 0) return leftMs;
      heldUntilMs.delete(address);
      return null;
    },
  };
}
