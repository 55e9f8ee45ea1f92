import { canStillBeSent, type Payout } from '../domain/payout';
import { forgetPersonal, type ReceiverDetails } from '../domain/payout-request';
import type { PayoutInput } from './messages';

/**
 * The input of the run that goes on from here. Of a payout that can never be sent (again) the account and the Receiver are left behind:
 * they stay in the run that ends here, whose retention begins now, and in no later one.
 */
export function carryOn(
  input: PayoutInput,
  { current, details }: { readonly current: Payout; readonly details: ReceiverDetails | null },
): PayoutInput {
  const { details: _entered, ...asked } = input;
  if (canStillBeSent(current)) return { ...asked, carried: current, ...(details === null ? {} : { details }) };
  return { ...asked, request: forgetPersonal(input.request), isAccountForgotten: true, carried: current };
}
