import type { StrayCallbackInput } from './messages';

/**
 * Callbacks that no open payout could take, kept where an operator finds them. They complete at once: that Temporal has stored
 * them is what lets the gateway have its 200, and their search attributes are what raises the alert.
 */
export async function lateCallback(input: StrayCallbackInput): Promise<StrayCallbackInput> {
  return input;
}

/** A signed callback for a payout that Temporal does not know. */
export async function orphanCallback(input: StrayCallbackInput): Promise<StrayCallbackInput> {
  return input;
}
