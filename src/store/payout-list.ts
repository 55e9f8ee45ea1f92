import { setTimeout } from 'node:timers/promises';
import { isCurrencyCode } from '../domain/currencies';
import { isClientOrderId } from '../domain/ids';
import { formatDecimal } from '../domain/money';
import { type AttentionReason, FINAL_STATES } from '../domain/payout';
import type { Returned, SettlementWord } from '../domain/returns';
import { DEFAULT_TENANT, includesTenant } from '../domain/tenants';
import {
  LATE_EVENTS_WORKFLOW_TYPE,
  lateWorkflowId,
  PAYOUT_WORKFLOW_TYPE,
  payoutIdPrefix,
  payoutWorkflowId,
  RETURNED_MARKS,
  searchAttributes,
} from '../workflows/messages';
import {
  BROKEN_OFF,
  formatPayoutQuery,
  formatQuery,
  LAST_RUNS,
  LISTED_STATES,
  type ListFilter,
  OPEN_ATTRIBUTES,
  oneOf,
} from './list-filter';
import type { Visibility, VisibleRun } from './visibility';

/** `unreadable`: what is stored of it cannot be read with the keys of this process. `stuck`: its workflow cannot continue. */
export const LIST_PROBLEMS = ['unreadable', 'stuck'] as const;
/** A payout in a list: what visibility stores of it, a moment behind. Null is what is not stored. */
export type ListedPayout = NonNullable<ReturnType<typeof toRow>> & { readonly settlement: SettlementWord | null };
export type PayoutList = ReturnType<typeof createPayoutList>;

const EXPORT_PAGE = 500;
/** Between two pages of an export, two questions each: half of what a server with default settings takes is left to others. */
const EXPORT_PAUSE_MS = 400;
const MOST_IN_ONE_ANSWER = 1_000;

/**
 * Lists of payouts, from what visibility stores: no history is opened, so none can break a list. Open payouts first, the newest first;
 * then closed ones, the last closed first. No decision about money uses them.
 */
