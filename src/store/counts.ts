import { type AttentionReason, FINAL_STATES, type FinalState } from '../domain/payout';
import { searchAttributes, UNMATCHED_CALLBACK_WORKFLOW_TYPE } from '../workflows/messages';
import { EVERYTHING, type ListFilter, oneOf, PAYOUT_RUNS } from './list-filter';
import { LISTED_STATES, type ListedPayout, type ListedState } from './listed-payout';
import type { Visibility } from './visibility';

/** The states in which an open payout waits for something, written as it enters them. */
export const WAITING_STATES = LISTED_STATES.filter(
  (state): state is Exclude<ListedState, FinalState | 'open'> =>
    state !== 'open' && !FINAL_STATES.some((final) => final === state),
);

/** How many payouts there are, as their attributes say: a moment behind. */
export interface Counts {
  readonly open: number;
  /** Of the open ones; the rest are `open` in lists too. */
  readonly waiting: Readonly<Record<(typeof WAITING_STATES)[number], number>>;
  readonly final: Readonly<Record<FinalState, number>>;
  /** Payouts that call for attention, by reason, as they are listed; reasons of none are left out. */
  readonly attention: Readonly<Partial<Record<AttentionReason, number>>>;
  /** True when more call for attention than were counted by reason. */
  readonly hasMoreAttention: boolean;
  /** Callbacks about no payout that is known. */
  readonly unmatched: number;
}

const MOST_BY_REASON = 1_000;

/** A page of the payouts that match, and where the next one begins. */
type ReadPage = (
  filter: ListFilter,
  from: { token: null; limit: number },
) => Promise<{ readonly rows: readonly ListedPayout[]; readonly next: unknown }>;

/** Question by question: the server groups by nothing but the status of a run, and takes few questions a second. */
export async function countPayouts(visibility: Visibility, page: ReadPage): Promise<Counts> {
  const { state } = searchAttributes;
  const countEach = async <Name extends string>(names: readonly Name[], query: (name: Name) => string) => {
    const counts: [Name, number][] = [];
    for (const name of names) counts.push([name, await visibility.count(query(name))]);
    return Object.fromEntries(counts) as Record<Name, number>;
  };
  const running = `${PAYOUT_RUNS} AND ${oneOf('ExecutionStatus', ['Running'])}`;
  const needing = await page({ ...EVERYTHING, attention: 'any' }, { token: null, limit: MOST_BY_REASON });
  const attention: Partial<Record<AttentionReason, number>> = {};
  for (const { attention: reason } of needing.rows)
    if (reason !== null) attention[reason] = (attention[reason] ?? 0) + 1;
  return {
    open: await visibility.count(running),
    waiting: await countEach(WAITING_STATES, (name) => `${running} AND ${oneOf(state.name, [name])}`),
    final: await countEach(FINAL_STATES, (name) => `${PAYOUT_RUNS} AND ${oneOf(state.name, [name])}`),
    attention,
    hasMoreAttention: needing.next !== null,
    unmatched: await visibility.count(
      `${oneOf('WorkflowType', [UNMATCHED_CALLBACK_WORKFLOW_TYPE])} AND ${searchAttributes.attention.name} IS NOT NULL`,
    ),
  };
}
