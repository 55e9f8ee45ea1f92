import { deadlineOf } from '../domain/deadline';
import type { AlarmCause, NextStep } from '../domain/next-step';
import { type AttentionReason, isFinalState, type Payout } from '../domain/payout';
import { intervalAt, type PayoutPolicy } from '../domain/poll-plan';

/** What each timer is for, as the Temporal UI shows it beside the timer. */
export const ALARM_WORDS: Readonly<Record<AlarmCause, string>> = {
  details_ended: 'give up waiting for the Receiver: nothing is sent',
  send_again: 'try to send again: nothing has left so far',
  ask: 'ask the order status',
  claim_expired: 'let the callback stand alone unless the gateway answers',
  ladder_ended: 'give up looking for the order: a person decides',
  sending_ended: 'give up sending: a person decides',
  horizon_ended: 'give up waiting for a final status: a person decides',
};

/** Why a person should look, and the first thing to do; the page of the runbook has the rest. */
const ATTENTION_WORDS: Readonly<Record<AttentionReason, string>> = {
  gateway_unreachable: 'the gateway does not answer. It is asked on by itself: look at the gateway and the network.',
  gateway_forbids: 'the gateway refuses our calls (401 or 403). Check login, key, endpoint and clock.',
  endpoint_paused: 'the endpoint keeps failing, so sends to it are held back. They go on by themselves.',
  unlisted_status: 'the gateway uses a status word we do not know. It is not believed: ask what it means.',
  order_not_found: 'an order that was seen is said not to exist. Ask the gateway about it; it is asked on.',
  outcome_unknown: 'the create call may have left, and no order was found. Ask the gateway, then resolve or resend.',
  deadline_passed: 'the time is over without a final status. Ask the gateway, then resolve.',
  conflict: 'two sources contradict each other. Hold the money, get the truth in writing, then resolve.',
  amount_mismatch: 'the gateway names another amount or currency. Hold the money, compare both, then resolve.',
  order_id_mismatch: 'another order id was named: there may be two orders. Ask the gateway about both at once.',
  post_payout_event: 'a reversal, a chargeback or the like was told. Book it: the outcome stays.',
  never_confirmed: 'final on a callback alone. Compare it with the gateway’s report.',
};

/**
 * Where a payout stands, in Markdown for the Temporal UI: what it waits for, since when, until when, and what to do. Nothing personal
 * but the masked tail.
 */
export function describePayout(
  payout: Payout,
  next: NextStep,
  { policy, isReset }: { policy: PayoutPolicy; isReset: boolean },
): string {
  const order = payout.orderId === null ? 'no order known yet' : `order ${payout.orderId}`;
  const head = `**${words(payout.state)}**: ${payout.amount} ${payout.currency} to ${payout.destination ?? 'whom the Receiver names'} through ${payout.endpoint}, ${order}`;
  const lines = [head, `**Waits for:** ${waitsFor(payout, next, policy)}`, `**Since:** ${sinceWhen(payout)}`];
  const until = untilWhen(payout, policy);
  if (until !== null) lines.push(`**Until:** ${until}`);
  if (payout.claim !== null && payout.state !== 'needs_review')
    lines.push(`**Heard:** a callback says ${payout.claim.status}; the order status must agree.`);
  lines.push(`**To do:** ${toDo(payout)}`);
  if (isReset) lines.push('This run began by a reset: an order that exists is adopted, never sent again.');
  return lines.join('\n\n');
}

function waitsFor(payout: Payout, next: NextStep, policy: PayoutPolicy): string {
  switch (next.step) {
    case 'submit':
    case 'await_submission':
      return 'the gateway’s answer to the one call that creates the order.';
    case 'confirm':
    case 'ask':
      return 'the gateway’s answer about the order status.';
    case 'finish':
    case 'give_up':
      return 'nothing more.';
    case 'wait': {
      const { alarm, watchUntilMs } = next;
      if (watchUntilMs !== null) {
        const every = `every ${Math.round(policy.pollPlan[0].everyMs / 100) / 10} s until ${moment(watchUntilMs)}`;
        return `${awaited(payout)}, asked ${every}, or a callback (${heard(payout)}).`;
      }
      if (alarm === null) return `a person; a callback is still heard (${heard(payout)}).`;
      if (alarm.cause === 'details_ended') return 'the Receiver, who must say on their page where the money goes.';
      if (alarm.cause === 'send_again')
        return `the next try to send, at ${moment(alarm.atMs)}; ${payout.sendAttempts} so far, and nothing left.`;
      return `${awaited(payout)}, asked next at ${moment(alarm.atMs)}${pace(payout, policy)}, or a callback (${heard(payout)}).`;
    }
  }
}

function awaited(payout: Payout): string {
  if (payout.state === 'awaiting_receiver') return 'the Receiver, who must fill in the gateway’s form';
  if (payout.state === 'unconfirmed') return 'a sign of the order: the create call may have left';
  return isFinalState(payout.state) ? 'an order status that agrees with the callback' : 'a final status';
}

function pace(payout: Payout, policy: PayoutPolicy): string {
  if (payout.state === 'unconfirmed' || payout.lastAskedAtMs === null || payout.gearSinceMs === null) return '';
  const everyMs = intervalAt(policy.pollPlan, payout.lastAskedAtMs - payout.gearSinceMs);
  return `, every ${everyMs >= 3_600_000 ? `${everyMs / 3_600_000} h` : `${everyMs / 60_000} min`} now`;
}

function heard(payout: Payout): string {
  const last = payout.evidence.filter(({ source }) => source === 'callback').at(-1);
  return last === undefined ? 'none yet' : `last ${moment(last.lastAtMs)}: ${last.what}`;
}

function sinceWhen(payout: Payout): string {
  const accepted = `accepted ${moment(payout.createdAtMs)}`;
  if (payout.settledAtMs !== null) return `${moment(payout.settledAtMs)} (${accepted})`;
  if (payout.state === 'unconfirmed' && payout.unconfirmedSinceMs !== null)
    return `${moment(payout.unconfirmedSinceMs)} (${accepted})`;
  if (payout.state === 'needs_review') return `${moment(payout.updatedAtMs)} (${accepted})`;
  return moment(payout.followedSinceMs ?? payout.createdAtMs);
}

function untilWhen(payout: Payout, policy: PayoutPolicy): string | null {
  const deadlineMs = deadlineOf(payout, policy);
  if (deadlineMs === null) return payout.state === 'needs_review' ? 'a person or a callback settles it' : null;
  const then = payout.state === 'awaiting_details' ? 'it expires, and nothing was sent' : 'a person decides';
  return `${moment(deadlineMs)}; then ${then}`;
}

function toDo(payout: Payout): string {
  if (payout.attention === null) {
    if (payout.state === 'awaiting_details') return 'nothing; the Receiver has the link to their page.';
    return payout.state === 'awaiting_receiver' ? 'nothing; the Receiver has the link to the form.' : 'nothing.';
  }
  return `${ATTENTION_WORDS[payout.attention]} Runbook: ${payout.attention}.`;
}

function words(text: string): string {
  const spaced = text.replaceAll('_', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** To the minute, in UTC: everybody reads the same. */
function moment(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
