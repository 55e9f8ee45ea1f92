import { setTimeout } from 'node:timers/promises';
import { isClientOrderId } from '../domain/ids';
import { lateWorkflowId, PAYOUT_WORKFLOW_TYPE, payoutWorkflowId } from '../workflows/messages';
import { type Counts, countPayouts } from './counts';
import { formatPayoutQuery, formatQuery, LAST_RUNS, type ListFilter, oneOf } from './list-filter';
import { attentionOf, type ListedPayout, listRun } from './listed-payout';
import { shareAnswers } from './shared-answers';
import type { Visibility, VisiblePage, VisibleRun } from './visibility';

export interface ListPage {
  readonly rows: readonly ListedPayout[];
  /** Where to go on; null when the list is at its end. */
  readonly next: Uint8Array | null;
}

/**
 * Lists of payouts, from what visibility stores: no history is opened, so none can break a list. Open payouts first, the newest first;
 * then closed ones, the last closed first. Nothing decides about money by them.
 */
export interface PayoutList {
  /** At most `limit` payouts: fewer, even none, where some that were found turn out not to match. */
  page(filter: ListFilter, from: { token: Uint8Array | null; limit: number }): Promise<ListPage>;
  /** Every payout that matches, once, read no faster than they are taken. */
  all(filter: ListFilter): AsyncGenerator<ListedPayout>;
  count(): Promise<Counts>;
}

const EXPORT_PAGE = 500;
/** Between two pages of an export, two questions each: half of what a server with default settings takes is left to others. */
const EXPORT_PAUSE_MS = 400;
const MOST_IN_ONE_ANSWER = 1_000;
const COUNTS_KEPT_MS = 10_000;

export function createPayoutList(deps: {
  readonly visibility: Visibility;
  readonly now: () => number;
  readonly exportPauseMs?: number;
}): PayoutList {
  const { visibility, now, exportPauseMs = EXPORT_PAUSE_MS } = deps;
  const shareCounts = shareAnswers<Counts>({ keepMs: COUNTS_KEPT_MS, now });

  async function listAll(query: string): Promise<VisibleRun[]> {
    const runs: VisibleRun[] = [];
    let token: Uint8Array | null = null;
    do {
      const page: VisiblePage = await visibility.list(query, { size: MOST_IN_ONE_ANSWER, token });
      runs.push(...page.runs);
      token = page.next;
    } while (token !== null);
    return runs;
  }

  /**
   * What runs cannot say of themselves, for a closed run is never written again: that its payout has another run since (a reset), and
   * that a late event calls for attention.
   */
  async function findLastRuns(runs: readonly VisibleRun[]) {
    const payouts = new Map<string, VisibleRun>();
    const late = new Map<string, VisibleRun>();
    const ids = payoutsOf(runs.filter((run) => run.closedAtMs !== null || !isPayoutRun(run)));
    if (ids.length === 0) return { payouts, late };
    const names = ids.flatMap((id) => [payoutWorkflowId(id), lateWorkflowId(id)]);
    for (const run of await listAll(`${oneOf('WorkflowId', names)} AND ${LAST_RUNS}`)) {
      const last = isPayoutRun(run) ? payouts : late;
      if (run.startedAtMs >= (last.get(subjectOf(run))?.startedAtMs ?? 0)) last.set(subjectOf(run), run);
    }
    return { payouts, late };
  }

  /** The runs that pass the filter of payouts that were found by a late event. */
  async function findByEvent(runs: readonly VisibleRun[], filter: ListFilter): Promise<ReadonlySet<string>> {
    const ids = payoutsOf(runs.filter((run) => !isPayoutRun(run)));
    if (ids.length === 0) return new Set();
    const found = await listAll(`${oneOf('WorkflowId', ids.map(payoutWorkflowId))} AND ${formatPayoutQuery(filter)}`);
    return new Set(found.map(({ runId }) => runId));
  }

  async function toRows(runs: readonly VisibleRun[], filter: ListFilter): Promise<ListedPayout[]> {
    const { payouts, late } = await findLastRuns(runs);
    const foundByEvent = await findByEvent(runs, filter);
    return runs.flatMap((run) => {
      const id = subjectOf(run);
      const event = late.get(id);
      const last = payouts.get(id) ?? (isPayoutRun(run) ? run : undefined);
      const row = last === undefined ? null : listRun(last);
      if (last === undefined || row === null || !isNamed(row, filter)) return [];
      // An earlier run is not the payout; and a payout that needs attention itself is found by itself.
      const isFound = isPayoutRun(run)
        ? run.runId === last.runId
        : run.runId === event?.runId && row.attention === null && foundByEvent.has(last.runId);
      return isFound ? [{ ...row, attention: row.attention ?? (event ? attentionOf(event) : null) }] : [];
    });
  }

  async function page(filter: ListFilter, { token, limit }: { token: Uint8Array | null; limit: number }) {
    const { runs, next } = await visibility.list(formatQuery(filter), { size: limit, token });
    return { rows: await toRows(runs, filter), next };
  }

  return {
    page,
    async *all(filter) {
      // An open payout that closes meanwhile comes again among the closed ones.
      const seenOpen = new Set<string>();
      let token: Uint8Array | null = null;
      do {
        const found: ListPage = await page(filter, { token, limit: EXPORT_PAGE });
        const rows = found.rows.filter(({ clientOrderId }) => !seenOpen.has(clientOrderId));
        for (const row of rows) if (row.closedAt === null) seenOpen.add(row.clientOrderId);
        yield* rows;
        token = found.next;
        if (token !== null) await setTimeout(exportPauseMs);
      } while (token !== null);
    },
    count: () =>
      shareCounts('', () => countPayouts(visibility, (limit) => page({ attention: 'any' }, { token: null, limit }))),
  };
}

const isPayoutRun = ({ type }: VisibleRun): boolean => type === PAYOUT_WORKFLOW_TYPE;

/** The id of the payout that a run is about: the part after the first colon, which no clientOrderId has. */
const subjectOf = ({ workflowId }: VisibleRun): string => workflowId.split(':')[1] ?? '';

const payoutsOf = (runs: readonly VisibleRun[]) => [...new Set(runs.map(subjectOf))].filter(isClientOrderId);

/** Some visibility stores compare without case; of all that is filtered by, only ids come in both. */
function isNamed({ clientOrderId: id }: ListedPayout, { clientOrderId: wanted }: ListFilter): boolean {
  return wanted === undefined || (wanted.endsWith('*') ? id.startsWith(wanted.slice(0, -1)) : id === wanted);
}
