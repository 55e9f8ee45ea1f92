/** The gateway checks the time in our signatures: beyond this, its refusals are near. */
export const SKEW_LIMIT_MS = 60_000;

export interface SkewWatch {
  /** Takes the gateway's clock minus ours, in ms; null when it is not known. */
  observe(endpoint: string, skewMs: number | null): void;
}

/** Tells once when the clock of an endpoint and ours come to differ by more than the limit, and again only after they agreed between. */
export function createSkewWatch(onCrossing: (endpoint: string, skewSeconds: number) => void): SkewWatch {
  const beyond = new Set<string>();
  return {
    observe(endpoint, skewMs) {
      if (skewMs === null) return;
      if (Math.abs(skewMs) <= SKEW_LIMIT_MS) {
        beyond.delete(endpoint);
        return;
      }
      if (beyond.has(endpoint)) return;
      beyond.add(endpoint);
      onCrossing(endpoint, Math.round(skewMs / 1_000));
    },
  };
}
