import { isFinalState, type Payout } from '../domain/payout';
import type { TimelineStep } from './fold';

/** A payout as callers see it. No account data beyond a masked tail. */
export function viewPayout(payout: Payout) {
  return {
    clientOrderId: payout.clientOrderId,
    state: payout.state,
    outcome: isFinalState(payout.state) ? payout.state : null,
    attention: payout.attention,
    settledBy: payout.settledBy,
    confirmed: payout.confirmed,
    orderId: payout.orderId,
    endpoint: payout.endpoint,
    amount: payout.amount,
    actualAmount: payout.actualAmount,
    currency: payout.currency,
    actualCurrency: payout.actualCurrency,
    destination: payout.destination,
    redirectTo: payout.redirectTo,
    receiverPage: null,
    reason: payout.reason,
    agreedAt: {
      submission: iso(payout.agreedAtMs.submission),
      poll: iso(payout.agreedAtMs.poll),
      callback: iso(payout.agreedAtMs.callback),
      operator: iso(payout.agreedAtMs.operator),
    },
    createdAt: new Date(payout.createdAtMs).toISOString(),
    updatedAt: new Date(payout.updatedAtMs).toISOString(),
    settledAt: iso(payout.settledAtMs),
  };
}

/** One step of a payout's timeline as callers see it. */
export function viewStep(step: TimelineStep) {
  const { source, what, state, orderId } = step;
  return { at: new Date(step.atMs).toISOString(), source, what, state, orderId };
}

function iso(atMs: number | null | undefined): string | null {
  return atMs === null || atMs === undefined ? null : new Date(atMs).toISOString();
}
