import { FINAL_STATES } from '../domain/payout';
import type { Tenants } from '../domain/tenants';
import { REST_RETURNED, RETURNED_MARKS, searchAttributes } from '../workflows/messages';
import { type AttentionQueue, type QueueItem, readAttentionQueue } from './attention-queue';
import { andTenants, oneOf, PAYOUT_RUNS, returnRuns, WAITING_STATES } from './list-filter';
import type { PayoutList } from './payout-list';
import { shareAnswers } from './shared-answers';
import type { Visibility } from './visibility';

const QUEUE_KEPT_MS = 3_000;
const COUNTS_KEPT_MS = 10_000;

export type Counts = ReturnType<typeof createCounts>;

/** How many payouts there are. Question by question: the server groups by nothing but the status of a run, and takes few a second. */
export async function countPayouts(visibility: Pick<Visibility, 'count'>, tenants: Tenants) {
  const payouts = PAYOUT_RUNS + andTenants(tenants);
  const countEach = async <Name extends string>(names: readonly Name[], runs: string) => {
    const counts = {} as Record<Name, number>;
    for (const name of names)
      counts[name] = await visibility.count(`${runs} AND ${oneOf(searchAttributes.state.name, [name])}`);
    return counts;
  };
  /** Each return is on the one run that learned of it: a payout of which a part came back, and then the rest, has two. */
  const countReturns = async () => {
    const countMarked = (marks: readonly string[]) => visibility.count(returnRuns(marks, tenants));
    const returned = await countMarked(RETURNED_MARKS.returned);
    const parts = await countMarked(RETURNED_MARKS.partially_returned);
    const rests = parts === 0 ? 0 : await countMarked([REST_RETURNED]);
    return { returned, partially_returned: parts - rests };
  };
  const running = `${payouts} AND ${oneOf('ExecutionStatus', ['Running'])}`;
  return {
    open: await visibility.count(running),
    /** Of the open ones; the rest are `open` in lists too. */
    waiting: await countEach(WAITING_STATES, running),
    final: await countEach(FINAL_STATES, payouts),
    settlement: await countReturns(),
  };
}

/** Counts and the queue, slightly behind: everyone who asks within a few seconds gets the same answer. */
export function createCounts(deps: {
  readonly visibility: Visibility;
  readonly list: Pick<PayoutList, 'page'>;
  readonly now: () => number;
}) {
  const { visibility, list, now } = deps;
  const shareQueue = shareAnswers<AttentionQueue>({ keepMs: QUEUE_KEPT_MS, now });
  const shareCounts = shareAnswers<Awaited<ReturnType<typeof count>>>({ keepMs: COUNTS_KEPT_MS, now });
  const readQueue = (tenants: Tenants) =>
    shareQueue(String(tenants), () => readAttentionQueue(visibility, list, tenants));

  async function count(tenants: Tenants) {
    const queue = await readQueue(tenants);
    const attention: Partial<Record<QueueItem['attention'], number>> = {};
    for (const { attention: reason } of queue.items) attention[reason] = (attention[reason] ?? 0) + 1;
    return {
      ...(await countPayouts(visibility, tenants)),
      /** What needs a person, by reason, as it is in the queue; reasons of none are left out. */
      attention,
      hasMoreAttention: queue.hasMore,
    };
  }

  return {
    /** Everything that needs a person. */
    readQueue,
    count: (tenants: Tenants) => shareCounts(String(tenants), () => count(tenants)),
  };
}