export function createPayoutList(deps: { readonly visibility: Visibility; readonly exportPauseMs?: number }) {
  const { visibility, exportPauseMs = EXPORT_PAUSE_MS } = deps;

  async function listAll(query: string): Promise<VisibleRun[]> {
    const all: VisibleRun[] = [];
    for (let token: Uint8Array | null | undefined; token !== null; ) {
      const { runs, next } = await visibility.list(query, { size: MOST_IN_ONE_ANSWER, token: token ?? null });
      all.push(...runs);
      token = next;
    }
    return all;
  }

  /**
   * What runs cannot say of themselves, for a closed run is never written again: that its payout has another run since (a reset), and
   * that a late event needs attention, or took money back. The last run of each, by type and payout.
   */
  async function findLastRuns(runs: readonly VisibleRun[]) {
    const last = new Map<string, VisibleRun>();
    const returned = new Map<string, VisibleRun>();
    const names = payoutsOf(runs).flatMap((id) => [payoutWorkflowId(id), lateWorkflowId(id)]);
    const found = names.length === 0 ? [] : await listAll(`${oneOf('WorkflowId', names)} AND ${LAST_RUNS}`);
    const isLater = (run: VisibleRun, than: VisibleRun | undefined) => run.startedAtMs >= (than?.startedAtMs ?? 0);
    for (const run of found) {
      if (isLater(run, last.get(keyOf(run)))) last.set(keyOf(run), run);
      const isReturn = !isPayoutRun(run) && readReturned(run) !== null;
      if (isReturn && isLater(run, returned.get(subjectOf(run)))) returned.set(subjectOf(run), run);
    }
    return { last, returned };
  }

  /** The runs that pass the filter, of payouts that were found by a late event. */
  async function findPassing(events: readonly VisibleRun[], filter: ListFilter): Promise<ReadonlySet<string>> {
    const names = payoutsOf(events).map(payoutWorkflowId);
    if (names.length === 0) return new Set();
    const found = await listAll(`${oneOf('WorkflowId', names)} AND ${formatPayoutQuery(filter)}`);
    return new Set(found.map(({ runId }) => runId));
  }

  async function toRows(runs: readonly VisibleRun[], filter: ListFilter): Promise<ListedPayout[]> {
    const { last, returned } = await findLastRuns(runs.filter((run) => run.closedAtMs !== null || !isPayoutRun(run)));
    const { attention, settlement } = filter;
    const isByReturn = settlement !== undefined && settlement !== 'paid';
    const passing = await findPassing(
      runs.filter((run) => !isPayoutRun(run)),
      filter,
    );
    return runs.flatMap((run) => {
      const event = last.get(`${LATE_EVENTS_WORKFLOW_TYPE}:${subjectOf(run)}`);
      const payout = last.get(`${PAYOUT_WORKFLOW_TYPE}:${subjectOf(run)}`) ?? (isPayoutRun(run) ? run : undefined);
      const row = payout === undefined ? null : toRow(payout);
      if (payout === undefined || row === null || !isNamed(row.clientOrderId, filter.clientOrderId)) return [];
      if (filter.batch !== undefined && readText(payout, 'batch') !== filter.batch) return [];
      if (!includesTenant(filter.tenants, row.tenant)) return [];
      const own = event !== undefined && wasSeen(payout, event) ? null : row.attention;
      // An earlier run is not the payout; and a payout that needs attention itself is found by itself.
      const back = returned.get(subjectOf(run));
      const isEventFound = isByReturn ? run.runId === back?.runId : run.runId === event?.runId && own === null;
      const isFound = isPayoutRun(run)
        ? run.runId === payout.runId && (own !== null || attention === undefined || isAsked(row, filter))
        : isEventFound && passing.has(payout.runId);
      const shown = {
        ...row,
        attention: own ?? (event ? attentionOf(event) : null),
        settlement: row.outcome !== 'approved' ? null : ((back && readReturned(back)) ?? ('paid' as SettlementWord)),
      };
      const isWanted =
        (settlement === undefined || shown.settlement === settlement) &&
        (!isByReturn || attention === undefined || isNeeded(shown.attention, attention));
      return isFound && isWanted ? [shown] : [];
    });
  }

  /** At most `limit` payouts: fewer, even none, where some that were found turn out not to match. `next` is null at the end. */
  async function page(filter: ListFilter, { token, limit }: { token: Uint8Array | null; limit: number }) {
    const { runs, next } = await visibility.list(formatQuery(filter), { size: limit, token });
    return { rows: await toRows(runs, filter), next };
  }

  /** Every payout that matches, once, read no faster than they are taken. */
  async function* all(filter: ListFilter): AsyncGenerator<ListedPayout> {
    // An open payout that closes meanwhile comes again among the closed ones.
    const seenOpen = new Set<string>();
    for (let token: Uint8Array | null | undefined; token !== null; ) {
      if (token !== undefined) await setTimeout(exportPauseMs);
      const { rows, next } = await page(filter, { token: token ?? null, limit: EXPORT_PAGE });
      const unseen = rows.filter(({ clientOrderId }) => !seenOpen.has(clientOrderId));
      for (const row of unseen) if (row.closedAt === null) seenOpen.add(row.clientOrderId);
      yield* unseen;
      token = next;
    }
  }

  return { page, all };
}

/** Found for waiting for approvals, not for attention. */
const isAsked = ({ state }: { readonly state: string | null }, { orAwaitsApproval }: ListFilter): boolean =>
  orAwaitsApproval === true && state === 'awaiting_approval';

/** True when a person acknowledged, after the payout had closed, what it needs attention for. */
const wasSeen = ({ closedAtMs }: VisibleRun, { attributes }: VisibleRun): boolean =>
  closedAtMs !== null && Date.parse(String(attributes[searchAttributes.acknowledgedAt.name])) >= closedAtMs;

const isNeeded = (shown: AttentionReason | null, wanted: AttentionReason | 'any'): boolean =>
  wanted === 'any' ? shown !== null : shown === wanted;

