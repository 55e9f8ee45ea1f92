import type { AttentionAdvice } from '../../domain/attention-advice';
import type { OperatorAction } from '../../domain/operator';
import type { AttentionReason, PayoutState } from '../../domain/payout';
import type { viewPayout, viewStep } from '../../domain/view';

/** What the operators' page shows, as the API answers it. */
export type Payout = ReturnType<typeof viewPayout>;
export type Step = ReturnType<typeof viewStep>;

interface ActionTexts {
  readonly name: string;
  readonly does: string;
  /** What the payout must be for it; shown while it is not. */
  readonly needs: string;
  readonly confirm: string;
}

/** The names and texts that the operators' page takes from this version of the server, as `operate/words.json`. */
export interface Words {
  readonly states: Readonly<Record<PayoutState, string>>;
  readonly actions: Readonly<Record<OperatorAction, ActionTexts>>;
  readonly attentions: Readonly<Record<AttentionReason, AttentionAdvice>>;
  readonly actionOrder: readonly OperatorAction[];
  readonly resolutions: readonly string[];
  readonly listedStates: readonly string[];
  /** Those of payouts that are not final. */
  readonly openStates: readonly string[];
}
