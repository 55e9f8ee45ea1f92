import { GatewayError } from '../gateway/errors';

/** Spaces the calls of this process to one endpoint, whoever makes them: at most `perSecond` a second, and a burst of one. */
export interface CallRate {
  /**
   * Waits for this call's turn; calls go in the order in which they asked. False, at once and without taking a turn, when it would
   * not come within `maxWaitMs`.
   */
  take(maxWaitMs: number): Promise<boolean>;
}

export interface CallRateOptions {
  readonly perSecond: number;
  /** Milliseconds; never goes back. */
  readonly now: () => number;
  readonly sleep: (forMs: number) => Promise<unknown>;
}

/** Each turn is counted from when the one before was really taken: a late timer delays the rest and bunches nothing. */
export function createCallRate({ perSecond, now, sleep }: CallRateOptions): CallRate {
  if (!(perSecond > 0)) throw new RangeError('perSecond: expected a number above 0');
  const gapMs = 1_000 / perSecond;
  let nextMs = Number.NEGATIVE_INFINITY;
  let waiting = 0;
  let lastTurn: Promise<void> = Promise.resolve();

  async function waitForTurn(before: Promise<void>): Promise<void> {
    await before;
    // A timer may fire a fraction of a millisecond early.
    for (let leftMs = nextMs - now(); leftMs > 0; leftMs = nextMs - now()) await sleep(Math.ceil(leftMs));
    nextMs = now() + gapMs;
    waiting -= 1;
  }

  return {
    async take(maxWaitMs) {
      const waitMs = Math.max(0, nextMs - now()) + waiting * gapMs;
      if (waitMs > maxWaitMs) return false;
      waiting += 1;
      lastTurn = waitForTurn(lastTurn);
      await lastTurn;
      return true;
    },
  };
}

/** Our own limit kept the question from being asked: nobody is to conclude anything about the gateway. */
export class TurnTooLate extends GatewayError {
  constructor() {
    super('unreachable');
  }
}
