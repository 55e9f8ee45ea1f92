import { type AttentionReason, FINAL_STATES, type FinalState } from '../domain/payout';
import { searchAttributes, UNMATCHED_CALLBACK_WORKFLOW_TYPE } from '../workflows/messages';
import { oneOf, PAYOUT_RUNS } from './list-filter';
import { type ListedPayout, WAITING_STATES } from './listed-payout';
import type { Visibility } from './visibility';

/** How many payouts there are, as their attributes say: a moment behind. */
export interface Counts {
  readonly open: number;
  /** Of the open ones; the rest are `open` in lists too. */
  readonly waiting: Readonly<Record<(typeof WAITING_STATES)[number], number>>;
  readonly final: Readonly<Record<FinalState, number>>;
  /** Payouts that call for attention, by reason, as they are listed; reasons of none are left out. */
  readonly attention: Readonly<Partial<Record<AttentionReason, number>>>;
  /** True when more payouts need attention than were counted by reason. */
  readonly hasMoreAttention: boolean;
  /** Callbacks about no payout that is known. */
  readonly unmatched: number;
}

const MOST_BY_REASON = 1_000;

/** Question by question: the server groups by nothing but the status of a run, and takes few questions a second. */
export async function countPayouts(
  visibility: Visibility,
  readAttentive: (limit: number) => Promise<{ readonly rows: readonly ListedPayout[]; readonly next: unknown }>,
): Promise<Counts> {
  const countEach = async <Name extends string>(names: readonly Name[], runs: string) => {
    const counts = {} as Record<Name, number>;
    for (const name of names)
      counts[name] = await visibility.count(`${runs} AND ${oneOf(searchAttributes.state.name, [name])}`);
    return counts;
  };
  const running = `${PAYOUT_RUNS} AND ${oneOf('ExecutionStatus', ['Running'])}`;
  const unmatched = oneOf('WorkflowType', [UNMATCHED_CALLBACK_WORKFLOW_TYPE]);
  const attentive = await readAttentive(MOST_BY_REASON);
  const attention: Partial<Record<AttentionReason, number>> = {};
  for (const { attention: reason } of attentive.rows)
    if (reason !== null) attention[reason] = (attention[reason] ?? 0) + 1;
  return {
    open: await visibility.count(running),
    waiting: await countEach(WAITING_STATES, running),
    final: await countEach(FINAL_STATES, PAYOUT_RUNS),
    attention,
    hasMoreAttention: attentive.next !== null,
    unmatched: await visibility.count(`${unmatched} AND ${searchAttributes.attention.name} IS NOT NULL`),
  };
}
