import { canStillBeSent, type Payout } from '../domain/payout';
import { forgetPersonal } from '../domain/payout-request';
import type { PayoutInput } from './messages';

/**
 * The input of the run that goes on from here. Of a payout that can never be sent (again) the account and the Receiver are left behind:
 * they stay in the run that ends here, whose retention begins now, and in no later one.
 */
export function carryOn(input: PayoutInput, held: Payout): PayoutInput {
  if (canStillBeSent(held)) return { ...input, carried: held };
  return { ...input, request: forgetPersonal(input.request), isAccountForgotten: true, carried: held };
}
