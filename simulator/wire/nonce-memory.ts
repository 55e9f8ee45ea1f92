/** How far a timestamp may be from our clock, either way. The gateway's own window is not documented. */
export const SKEW_LIMIT_SECONDS = 300;

/** Remembers (consumer, nonce, timestamp) triples for as long as their timestamp could still be accepted. */
export interface NonceMemory {
  /** False when the triple was seen before. */
  remember(triple: { consumer: string; nonce: string; timestampSeconds: number }, nowMs: number): boolean;
}

/** The memory is in process: a restart forgets what was seen. */
export function createNonceMemory(): NonceMemory {
  const expiryMs = new Map<string, number>();
  let sweptMs = 0;
  return {
    remember({ consumer, nonce, timestampSeconds }, nowMs) {
      if (nowMs - sweptMs > SKEW_LIMIT_SECONDS * 1000) {
        for (const [key, expires] of expiryMs) if (expires < nowMs) expiryMs.delete(key);
        sweptMs = nowMs;
      }
      const key = JSON.stringify([consumer, nonce, timestampSeconds]);
      if (expiryMs.has(key)) return false;
      expiryMs.set(key, Math.max(nowMs, timestampSeconds * 1000) + 2 * SKEW_LIMIT_SECONDS * 1000);
      return true;
    },
  };
}

/** True when a timestamp is too far from our clock to be accepted. */
export function isSkewed(timestampSeconds: number, nowMs: number): boolean {
  return Math.abs(nowMs / 1000 - timestampSeconds) > SKEW_LIMIT_SECONDS;
}
