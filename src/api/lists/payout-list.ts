import { isClientOrderId } from '../../domain/ids';
import type { AttentionReason } from '../../domain/payout';
import { LATE_CALLBACK_WORKFLOW_TYPE, lateWorkflowPrefix } from '../../workflows/messages';
import type { PayoutDesk } from '../payouts';
import { allOf, anyOf, type Clause, fits, oneOf } from './clause';
import { type Counts, countPayouts } from './counts';
import { candidatesOf, type LatelyCalled, type ListFilter, matches, PAYOUT_RUNS } from './list-filter';
import { type ListedPayout, listCompleted, listRead, payoutOf } from './listed-payout';
import { mapBounded } from './map-bounded';
import { listAll, type Visibility, type VisibleRun } from './visibility';
import { compareRuns, FIRST_SPAN_US, type WindowSizes, walkWindows } from './windows';

/** The last run a list has looked at: whatever comes after it in the order of lists is still to come. */
export interface Position {
  readonly startUs: number;
  readonly workflowId: string;
  readonly spanUs: number;
}

export interface ListPage {
  readonly items: readonly ListedPayout[];
  /** Null when the list is at its end. */
  readonly last: Position | null;
}

/** Lists of payouts, newest first. Money decisions never read them. */
export interface PayoutList {
  /** At most `limit` payouts after a position; fewer, even none, when finding more would take too long. */
  page(filter: ListFilter, from: { after: Position | null; limit: number }): Promise<ListPage>;
  /** Every payout that matches, a few at a time, read only as fast as they are taken. */
  all(filter: ListFilter): AsyncGenerator<readonly ListedPayout[]>;
  count(): Promise<Counts>;
}

/** Histories read at the same time, for one request. */
const READERS = 8;
/** After this long a page is answered with what it has. */
const PAGE_LIMIT_MS = 3_000;
const SLICE_RUNS = 100;
/** Payouts that one query names; beyond it, every completed one is looked at. */
const MOST_NAMED = 300;

/** Callbacks that came after the end of a payout and call for attention. */
const LATE_CALLS = allOf(oneOf('WorkflowType', [LATE_CALLBACK_WORKFLOW_TYPE]), {
  is: 'set',
  attribute: 'PayoutAttention',
});
/** The payout that a late callback is about, by the callback's workflow id. */
const subjectOf = ({ workflowId }: VisibleRun): string => workflowId.split(':')[1] ?? '';

interface Examined {
  readonly run: VisibleRun;
  /** Null when the payout is not one that was asked for, or stands elsewhere in the list. */
  readonly item: ListedPayout | null;
}

