import {
  type AttentionReason,
  FINAL_STATES,
  type FinalState,
  LASTING_ATTENTIONS,
  PASSING_ATTENTIONS,
} from '../../domain/payout';
import { LATE_CALLBACK_WORKFLOW_TYPE, ORPHAN_CALLBACK_WORKFLOW_TYPE } from '../../workflows/messages';
import { allOf, type Clause, oneOf } from './clause';
import { PAYOUT_RUNS, PUBLISHED } from './list-filter';
import type { Visibility } from './visibility';

const ATTENTIONS = [...new Set([...PASSING_ATTENTIONS, ...LASTING_ATTENTIONS])];

/** How many payouts there are, as attributes tell it: a moment behind, and for open payouts as they were last published. */
export interface Counts {
  readonly open: number;
  /** Of the open ones, by the last published state; the rest are `accepted`, `sending` or `processing`. */
  readonly waiting: Readonly<Record<(typeof PUBLISHED)[number], number>>;
  readonly final: Readonly<Record<FinalState, number>>;
  /** Payouts that call for attention, by reason; reasons of none are left out. */
  readonly attention: Readonly<Partial<Record<AttentionReason, number>>>;
  /** Callbacks no payout could take that call for attention: about a closed payout, about none that is known. */
  readonly strays: { readonly late: number; readonly orphan: number };
}

/** By single counts: the server groups by nothing but the status of a run. */
export async function countPayouts(visibility: Visibility): Promise<Counts> {
  const running = oneOf('ExecutionStatus', ['Running']);
  const attentive = { is: 'set', attribute: 'PayoutAttention' } as const;
  const count = async (...of: readonly Clause[]) => await visibility.count(allOf(...of));
  const countEach = async <Name extends string>(names: readonly Name[], of: (name: Name) => readonly Clause[]) => {
    const entries = names.map(async (name) => [name, await count(...of(name))] as const);
    return Object.fromEntries(await Promise.all(entries)) as Record<Name, number>;
  };
  const [open, waiting, final, attentionTotal, late, orphan] = await Promise.all([
    count(PAYOUT_RUNS, running),
    countEach(PUBLISHED, (state) => [PAYOUT_RUNS, running, oneOf('PayoutState', [state])]),
    countEach(FINAL_STATES, (state) => [PAYOUT_RUNS, oneOf('PayoutState', [state])]),
    count(PAYOUT_RUNS, attentive),
    count(oneOf('WorkflowType', [LATE_CALLBACK_WORKFLOW_TYPE]), attentive),
    count(oneOf('WorkflowType', [ORPHAN_CALLBACK_WORKFLOW_TYPE]), attentive),
  ]);
  const byReason: Partial<Record<AttentionReason, number>> =
    attentionTotal === 0
      ? {}
      : await countEach(ATTENTIONS, (reason) => [PAYOUT_RUNS, oneOf('PayoutAttention', [reason])]);
  const attention = Object.fromEntries(Object.entries(byReason).filter(([, payouts]) => payouts > 0));
  return { open, waiting, final, attention, strays: { late, orphan } };
}
