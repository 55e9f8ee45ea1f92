import type { AttentionReason } from './payout';

export interface AttentionAdvice {
  readonly means: string;
  readonly todo: string;
  /** What to do when the payout is final, where that differs: its outcome stays. */
  readonly todoWhenFinal?: string;
}

/** Why a person should look, and the first thing to do: shown in the Temporal UI and on the operators' page. The runbook has the rest. */
export const ATTENTION_ADVICE: Readonly<Record<AttentionReason, AttentionAdvice>> = {
  gateway_unreachable: {
    means: 'The gateway does not answer.',
    todo: 'Check the gateway and the network. This clears by itself; do not pay again.',
  },
  gateway_unreadable: {
    means: 'The gateway answers, but the answers cannot be used.',
    todo: 'The order may already be final: look it up at the gateway. Then report the answer to the account manager.',
  },
  gateway_forbids: {
    means: 'The gateway refuses our login, key, endpoint or clock.',
    todo: 'Check the clock, key, login and allow-list. Once they are right, unsent payouts are sent automatically.',
  },
  endpoint_paused: {
    means: 'Sends to this endpoint are paused because they keep failing.',
    todo: 'Check the gateway. Sending resumes within a minute of its return. Cancel what must no longer be sent.',
  },
  endpoint_not_served: {
    means: 'No worker takes the calls for this endpoint, so nothing is sent.',
    todo: 'Check the workers, their endpoints and their version. Sending is retried for a day. Cancel what must no longer be sent.',
  },
  limit_reached: {
    means: 'A limit of the policies has no room for this payout, so nothing is sent.',
    todo: 'Wait: it is tried every hour and when the next period begins. Cancel what must no longer be sent.',
  },
  hook_held: {
    means: 'The service that is asked before each send holds this payout.',
    todo: 'Read its reason in the timeline. Then approve or reject the payout, or have the service asked again. Nothing was sent.',
  },
  hook_unanswered: {
    means: 'The service that is asked before each send gave no usable answer.',
    todo: 'Check the service, then have it asked again. Approve by hand only what you checked yourself. Nothing was sent.',
  },
  unlisted_status: {
    means: 'The gateway used an unknown status word, which counts as not final.',
    todo: 'Ask the account manager what it means. The word is in the timeline.',
  },
  order_not_found: {
    means: 'The gateway reports that an order it showed before does not exist.',
    todo: 'Ask the account manager. Status requests continue.',
  },
  redirect_unusable: {
    means: 'The gateway wants the Receiver to fill in a form, but its link is not safe to use.',
    todo: 'Look the link up at the gateway, and compare its host with the allowed hosts. Then allow the host, or report the link.',
  },
  approval_blocked: {
    means: 'Too few people may approve this payout, not counting the requester.',
    todo: 'Give more people a key with payouts:approve, or cancel the payout. Nothing was sent.',
  },
  act_awaits_approval: {
    means: 'A person asked to resend or resolve this payout, which another person has to approve.',
    todo: 'Compare the request in the timeline with what the gateway says in writing. Then approve or reject it.',
  },
  outcome_unknown: {
    means: 'The payout may have been sent, but no order was found for a day.',
    todo: 'Ask the gateway in writing, by clientOrderId. Then resolve the payout or have it sent again.',
  },
  deadline_passed: {
    means: 'The payout was not final in time, or could not be sent for a day.',
    todo: 'Check in the timeline whether it was ever sent. Then ask the gateway, and resolve it or have it sent again.',
  },
  conflict: {
    means: 'Two sources report different final statuses.',
    todo: 'Hold the money and get the true status in writing. Then resolve it.',
    todoWhenFinal:
      'Get the true status in writing, and correct your books by it. Then acknowledge it: the outcome stays.',
  },
  amount_mismatch: {
    means: 'The gateway reports a different amount or currency from the request.',
    todo: 'Hold the money and get both amounts confirmed in writing. Then resolve it.',
  },
  order_id_mismatch: {
    means: 'Another order id was reported for this payout: there may be two orders.',
    todo: 'Ask the gateway about both ids at once. Then resolve it.',
    todoWhenFinal: 'Ask the gateway about both ids at once. Then acknowledge it: the outcome stays.',
  },
  other_transaction: {
    means: 'The gateway has a transaction under this id that is not a payout.',
    todo: 'Ask the gateway in writing what it is and whether the Receiver was paid. Then resolve it.',
    todoWhenFinal: 'Ask the gateway in writing what it is, and book it. Then acknowledge it: the outcome stays.',
  },
  post_payout_event: {
    means: 'A reversal, chargeback or similar event was reported after the payout.',
    todo: 'Ask the gateway how the payout itself ended, and book the event. Then resolve it.',
    todoWhenFinal: 'Book it, then acknowledge it: the outcome stays.',
  },
  ended_in_error: {
    means: 'The gateway ended the order with status error: it counts as not paid, but something went wrong.',
    todo: 'Have the account manager confirm that nothing was paid before you pay again. Then acknowledge it.',
  },
  adopted_unseen: {
    means: 'An order exists under this id that this payout never sent: it may have paid another account.',
    todo: 'Compare account and amount with the gateway. Then resolve it, as processing if the order is this payout.',
  },
  never_confirmed: {
    means: 'The payout is final because of a callback alone: no order status confirmed it in time.',
    todo: "Compare it with the gateway's report, then acknowledge it.",
  },
  not_followed: {
    means: 'The workflow was terminated, cancelled, timed out or failed, so nothing follows this payout any more.',
    todo: 'Ask the gateway for the status. Then reset the workflow: it follows the payout again and never sends on its own.',
  },
};
