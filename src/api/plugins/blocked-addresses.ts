import { LruMap } from 'toad-cache';
import { BOUNDS } from '../../config/bounds';

/** Addresses, or callers, that are held up, each for a while. What is forgotten is counted anew by its counter. */
export interface BlockedAddresses {
  hold(address: string, forMs: number): void;
  /** How much longer it is held up, in ms; null when it is not. */
  leftMs(address: string): number | null;
}

/** @param size how many, at most; beyond it the longest unused goes */
export function createBlockedAddresses(size: number = BOUNDS.blockedAddresses.most): BlockedAddresses {
  const blockedUntilMs = new LruMap<number>(size);
  return {
    // The clock of the limiter: a window ends here and there at the same time.
    hold: (address, forMs) => blockedUntilMs.set(address, Date.now() + forMs),
    leftMs(address) {
      const leftMs = (blockedUntilMs.get(address) ?? 0) - Date.now();
      if (leftMs > 0) return leftMs;
      blockedUntilMs.delete(address);
      return null;
    },
  };
}
