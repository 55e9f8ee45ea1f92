/** The type that failures of this kind have in Temporal; `src/domain/apply-evidence.ts` goes by it. */
export const PAYLOAD_REFUSED = 'PayloadRefused';

/**
 * A payload that is not sealed as it must be. The words are constant but for the id of a key, so they may stand in a log and in clear
 * in Temporal: they are what tells an operator why a payout stands still.
 */
export class PayloadRefused extends Error {
  override readonly name = PAYLOAD_REFUSED;
}
