import type { Scenario } from './scenario';
import type { Settings } from './settings';

/** What the control API imposes on an order instead of its digits. */
export interface Forced {
  readonly scenario: Scenario;
  readonly settings: Partial<Settings>;
}

/** Forced scenarios, in memory only: a restart forgets them, orders already accepted keep theirs. */
export interface ForcedScenarios {
  /** Holds for every create with this id until replaced. */
  forceFor(clientOrderId: string, forced: Forced): void;
  /** Holds for the next creates whose id has none of its own. */
  forceNext(count: number, forced: Forced): void;
  /** What applies to a create now; uses up one of the next ones. */
  take(clientOrderId: string): Forced | null;
  clear(): void;
}

/** Starts with nothing forced. */
export function createForcedScenarios(): ForcedScenarios {
  const byClientOrderId = new Map<string, Forced>();
  let next: { forced: Forced; left: number }[] = [];
  return {
    forceFor(clientOrderId, forced) {
      byClientOrderId.set(clientOrderId, forced);
    },
    forceNext(count, forced) {
      next.push({ forced, left: count });
    },
    take(clientOrderId) {
      const own = byClientOrderId.get(clientOrderId);
      if (own !== undefined) return own;
      const first = next[0];
      if (first === undefined) return null;
      first.left -= 1;
      if (first.left === 0) next = next.slice(1);
      return first.forced;
    },
    clear() {
      byClientOrderId.clear();
      next = [];
    },
  };
}
