import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { NextStep } from '../domain/next-step';
import { isFinalState, type Payout } from '../domain/payout';
import { type PayoutInput, searchAttributes } from './messages';

/** What an operator sees of a payout in the Temporal UI. */
export interface Cockpit {
  /** `destinationHash`: of what the Receiver entered, null before. */
  show(held: Payout, next: NextStep, destinationHash: string | null): void;
}

const AT_START = 'open';

/**
 * Plain words as current details (no event), and search attributes only when the payout leaves the fast path or ends: each upsert
 * is an event and a billed action. Details and attributes are stored in clear: nothing personal may be in them.
 */
export function createCockpit(input: PayoutInput): Cockpit {
  const { runId, firstExecutionRunId } = workflowInfo();
  const isReset = runId !== firstExecutionRunId && input.carried === undefined;
  let published = attributesAtStart(input);
  let isHashPublished = false;
  return {
    show(held, next, destinationHash) {
      setCurrentDetails(describe(held, next, isReset));
      if (destinationHash !== null && !isHashPublished) {
        isHashPublished = true;
        published = AT_START;
        upsertSearchAttributes([
          { key: searchAttributes.state, value: AT_START },
          { key: searchAttributes.destinationHash, value: destinationHash },
        ]);
      }
      if (!isWorthAnEvent(held)) return;
      const key = attributesKey(held);
      if (key === published) return;
      published = key;
      upsertSearchAttributes([
        { key: searchAttributes.state, value: held.state },
        { key: searchAttributes.outcome, value: isFinalState(held.state) ? held.state : null },
        { key: searchAttributes.attention, value: held.attention },
        { key: searchAttributes.orderId, value: held.orderId },
      ]);
    },
  };
}

/** What the API set when it started the run: a payout that waits for its Receiver says so from the beginning. */
function attributesAtStart({ request, carried }: PayoutInput): string {
  if (carried !== undefined) return attributesKey(carried);
  return request.destination === undefined ? ['awaiting_details', null, null].join(' ') : AT_START;
}

function attributesKey(payout: Payout): string {
  return [payout.state, payout.attention, payout.orderId].join(' ');
}

/** The fast path (accepted, sending, processing while the gateway answers) is `open` and costs nothing. */
function isWorthAnEvent(payout: Payout): boolean {
  const isFastPath = payout.state === 'accepted' || payout.state === 'sending' || payout.state === 'processing';
  return !isFastPath || payout.attention !== null || (payout.state === 'processing' && payout.gear === 'slow');
}

function describe(payout: Payout, next: NextStep, isReset: boolean): string {
  const lines = [
    `**${payout.state.replaceAll('_', ' ')}**: ${payout.amount} ${payout.currency} to ${payout.destination ?? 'whom the Receiver names'}`,
  ];
  if (payout.attention !== null) lines.push(`Needs attention: ${payout.attention.replaceAll('_', ' ')}.`);
  if (payout.orderId !== null) lines.push(`Order ${payout.orderId} at the gateway.`);
  if (payout.claim !== null)
    lines.push(`A callback says ${payout.claim.status}; waiting for the order status to agree.`);
  lines.push(waitsFor(payout, next));
  if (isReset) lines.push('This run began by a reset: an order that exists is adopted, never sent again.');
  return lines.join('\n\n');
}

function waitsFor(payout: Payout, next: NextStep): string {
  switch (next.step) {
    case 'submit':
    case 'await_submission':
      return 'Sending it to the gateway.';
    case 'confirm':
    case 'ask':
      return 'Asking the gateway for the order status.';
    case 'finish':
    case 'give_up':
      return 'Nothing more to do.';
    case 'wait': {
      const { alarm, watchUntilMs } = next;
      if (watchUntilMs !== null)
        return `Asking every few seconds until ${iso(watchUntilMs)}, or until a callback comes.`;
      if (alarm === null) return 'Waiting for a person to settle it; callbacks are still heard.';
      if (alarm.cause === 'details_ended')
        return `Waiting for the Receiver to say where the money goes, until ${iso(alarm.atMs)}.`;
      if (alarm.cause === 'send_again')
        return `Not sent (${payout.sendAttempts} tried); tries again at ${iso(alarm.atMs)}.`;
      return `Asks the gateway next at ${iso(alarm.atMs)}, or when a callback comes.`;
    }
  }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
