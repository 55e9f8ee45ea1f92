import type { StackOptions } from './stack';

/** Durations that make every path end within seconds; the product's own defaults are tested on skipped time. */
const POLL_PLAN = JSON.stringify([
  { every: '1s', until: '12s' },
  { every: '1s', until: '25s' },
]);
const UNCONFIRMED_LADDER = JSON.stringify({ gaps: ['1s', '1s', '1s', '2s'], every: '2s', until: '12s' });

const PRODUCT = { POLL_PLAN, UNCONFIRMED_LADDER, CONFIRM_WITHIN: '2s', GATEWAY_TIMEOUT: '2s' };

export const QUICK: StackOptions = {
  api: PRODUCT,
  worker: PRODUCT,
  settings: {
    processingMs: 1_500,
    callbackDelayMs: 200,
    slowMs: 15_000,
    hangMs: 4_000,
    lateMs: 5_000,
    reversalDelayMs: 1_500,
    unknownMs: 2_500,
    callbackFirstGapMs: 500,
    callbackTimeoutMs: 8_000,
  },
};

/** The gateway's callback alone settles: the first question comes after half a minute. */
export function callbackOnly(options: StackOptions): StackOptions {
  const slowPolls = { POLL_PLAN: JSON.stringify([{ every: '40s', until: '10m' }]) };
  return { ...options, api: { ...options.api, ...slowPolls }, worker: { ...options.worker, ...slowPolls } };
}
