import type { StackOptions } from './stack';

/** Durations that make every path end within seconds; the product's own defaults are tested on skipped time. */
const POLL_PLAN = JSON.stringify([
  { every: '1s', until: '8s' },
  { every: '1s', until: '16s' },
]);
const UNCONFIRMED_BACKOFF = JSON.stringify({ gaps: ['1s', '1s', '1s', '2s'], every: '2s', until: '9s' });

const PRODUCT = { POLL_PLAN, UNCONFIRMED_BACKOFF, CONFIRM_WITHIN: '2s', GATEWAY_TIMEOUT: '2s' };

export const QUICK: StackOptions = {
  api: PRODUCT,
  worker: PRODUCT,
  settings: {
    processingMs: 1_500,
    callbackDelayMs: 200,
    slowMs: 10_000,
    hangMs: 4_000,
    lateMs: 4_000,
    // Late enough to find the payout ended, on a slow machine too.
    reversalDelayMs: 4_000,
    unknownMs: 2_500,
    callbackFirstGapMs: 500,
    callbackTimeoutMs: 8_000,
  },
};

/** What waits does so to the end of the test, however slow the machine is: no deadline of a payout passes. */
export const PATIENT: StackOptions = withProduct(QUICK, {
  POLL_PLAN: JSON.stringify([{ every: '1s', until: '20m' }]),
});

/** A server that gives up in three seconds, not in ten, a workflow task that its worker was killed with or could not read. */
export const QUICK_TASKS = { 'history.defaultWorkflowTaskTimeout': 3 };

/** With more of the environment of API and worker. */
export function withProduct(options: StackOptions, more: NodeJS.ProcessEnv): StackOptions {
  return { ...options, api: { ...options.api, ...more }, worker: { ...options.worker, ...more } };
}

/** The gateway's callback alone settles: the first question comes after minutes. */
export function callbackOnly(options: StackOptions): StackOptions {
  return withProduct(options, {
    POLL_PLAN: JSON.stringify([{ every: '5m', until: '20m' }]),
    // A status that is slow to come must not leave a callback unconfirmed.
    CONFIRM_WITHIN: '1m',
  });
}
