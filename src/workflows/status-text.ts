import { shownAttention } from '../domain/approvals';
import { ATTENTION_ADVICE } from '../domain/attention-advice';
import { approvalOf } from '../domain/gate';
import type { AlarmCause, NextStep } from '../domain/next-step';
import { deadlineOf } from '../domain/next-step';
import { isFinalState, type Payout } from '../domain/payout';
import { intervalAt, type PayoutPolicy } from '../domain/poll-plan';

/** What each timer is for, as the Temporal UI shows it beside the timer. */
export const ALARM_WORDS: Readonly<Record<AlarmCause, string>> = {
  details_ended: 'give up waiting for the Receiver: nothing is sent',
  approval_ended: 'give up waiting for approvals: nothing is sent',
  execute_at: 'send it: the time that was asked for has come',
  limit: 'ask the limit for room again: nothing has left so far',
  send_again: 'try to send again: nothing has left so far',
  ask: 'ask the order status',
  claim_expired: 'let the callback stand alone unless the gateway answers',
  backoff_ended: 'give up looking for the order: a person decides',
  sending_ended: 'give up sending: a person decides',
  horizon_ended: 'give up waiting for a final status: a person decides',
};

/**
 * The status of a payout in Markdown for the Temporal UI: what it is waiting for, since when, until when, and what to do. Nothing personal
 * but the masked tail.
 * @param page address of the operators' page, to link to
 */
export function describePayout(payout: Payout, next: NextStep, policy: PayoutPolicy, page: string): string {
  const order = payout.orderId === null ? 'no order known yet' : `order ${payout.orderId}`;
  const head = `**${words(payout.state)}${standing(payout)}**: ${payout.amount} ${payout.currency} to ${payout.destination ?? 'whom the Receiver names'} through ${payout.endpoint}, ${order}`;
  const lines = [head];
  if (payout.actualAmount !== null) lines.push(`**Gateway reports:** ${reported(payout)}`);
  lines.push(`**Waits for:** ${waitsFor(payout, next, policy)}`, `**Since:** ${sinceWhen(payout)}`);
  const until = untilWhen(payout, policy);
  if (until !== null) lines.push(`**Until:** ${until}`);
  if (payout.claim !== null && payout.state !== 'needs_review')
    lines.push(`**Callback:** it says ${payout.claim.status}; the order status must agree.`);
  lines.push(`**To do:** ${toDo(payout, page)}`);
  if (payout.evidence.some(({ source, what }) => source === 'workflow' && what === 'reset'))
    lines.push('The workflow was reset: nothing is sent by itself any more. An order that is found is followed.');
  lines.push(`[On the operators’ page](${page}#/payouts/${payout.clientOrderId})`);
  return lines.join('\n\n');
}

/** Whether it was paid, in a word. Not while a person should look: a reversal or a second status may say otherwise. */
function standing({ state, attention }: Payout): string {
  if (attention !== null) return ', needs a person';
  if (state === 'approved') return ' (paid)';
  return isFinalState(state) ? ' (not paid)' : '';
}

/** The gateway's own words, which may be no amount at all: nothing in them is taken for Markdown. */
function reported({ actualAmount, actualCurrency, amount, currency }: Payout): string {
  const isOther = actualAmount !== amount || (actualCurrency !== null && actualCurrency !== currency);
  const text = `${actualAmount} ${actualCurrency ?? ''}`.trim().replaceAll(/[^\w .,+-]/g, '?');
  return isOther ? `**${text}**, not what was asked` : text;
}

