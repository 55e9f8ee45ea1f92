import { FAST_PRODUCT, FAST_SIMULATOR } from '../../scripts/fast-clock';
import type { StackOptions } from './stack';

/** Every path ends within seconds; the product's own defaults are tested on skipped time. */
export const QUICK: StackOptions = { api: FAST_PRODUCT, worker: FAST_PRODUCT, settings: FAST_SIMULATOR };

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
