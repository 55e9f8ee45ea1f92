import type { OperatorAction } from '../../domain/operator';
import type { PayoutState } from '../../domain/payout';

/** Plain words of the operators' page. */
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