/** What a run of late events learned of the money of its payout; null for nothing. */
function readReturned(run: VisibleRun): Returned | null {
  const mark = readText(run, 'outcome');
  const words = Object.keys(RETURNED_MARKS) as Returned[];
  return words.find((word) => (RETURNED_MARKS[word] as readonly (string | null)[]).includes(mark)) ?? null;
}

const isPayoutRun = ({ type }: VisibleRun): boolean => type === PAYOUT_WORKFLOW_TYPE;

/** The id of the payout that a run is about: the part after the first colon, which no clientOrderId has. */
const subjectOf = ({ workflowId }: VisibleRun): string => workflowId.split(':')[1] ?? '';
const keyOf = (run: VisibleRun): string => `${run.type}:${subjectOf(run)}`;
const payoutsOf = (runs: readonly VisibleRun[]) => [...new Set(runs.map(subjectOf))].filter(isClientOrderId);

/** Some visibility stores compare without case; of all that is filtered by, only ids come in both, of payouts and of batches. */
function isNamed(id: string, wanted = '*'): boolean {
  return wanted.endsWith('*') ? id.startsWith(wanted.slice(0, -1)) : id === wanted;
}

/** The row of a run, by what is stored beside it alone; null for a workflow that was started by hand under another id. */
function toRow(run: VisibleRun) {
  const clientOrderId = run.workflowId.slice(payoutIdPrefix.length);
  if (!run.workflowId.startsWith(payoutIdPrefix) || !isClientOrderId(clientOrderId)) return null;
  const stored = readText(run, 'state');
  const name = stored !== null && OPEN_ATTRIBUTES.includes(stored) ? 'open' : stored;
  const state = LISTED_STATES.find((listed) => listed === name) ?? null;
  const outcome = FINAL_STATES.find((final) => final === state) ?? null;
  const [endpoint, currency] = [readText(run, 'endpoint'), readText(run, 'currency')];
  const minor = run.attributes[searchAttributes.amountMinor.name];
  const isMoney = currency !== null && isCurrencyCode(currency) && typeof minor === 'number';
  const amount = isMoney ? formatDecimal({ minor: BigInt(minor), currency }) : null;
  const isWhole = run.hasReadableMemo && state !== null && endpoint !== null && amount !== null;
  const tags = readTags(run);
  const isStuck = run.attributes.TemporalReportedProblems != null;
  return {
    ...{ clientOrderId, state, outcome, endpoint, amount, currency },
    attention: BROKEN_OFF.includes(run.status) && outcome === null ? ('not_followed' as const) : attentionOf(run),
    problem: !isWhole ? LIST_PROBLEMS[0] : isStuck ? LIST_PROBLEMS[1] : null,
    orderId: readText(run, 'orderId'),
    ...(tags.length === 0 ? {} : { tags }),
    /** When Temporal stored it, by Temporal's clock. */
    createdAt: new Date(run.startedAtMs).toISOString(),
    /** When nothing was left to do about it; null while something is. */
    closedAt: run.closedAtMs === null ? null : new Date(run.closedAtMs).toISOString(),
    /** When what an open payout waits for ends. */
    deadline: run.closedAtMs === null ? readTime(run) : null,
    tenant: readTenant(run),
  };
}

/** Why a person should look, as the run itself says. */
function attentionOf(run: VisibleRun): AttentionReason | null {
  return readText(run, 'attention') as AttentionReason | null;
}

function readTime({ attributes }: VisibleRun): string | null {
  const ms = Date.parse(String(attributes[searchAttributes.nextDeadline.name]));
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

export function readTenant(run: VisibleRun): string {
  return readText(run, 'tenant') ?? DEFAULT_TENANT;
}

/** A search attribute of a run; null when it is not set, or no text. */
export function readText({ attributes }: VisibleRun, name: keyof typeof searchAttributes): string | null {
  const value = attributes[searchAttributes[name].name];
  return typeof value === 'string' ? value : null;
}

function readTags({ attributes }: VisibleRun): string[] {
  return [attributes[searchAttributes.tags.name]].flat().filter((tag) => typeof tag === 'string');
}
