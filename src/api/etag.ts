import { createHash } from 'node:crypto';
import type { Payout } from '../domain/payout';
import { type LateEvent, viewPayout } from './view';

/**
 * A weak name for what a caller sees of a payout. It changes when something happened to the payout, not when one more source agreed
 * or was heard, so that a long poll is not answered for a difference nobody acts on.
 */
export function etagOf(payout: Payout, lateEvents: readonly LateEvent[] = []): string {
  // With some page in it, so that a new form of the gateway counts as a change.
  const visible = { ...viewPayout(payout, lateEvents, ''), updatedAt: null, agreedAt: null };
  return `W/"${createHash('sha256').update(JSON.stringify(visible)).digest('base64url').slice(0, 22)}"`;
}