function waitsFor(payout: Payout, next: NextStep, policy: PayoutPolicy): string {
  switch (next.step) {
    case 'submit':
    case 'await_submission':
      return 'the gateway’s answer to the one call that creates the order.';
    case 'confirm':
    case 'ask':
      return 'the gateway’s answer about the order status.';
    case 'hold':
      return 'the limits that it takes from.';
    case 'consult':
      return `the word of the service that is asked before the send (rule ${payout.gate?.hook?.rule ?? 'unknown'}); ${NOTHING_SENT}.`;
    case 'finish':
    case 'give_up':
    case 'release':
      return 'nothing more.';
    case 'wait': {
      const { alarm, watchUntilMs } = next;
      if (watchUntilMs !== null) {
        const every = `every ${Math.round(policy.pollPlan[0].everyMs / 100) / 10} s until ${moment(watchUntilMs)}`;
        return `${awaited(payout)}, asked ${every}, or a callback (${callbacksOf(payout)}).`;
      }
      if (alarm?.cause === 'approval_ended') return approvals(payout);
      if (alarm === null) return `a person; callbacks are still taken (${callbacksOf(payout)}).`;
      if (alarm.cause === 'details_ended') return 'the Receiver, who must say on their page where the money goes.';
      if (alarm.cause === 'limit') return `room in a limit, asked again at ${moment(alarm.atMs)}; ${NOTHING_SENT}.`;
      if (alarm.cause === 'execute_at') return `the time to send it, ${moment(alarm.atMs)}; ${NOTHING_SENT}.`;
      if (alarm.cause === 'send_again')
        return `the next try to send, at ${moment(alarm.atMs)}; ${payout.sendAttempts} so far, and nothing left.`;
      return `${awaited(payout)}, asked next at ${moment(alarm.atMs)}${pace(payout, policy)}, or a callback (${callbacksOf(payout)}).`;
    }
  }
}

/** No names: what is shown here is about the payout, and persons are in the timeline. */
function approvals({ gate }: Payout): string {
  const { waitingAct } = gate ?? {};
  const asked = approvalOf(gate);
  const what = waitingAct === undefined ? NOTHING_SENT : `to ${waitingAct.action} it`;
  return `approvals, ${asked?.approvedBy.length ?? 0} of ${asked?.needed ?? 0} (rule ${asked?.rule ?? 'unknown'}); ${what}.`;
}

const NOTHING_SENT = 'nothing was sent, and it can be cancelled or rescheduled';

function awaited(payout: Payout): string {
  if (payout.state === 'awaiting_receiver') return 'the Receiver, who must fill in the gateway’s form';
  if (payout.state === 'unconfirmed') return 'a sign of the order: the create call may have left';
  return isFinalState(payout.state) ? 'an order status that agrees with the callback' : 'a final status';
}

function pace(payout: Payout, policy: PayoutPolicy): string {
  if (payout.state === 'unconfirmed' || payout.lastAskedAtMs === null || payout.pollingSinceMs === null) return '';
  const everyMs = intervalAt(policy.pollPlan, payout.lastAskedAtMs - payout.pollingSinceMs);
  return `, every ${everyMs >= 3_600_000 ? `${everyMs / 3_600_000} h` : `${everyMs / 60_000} min`} now`;
}

function callbacksOf(payout: Payout): string {
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
  return `${moment(deadlineMs)}; then ${thenWhat(payout)}`;
}

function thenWhat({ state }: Payout): string {
  if (state === 'scheduled') return 'it is sent';
  return state === 'awaiting_details' || state === 'awaiting_approval'
    ? 'it expires, and nothing was sent'
    : 'a person decides';
}

function toDo(payout: Payout, page: string): string {
  const attention = shownAttention(payout);
  if (attention === null) {
    if (payout.state === 'awaiting_details') return 'nothing; the Receiver has the link to their page.';
    return payout.state === 'awaiting_receiver' ? 'nothing; the Receiver has the link to the form.' : 'nothing.';
  }
  const { means, ...advice } = ATTENTION_ADVICE[attention];
  const todo = (isFinalState(payout.state) ? advice.todoWhenFinal : undefined) ?? advice.todo;
  return `${means} ${todo} Runbook: [${attention}](${page}#/reasons/${attention}).`;
}

function words(text: string): string {
  const spaced = text.replaceAll('_', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** To the minute, in UTC. */
function moment(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
