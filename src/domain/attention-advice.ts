import type { AttentionReason } from './payout';

export interface AttentionAdvice {
  readonly means: string;
  readonly todo: string;
}

/**
 * Why a person should look, and the first thing to do: for whoever sees the payout, in the Temporal UI or on the operators' page. The
 * page of the runbook has the rest.
 */
export const ATTENTION_ADVICE: Readonly<Record<AttentionReason, AttentionAdvice>> = {
  gateway_unreachable: {
    means: 'The gateway does not answer.',
    todo: "Look at the gateway's state and the network. It passes by itself; nothing needs to be started again.",
  },
  gateway_unreadable: {
    means: 'The gateway answers, but its answers cannot be used.',
    todo: 'It may know the end already: ask it about the order. Then report the reply to its account manager.',
  },
  gateway_forbids: {
    means: 'The gateway refuses our login, key, endpoint or clock.',
    todo: 'Check clock, key, login and allow-list. A corrected worker sends by itself.',
  },
  endpoint_paused: {
    means: 'The endpoint keeps failing, so its sends are held back.',
    todo: 'Look at the gateway. Sends go on within a minute of its return. Cancel what must not be sent then.',
  },
  endpoint_not_served: {
    means: 'No worker that serves this endpoint takes its calls, so nothing is sent.',
    todo: 'Look at the workers and their list of endpoints. It is tried again by itself for a day. Cancel what must not be sent.',
  },
  unlisted_status: {
    means: 'The gateway used a status word that is not known; it counts as not final.',
    todo: 'Ask the account manager what it means. The word is in the timeline.',
  },
  order_not_found: {
    means: 'The gateway says that an order which was seen does not exist.',
    todo: 'Ask the account manager. It is asked on.',
  },
  redirect_unusable: {
    means: 'The gateway wants the Receiver on a form, and its link cannot be used safely.',
    todo: 'Compare the host of the link with the allowed hosts, and report the link to the account manager.',
  },
  outcome_unknown: {
    means: 'It may have been sent, and no order was found for a day.',
    todo: 'Ask the gateway by the clientOrderId, in writing. Then resolve it, or have it sent again.',
  },
  deadline_passed: {
    means: 'Not final after its time, or not sent for a day.',
    todo: 'See in the timeline whether it was ever sent. Then ask the gateway; resolve it, or have it sent again.',
  },
  conflict: {
    means: 'Two sources say different ends.',
    todo: 'Get the truth in writing and hold the money. Then resolve it. If the payout was final, its outcome stays.',
  },
  amount_mismatch: {
    means: 'The gateway names another amount or currency than was asked for.',
    todo: 'Get the truth in writing, with both amounts, and hold the money. Then resolve it.',
  },
  order_id_mismatch: {
    means: 'Another order id was named for this payout: perhaps there are two orders.',
    todo: 'Ask the gateway about both ids at once.',
  },
  other_transaction: {
    means: 'The gateway has a transaction under this id that is no payout.',
    todo: 'Ask the gateway what it is and whether the Receiver was paid, in writing. Then resolve it.',
  },
  post_payout_event: {
    means: 'A reversal, chargeback or the like was heard after the payout.',
    todo: 'Book it. The outcome stays what the payout was; of an open payout ask the gateway for it, then resolve it.',
  },
  ended_in_error: {
    means: 'The gateway ended it with status error: counted as not paid, but something went wrong.',
    todo: 'Have the account manager confirm that nothing was paid before you pay again.',
  },
  adopted_unseen: {
    means: 'An order exists under this id, and this payout never sent it: it may have paid another account.',
    todo: 'Compare account and amount with the gateway. Then resolve it: as processing when the order is this payout.',
  },
  never_confirmed: {
    means: 'Final on a callback alone; no order status agreed in time.',
    todo: "Check it against the gateway's report.",
  },
  not_followed: {
    means: 'Its workflow was terminated, cancelled, timed out or failed, so nothing follows this payout any more.',
    todo: 'Ask the gateway for its status. Then reset the workflow: it follows the payout again and never sends by itself.',
  },
};
