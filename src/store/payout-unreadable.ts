/** The payout exists, but what Temporal stores of it cannot be read: sealed with a key this process does not have, or not by it at all. */
export class PayoutUnreadable extends Error {
  override readonly name = 'PayoutUnreadable';
}
