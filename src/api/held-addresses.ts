const REMEMBERED = 5_000;

/** Addresses that are held up, each for a while. What is forgotten is counted anew by whoever counts. */
export interface HeldAddresses {
  hold(address: string, forMs: number): void;
  /** How much longer it is held up, in ms; null when it is not. */
  leftMs(address: string): number | null;
}

/** @param size how many, at most; beyond it the first goes */
export function createHeldAddresses(size = REMEMBERED): HeldAddresses {
  const heldUntilMs = new Map<string, number>();
  return {
    hold(address, forMs) {
      heldUntilMs.delete(address);
      heldUntilMs.set(address, Date.now() + forMs);
      const first = heldUntilMs.keys().next().value;
      if (heldUntilMs.size > size && first !== undefined) heldUntilMs.delete(first);
    },
    leftMs(address) {
      const untilMs = heldUntilMs.get(address);
      // The clock of the limiter: a window ends here and there at the same time.
      const leftMs = untilMs === undefined ? 0 : untilMs - Date.now();
      if (leftMs > 0) return leftMs;
      heldUntilMs.delete(address);
      return null;
    },
  };
}
