import './short-stacks';
import type { Payout } from '../domain/payout';
import type { PayoutInput } from './messages';
import { followPayout } from './payout';
import { watchResets } from './reset-watch';

export { batch, batchPart } from './batch';
export { lateEvents } from './late-events';
export { limit } from './limit';
export { notification } from './notification';
export { unmatchedCallback } from './unmatched-callback';

/** Written here because this file is evaluated for each run, and what sees the resets of a run belongs to that run alone. */
export function payout(input: PayoutInput): Promise<Payout> {
  return followPayout(input, watchResets);
}
