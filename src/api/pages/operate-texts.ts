import type { OperatorAction } from '../../domain/operator';
import type { AttentionReason, PayoutState } from '../../domain/payout';

/** Plain words of the operators' page. The same advice, longer, stands in docs/operating.md under Attention. */
export const STATE_TEXTS: Readonly<Record<PayoutState, string>> = {
  awaiting_details: 'The Receiver has to say where the money goes. Nothing was sent.',
  accepted: 'Stored; nothing was sent yet.',
  sending: 'Being sent, or waiting to be sent again.',
  unconfirmed: 'It may have been sent. Nobody has said that the money did not move. It is asked about.',
  processing: 'At the gateway. It is asked about, and a callback is waited for.',
  awaiting_receiver: 'The Receiver has to fill in a form.',
  needs_review: 'In the hands of a person. Nothing is sent or asked; callbacks are still heard.',
  approved: 'Paid. This does not change any more.',
  declined: 'Not paid: declined. This does not change any more.',
  filtered: 'Not paid: refused by fraud control. This does not change any more.',
  error: 'Not paid: ended with an error at the gateway. This does not change any more.',
  rejected: 'Not paid: refused before anything was created. This does not change any more.',
  cancelled: 'Not paid: cancelled before anything was sent.',
  expired: 'Not paid: the Receiver did not say in time where the money goes.',
};

interface Advice {
  readonly means: string;
  readonly todo: string;
}

export const ATTENTION_TEXTS: Readonly<Record<AttentionReason, Advice>> = {
  gateway_unreachable: {
    means: 'The gateway does not answer.',
    todo: "Look at the gateway's state and the network. It passes by itself; nothing needs to be started again.",
  },
  gateway_forbids: {
    means: 'The gateway refuses our login, key, endpoint or clock.',
    todo: 'Check clock, key, login and allow-list. A corrected worker sends by itself.',
  },
  endpoint_paused: {
    means: 'The endpoint keeps failing, so its sends are held back.',
    todo: 'Look at the gateway. Sends go on within a minute of its return. Cancel what must not be sent then.',
  },
  unlisted_status: {
    means: 'The gateway used a status word that is not known; it counts as not final.',
    todo: 'Ask the account manager what it means. The word is in the timeline.',
  },
  order_not_found: {
    means: 'The gateway says that an order which was seen does not exist.',
    todo: 'Ask the account manager. It is asked on.',
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
  post_payout_event: {
    means: 'A reversal, chargeback or the like was heard after the payout.',
    todo: 'Book it. The outcome stays what the payout was.',
  },
  never_confirmed: {
    means: 'Final on a callback alone; no order status agreed in time.',
    todo: "Check it against the gateway's report.",
  },
};

interface ActionTexts {
  readonly name: string;
  readonly does: string;
  /** What the payout must be for it; shown while it is not. */
  readonly needs: string;
  readonly confirm: string;
}

export const ACTION_TEXTS: Readonly<Record<OperatorAction, ActionTexts>> = {
  check: {
    name: 'Ask now',
    does: 'Asks the gateway for the order status now.',
    needs: 'Needs a payout that was sent and is not final.',
    confirm: 'The gateway is asked once, now. Nothing is sent.',
  },
  cancel: {
    name: 'Cancel',
    does: 'Gives it up for good. Nothing of it was sent.',
    needs: 'Needs a payout of which provably nothing was sent.',
    confirm: 'The payout ends as cancelled and is never sent.',
  },
  resolve: {
    name: 'Resolve',
    does: 'Settles it by what you found out, or has it followed again.',
    needs: 'Needs a payout in review.',
    confirm: 'A final state that you set is final for ever. Be sure that the gateway has said so in writing.',
  },
  resend: {
    name: 'Send again',
    does: 'Sends it again under the same clientOrderId, after asking whether the order exists.',
    needs: 'Needs a payout in review for want of an answer, without an order at the gateway.',
    confirm:
      'This is the one act that can pay twice, if the gateway hides an order that it has. Be sure that it has said in writing that there is none.',
  },
};
