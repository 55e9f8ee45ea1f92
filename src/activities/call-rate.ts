import { GatewayError } from '../gateway/errors';
import type { CallKind } from '../workflows/messages';

/** Spaces the calls of this process to one endpoint: at most `perSecond` a second, and a burst of one. */
export interface CallRate {
  /** Waits for this call's turn. False, without taking a turn, as soon as it is certain that none would come within `maxWaitMs`. */
  take(kind: CallKind, maxWaitMs: number): Promise<boolean>;
}

export interface CallRateOptions {
  readonly perSecond: number;
  /** Milliseconds; never goes back. */
  readonly now: () => number;
  readonly sleep: (forMs: number) => Promise<unknown>;
}

interface Waiting {
  readonly untilMs: number;
  readonly resolve: (isTurn: boolean) => void;
}

const BY_PRIORITY: readonly CallKind[] = ['send', 'confirm', 'poll'];
/** The kind that each turn is offered to first: sends have most turns, and never wait for two others; no kind has none. */
const OFFERED: readonly CallKind[] = ['send', 'send', 'confirm', 'send', 'send', 'poll'];

/**
 * Sends before confirmations before polls; calls of one kind in the order in which they asked. Each turn is counted from when the one
 * before was really taken: a late timer delays the rest and bunches nothing.
 */
export function createCallRate({ perSecond, now, sleep }: CallRateOptions): CallRate {
  if (!(perSecond > 0)) throw new RangeError('perSecond: expected a number above 0');
  const gapMs = 1_000 / perSecond;
  const queues: Record<CallKind, Waiting[]> = { send: [], confirm: [], poll: [] };
  let [nextMs, turns, isServing] = [Number.NEGATIVE_INFINITY, 0, false];

  function pick(): Waiting | undefined {
    const offered = OFFERED[turns % OFFERED.length] ?? 'send';
    const kind = [offered, ...BY_PRIORITY].find((one) => queues[one].length > 0);
    return kind && queues[kind].shift();
  }

  /** The next turn is at `nextMs` at the earliest: calls that cannot wait for it are refused now. */
  function refuseLate(): void {
    for (const kind of BY_PRIORITY) {
      for (const { untilMs, resolve } of queues[kind]) if (untilMs < nextMs) resolve(false);
      queues[kind] = queues[kind].filter(({ untilMs }) => untilMs >= nextMs);
    }
  }

  async function serve(): Promise<void> {
    isServing = true;
    while (BY_PRIORITY.some((kind) => queues[kind].length > 0)) {
      // A timer may fire a fraction of a millisecond early.
      for (let leftMs = nextMs - now(); leftMs > 0; leftMs = nextMs - now()) await sleep(Math.ceil(leftMs));
      pick()?.resolve(true);
      turns += 1;
      nextMs = now() + gapMs;
      refuseLate();
    }
    isServing = false;
  }

  return {
    take(kind, maxWaitMs) {
      const untilMs = now() + maxWaitMs;
      if (Math.max(now(), nextMs) + queues[kind].length * gapMs > untilMs) return Promise.resolve(false);
      return new Promise((resolve) => {
        queues[kind].push({ untilMs, resolve });
        if (!isServing) void serve();
      });
    },
  };
}

/** Our own limit, or our own stop, kept the question from being asked or answered: it says nothing about the gateway. */
export class TurnTooLate extends GatewayError {
  constructor() {
    super('unreachable');
  }
}