export function createPayoutList(deps: {
  readonly visibility: Visibility;
  readonly read: PayoutDesk['read'];
  readonly now: () => number;
  readonly sizes?: WindowSizes;
}): PayoutList {
  const { visibility, read, now, sizes } = deps;

  async function* examine(
    filter: ListFilter,
    { after, sliceRuns }: { after: Position | null; sliceRuns: number },
  ): AsyncGenerator<{ slice: readonly Examined[]; spanUs: number }> {
    const clause = candidatesOf(filter, filter.attention === null ? [] : await findLatelyCalled());
    const belowUs = after === null ? filter.toUs : after.startUs + 1;
    const at = { belowUs, fromUs: filter.fromUs, spanUs: after?.spanUs ?? FIRST_SPAN_US };
    for await (const { runs, spanUs } of walkWindows(visibility, {
      clause,
      at,
      nowUs: () => now() * 1_000,
      ...(sizes && { sizes }),
    })) {
      const ahead = after === null ? runs : runs.filter((run) => isAfter(run, after));
      for (let first = 0; first < ahead.length; first += sliceRuns) {
        yield { slice: await examineSlice(ahead.slice(first, first + sliceRuns), { clause, filter }), spanUs };
      }
    }
  }

  async function examineSlice(runs: readonly VisibleRun[], { clause, filter }: { clause: Clause; filter: ListFilter }) {
    const [siblings, lateAttentions] = await Promise.all([findSiblings(runs), findLateAttentions(runs)]);
    return await mapBounded(runs, READERS, async (run): Promise<Examined> => {
      const clientOrderId = payoutOf(run);
      const others = siblings.get(run.workflowId) ?? [];
      const isElsewhere = others.some((other) => fits(other, clause) && isOlder(other, run));
      if (clientOrderId === null || isElsewhere) return { run, item: null };
      const told = others.length > 0 ? null : listCompleted(run, lateAttentions.get(clientOrderId) ?? null);
      const reading = told === null ? await read(clientOrderId) : null;
      const item = told ?? (reading === null ? null : listRead(run, reading));
      return { run, item: item !== null && matches(item, filter) ? item : null };
    });
  }

  /** The other runs of payouts that were continued as new or reset: such a payout stands where its oldest candidate does, and only there. */
  async function findSiblings(runs: readonly VisibleRun[]): Promise<ReadonlyMap<string, VisibleRun[]>> {
    const ids = [...new Set(runs.map(({ workflowId }) => workflowId))];
    const clause = allOf(PAYOUT_RUNS, oneOf('WorkflowId', ids));
    if ((await visibility.count(clause)) <= ids.length) return new Map();
    const byId = new Map<string, VisibleRun[]>();
    for (const run of await listAll(visibility, clause))
      byId.set(run.workflowId, [...(byId.get(run.workflowId) ?? []), run]);
    return new Map([...byId].filter(([, all]) => all.length > 1));
  }

  /** Callbacks that came after the end of these payouts and call for attention. */
  async function findLateAttentions(runs: readonly VisibleRun[]): Promise<ReadonlyMap<string, AttentionReason>> {
    const found = new Map<string, AttentionReason>();
    const closed = runs
      .filter((run) => run.attributes.ExecutionStatus === 'Completed')
      .flatMap((run) => payoutOf(run) ?? []);
    if (closed.length === 0 || (await visibility.count(LATE_CALLS)) === 0) return found;
    const ofThese = closed.map((id): Clause => ({ is: 'id_begins', prefix: lateWorkflowPrefix(id) }));
    const events = await listAll(visibility, allOf(LATE_CALLS, anyOf(...ofThese)));
    // The first of them counts, as it does where the payout is read.
    for (const event of events.sort(compareRuns)) {
      found.set(subjectOf(event), event.attributes.PayoutAttention as AttentionReason);
    }
    return found;
  }

  async function findLatelyCalled(): Promise<LatelyCalled> {
    const count = await visibility.count(LATE_CALLS);
    if (count > MOST_NAMED) return 'many';
    const events = count === 0 ? [] : await listAll(visibility, LATE_CALLS);
    return [...new Set(events.map(subjectOf))].filter(isClientOrderId);
  }

  return {
    async page(filter, { after, limit }) {
      const untilMs = now() + PAGE_LIMIT_MS;
      const items: ListedPayout[] = [];
      for await (const { slice, spanUs } of examine(filter, { after, sliceRuns: Math.min(limit, SLICE_RUNS) })) {
        for (const { run, item } of slice) {
          if (item !== null) items.push(item);
          if (items.length === limit) return { items, last: positionOf(run, spanUs) };
        }
        const last = slice.at(-1);
        if (last !== undefined && now() >= untilMs) return { items, last: positionOf(last.run, spanUs) };
      }
      return { items, last: null };
    },

    async *all(filter) {
      for await (const { slice } of examine(filter, { after: null, sliceRuns: SLICE_RUNS })) {
        const items = slice.flatMap(({ item }) => item ?? []);
        if (items.length > 0) yield items;
      }
    },

    count: async () => await countPayouts(visibility),
  };
}

function positionOf({ startUs, workflowId }: VisibleRun, spanUs: number): Position {
  return { startUs, workflowId, spanUs };
}

function isAfter(run: VisibleRun, { startUs, workflowId }: Position): boolean {
  return run.startUs < startUs || (run.startUs === startUs && run.workflowId > workflowId);
}

function isOlder(run: VisibleRun, than: VisibleRun): boolean {
  return run.startUs < than.startUs || (run.startUs === than.startUs && run.runId < than.runId);
}
