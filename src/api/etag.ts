import { createHash } from 'node:crypto';
import type { Payout } from '../domain/payout';
import { viewPayout } from './view';

/** A weak name for what a caller sees of the payout: it changes with every visible change but the time of the last one. */
export function etagOf(payout: Payout): string {
  const visible = { ...viewPayout(payout), updatedAt: null };
  return `"${createHash('sha256').update(JSON.stringify(visible)).digest('base64url').slice(0, 22)}"`;
}
