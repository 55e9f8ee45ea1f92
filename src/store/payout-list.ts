import { setTimeout } from 'node:timers/promises';
import { isClientOrderId } from '../domain/ids';
import { lateWorkflowId, PAYOUT_WORKFLOW_TYPE, payoutWorkflowId } from '../workflows/messages';
import { type Counts, countPayouts } from './counts';
import { formatQuery, LAST_RUNS, type ListFilter, matches, oneOf } from './list-filter';
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
  all(filter: ListFilter): AsyncGenerator<readonly ListedPayout[]>;
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

  /**
   * What runs cannot say of themselves, for a closed run is never written again: that its payout has another run since (a reset), and
   * that a late callback calls for attention.
   */
  async function findOthers(runs: readonly VisibleRun[]) {
    const payouts = new Map<string, VisibleRun>();
    const late = new Map<string, VisibleRun>();
    const asked = runs.filter((run) => run.closedAtMs !== null || !isPayoutRun(run)).map(subjectOf);
    const ids = [...new Set(asked)].filter(isClientOrderId);
    if (ids.length === 0) return { payouts, late };
    const names = ids.flatMap((id) => [payoutWorkflowId(id), lateWorkflowId(id)]);
    const query = `${oneOf('WorkflowId', names)} AND ${LAST_RUNS}`;
    let token: Uint8Array | null = null;
    do {
      const page: VisiblePage = await visibility.list(query, { size: MOST_IN_ONE_ANSWER, token });
      for (const run of page.runs) {
        const last = isPayoutRun(run) ? payouts : late;
        if (run.startedAtMs >= (last.get(subjectOf(run))?.startedAtMs ?? 0)) last.set(subjectOf(run), run);
      }
      token = page.next;
    } while (token !== null);
    return { payouts, late };
  }

  async function toRows(runs: readonly VisibleRun[], filter: ListFilter): Promise<ListedPayout[]> {
    const { payouts, late } = await findOthers(runs);
    const rows = runs.map((run) => {
      const id = subjectOf(run);
      const last = payouts.get(id) ?? (isPayoutRun(run) ? run : null);
      const event = late.get(id) ?? (isPayoutRun(run) ? undefined : run);
      const row = last === null ? null : listRun(last);
      const isFoundByEvent = run.runId === event?.runId && row?.attention === null;
      // An earlier run is not the payout; and one that calls for attention itself is found by itself.
      if (row === null || (run.runId !== last?.runId && !isFoundByEvent)) return null;
      return { ...row, attention: row.attention ?? (event === undefined ? null : attentionOf(event)) };
    });
    return rows.filter((row) => row !== null).filter((row) => matches(row, filter));
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
        if (rows.length > 0) yield rows;
        token = found.next;
        if (token !== null) await setTimeout(exportPauseMs);
      } while (token !== null);
    },
    count: () => shareCounts('', () => countPayouts(visibility, page)),
  };
}

const isPayoutRun = ({ type }: VisibleRun): boolean => type === PAYOUT_WORKFLOW_TYPE;

/** The id of the payout that a run is about: the part behind the first colon, which stands in no clientOrderId. */
const subjectOf = ({ workflowId }: VisibleRun): string => workflowId.split(':')[1] ?? '';
