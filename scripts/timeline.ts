import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblemError, type PayoutView, readPayout, readTimeline, type TimelineStep } from './payout-api';

export interface FollowOptions {
  readonly api: string;
  readonly clientOrderId: string;
  /** Whether there is nothing more to wait for. */
  readonly isDone: (payout: PayoutView) => boolean;
  readonly print: (line: string) => void;
  readonly timeoutMs: number;
  readonly intervalMs?: number;
}

/** One line of a timeline: time since the first step, who reported it, what happened, the state after it. */
export function formatStep(step: TimelineStep, firstAt: string): string {
  const seconds = (Date.parse(step.at) - Date.parse(firstAt)) / 1000;
  return `  ${`+${seconds.toFixed(1)} s`.padStart(9)}  ${step.source.padEnd(10)}  ${step.what}  [${step.state}]`;
}

/** Whether trying once more may help: no answer at all, or the service's own trouble. */
function isPassing(error: unknown): boolean {
  return !(error instanceof ApiProblemError) || error.status >= 500;
}

/**
 * Prints a payout's steps as they come, until it is done or time is up.
 *
 * @returns the payout as last seen, null when it was never seen. @throws ApiProblemError when the API refuses.
 */
export async function followTimeline(options: FollowOptions): Promise<PayoutView | null> {
  const deadline = performance.now() + options.timeoutMs;
  let printed = 0;
  let formShown = false;
  let payout: PayoutView | null = null;
  do {
    try {
      payout = await readPayout(options.api, options.clientOrderId);
      // Read after the payout, so that the steps are never behind the state that ends the wait.
      const steps = await readTimeline(options.api, options.clientOrderId);
      for (const step of steps.slice(printed)) options.print(formatStep(step, steps[0]?.at ?? step.at));
      printed = Math.max(printed, steps.length);
      const form = payout.receiverPage ?? payout.redirectTo;
      if (payout.state === 'awaiting_receiver' && form !== null && !formShown) {
        formShown = true;
        options.print(`             The Receiver is needed. Open ${form}`);
      }
      if (options.isDone(payout)) return payout;
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await sleep(options.intervalMs ?? 300);
  } while (performance.now() < deadline);
  return payout;
}
