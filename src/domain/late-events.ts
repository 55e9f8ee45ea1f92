import { type ClientOrderId, isOrderId, type OrderId } from './ids';
import { type FinalStatus, isFinalStatus, type OrderReport, type StatusAnswer } from './order-report';
import { isFinalState, type Payout } from './payout';
import { type Backoff, nextBackoff } from './poll-plan';
import { furthestReturn, type NamedAmount, type Returned, returnedBy } from './returns';

/** What a callback may claim about a payout whose workflow has closed. Each is the attention that it sets once it is confirmed. */
export type LateKind = 'post_payout_event' | 'other_transaction' | 'conflict' | 'order_id_mismatch' | 'not_followed';

/** Of a callback, what is signed, and whether it is about the payout or an event after it. */
export interface LateClaim {
  readonly endpoint: string;
  readonly status: OrderReport['status'];
  readonly subject: OrderReport['subject'];
  readonly orderId: OrderId | null;
}

/** One record per payout and kind of event. A claim (`confirmed: false`) is what a callback says; the gateway's own answer confirms it. */
export interface LateEvent {
  readonly kind: LateKind;
  readonly status: FinalStatus;
  readonly orderId: OrderId | null;
  /** The gateway's own word from a status answer; a callback's is not signed and is not kept. */
  readonly transactionType: string | null;
  readonly confirmed: boolean;
  /** Of a confirmed return of money: how much came back by it, and what came back with it and all before it. */
  readonly returned?: NamedAmount & { readonly settlement: Returned };
  /** A person has seen it: it needs attention no more. */
  readonly acknowledged?: true;
  readonly atMs: number;
}

/** A person has seen why something needs attention, and nothing more is to be done. JSON-safe. `id` makes it one act. */
export interface Acknowledgement {
  readonly id: string;
  readonly actor: string;
  readonly reason: string;
  /** The attention that the person saw. */
  readonly attention: string;
  /** How many there were to see: confirmed events, callbacks or dead notifications. What came after them was not seen. */
  readonly seen?: number;
}

/** Everything known of the events after one payout. JSON-safe, and bounded. */
export interface LateRecord {
  readonly events: readonly LateEvent[];
  /** Claims taken so far, repeats among them. */
  readonly taken: number;
  /** Since when the gateway is asked; null while it is not. */
  readonly askingSinceMs: number | null;
  readonly lastAskedAtMs: number | null;
  /** Oldest first. */
  readonly acknowledgements?: readonly (Acknowledgement & { readonly atMs: number })[];
}

export const NO_LATE_EVENTS: LateRecord = { events: [], taken: 0, askingSinceMs: null, lastAskedAtMs: null };

/** Claims that one payout takes, and events that it keeps. */
export const MOST_LATE_CLAIMS = 50;
export const MOST_LATE_EVENTS = 16;
export const MOST_ACKNOWLEDGEMENTS = 16;
const MOST_ORDERS_ASKED = 4;
/** What is on record already has the gateway asked again, for it may be another of its kind; but no sooner than this. */
const REPEAT_PAUSE_MS = 10 * 60_000;

/** When the gateway is asked again about a claim that its answer did not confirm. */
const SCHEDULE: Backoff = {
  gapsMs: [60_000, 10 * 60_000, 3_600_000],
  thenEveryMs: 6 * 3_600_000,
  untilMs: 72 * 3_600_000,
};

/** The payout as a late event is compared with it. */
export type ClosedPayout = Pick<Payout, 'endpoint' | 'orderId' | 'state' | 'amount' | 'currency'> & {
  readonly clientOrderId: ClientOrderId;
};

/** True for a value that has the shape of a claim: a signal may be sent by hand. */
export function isLateClaim(value: unknown): value is LateClaim {
  if (typeof value !== 'object' || value === null) return false;
  const { endpoint, status, subject, orderId = '' } = value as Partial<Record<keyof LateClaim, string | null>>;
  const areTexts = [endpoint, status, subject].every((text) => typeof text === 'string');
  return areTexts && (orderId === null || isOrderId(orderId));
}

/** What a report says that is news about a closed payout; null for what agrees with it, or is not final. */
export function lateKindOf(report: LateClaim, payout: ClosedPayout): LateKind | null {
  if (!isFinalStatus(report.status)) return null;
  const isOtherOrder = report.orderId !== null && payout.orderId !== null && report.orderId !== payout.orderId;
  if (isOtherOrder || report.endpoint !== payout.endpoint) return 'order_id_mismatch';
  if (report.subject !== 'payout') return report.subject;
  if (!isFinalState(payout.state)) return 'not_followed';
  return report.status === payout.state ? null : 'conflict';
}

/** Whether a claim adds nothing to a record, or nothing more is taken. */
export function refuseLateClaim(
  record: LateRecord,
  at: { readonly claim: LateClaim; readonly payout: ClosedPayout; readonly atMs: number },
): 'repeated' | 'full' | null {
  const event = eventOf(at.claim, at.payout, at.atMs);
  const isKnown = event === null || record.events.some((known) => isSame(known, event));
  if (isKnown && record.askingSinceMs !== null) return 'repeated';
  return record.taken >= MOST_LATE_CLAIMS ? 'full' : null;
}

/** The record after a callback: one more claim at most, and the gateway is asked. */
export function takeLateClaim(
  record: LateRecord,
  at: { readonly claim: LateClaim; readonly payout: ClosedPayout; readonly atMs: number },
): LateRecord {
  const event = eventOf(at.claim, at.payout, at.atMs);
  if (event === null || record.taken >= MOST_LATE_CLAIMS) return record;
  const isKnown = record.events.some((known) => isSame(known, event));
  const isFull = record.events.length >= MOST_LATE_EVENTS;
  return {
    ...record,
    events: isKnown || isFull ? record.events : [...record.events, event],
    taken: record.taken + 1,
    askingSinceMs: record.askingSinceMs ?? (isKnown ? Math.max(at.atMs, askableFrom(record)) : at.atMs),
  };
}

/** The record after the gateway was asked about one order; null: it did not answer. */
export function takeLateAnswer(
  record: LateRecord,
  at: { readonly answer: StatusAnswer | null; readonly payout: ClosedPayout; readonly atMs: number },
): LateRecord {
  const asked = { ...record, lastAskedAtMs: at.atMs };
  const report = at.answer?.found === true ? at.answer.report : null;
  const said = report === null ? null : eventOf({ ...report, endpoint: at.payout.endpoint }, at.payout, at.atMs);
  if (report === null || said === null) return asked;
  const isClaimOf = (event: LateEvent) =>
    !event.confirmed && event.kind === said.kind && (event.orderId === null || event.orderId === said.orderId);
  const others = asked.events.filter((event) => !isClaimOf(event));
  const returned = readReturn(report, at.payout, others);
  const confirmed: LateEvent = {
    ...said,
    transactionType: report.transactionType,
    confirmed: true,
    ...(returned && { returned }),
    atMs: record.events.find(isClaimOf)?.atMs ?? at.atMs,
  };
  const isKnown = others.some(
    (event) =>
      event.confirmed &&
      isSame(event, confirmed) &&
      event.transactionType === confirmed.transactionType &&
      event.returned?.amount === confirmed.returned?.amount,
  );
  const events = isKnown || others.length >= MOST_LATE_EVENTS ? others : [...others, confirmed];
  const isAllConfirmed = events.every((event) => event.confirmed);
  return { ...asked, events, askingSinceMs: isAllConfirmed ? null : asked.askingSinceMs };
}

/** The record after a person has seen an attention: the confirmed events that were there to see and call for this one do so no more. */
export function takeAcknowledgement(record: LateRecord, acknowledgement: Acknowledgement, atMs: number): LateRecord {
  const { acknowledgements = [], events } = record;
  const { id, actor, reason, attention, seen } = acknowledgement;
  if (acknowledgements.some((known) => known.id === id) || acknowledgements.length >= MOST_ACKNOWLEDGEMENTS)
    return record;
  // An event is added when it is confirmed, so the first of them are those that were seen.
  const visible = events.filter(({ confirmed }) => confirmed).slice(0, seen);
  return {
    ...record,
    events: events.map((event) =>
      event.kind === attention && visible.includes(event) ? { ...event, acknowledged: true } : event,
    ),
    acknowledgements: [
      ...acknowledgements,
      { id, actor, reason, attention, ...(seen !== undefined && { seen }), atMs },
    ],
  };
}

/** True when the second is the first once more. */
export function isSameAcknowledgement(one: Acknowledgement, other: Acknowledgement): boolean {
  return (['id', 'actor', 'reason', 'attention'] as const).every((field) => one[field] === other[field]);
}

/** True for a value that has the shape of an acknowledgement: a signal may be sent by hand. */
export function isAcknowledgement(value: unknown): value is Acknowledgement {
  if (typeof value !== 'object' || value === null) return false;
  const { id, actor, reason, attention, seen = 0 } = value as Readonly<Record<string, unknown>>;
  const areTexts = [id, actor, reason, attention].every((text) => typeof text === 'string' && text !== '');
  return areTexts && Number.isSafeInteger(seen);
}

/** When the last acknowledgement was made; null when there is none. */
export function acknowledgedAt({ acknowledgements }: LateRecord): number | null {
  return acknowledgements?.at(-1)?.atMs ?? null;
}

/** An acknowledgement that was sent while another was recorded comes to the same run if that stays open for longer than one takes. */
const OPEN_AFTER_ACKNOWLEDGING_MS = 30_000;

/** Until when the run stays open for what may be under way; 0 when for nothing. */
export function opensUntil({ acknowledgements }: LateRecord): number {
  const last = acknowledgements?.at(-1);
  return last?.seen === undefined ? 0 : last.atMs + OPEN_AFTER_ACKNOWLEDGING_MS;
}

/** When the gateway is to be asked next; null when it is not, or has been for long enough. */
export function nextLateQuestion({ askingSinceMs, lastAskedAtMs }: LateRecord): number | null {
  if (askingSinceMs === null) return null;
  if (lastAskedAtMs === null || lastAskedAtMs < askingSinceMs) return askingSinceMs;
  const dueMs = nextBackoff(SCHEDULE, lastAskedAtMs - askingSinceMs);
  return dueMs === null ? null : askingSinceMs + dueMs;
}

/** The orders to ask about: those of open claims, or the payout's own. */
export function ordersToAsk(record: LateRecord, payout: ClosedPayout): readonly (OrderId | null)[] {
  const claimed = record.events.filter(({ confirmed }) => !confirmed).map(({ orderId }) => orderId ?? payout.orderId);
  return claimed.length === 0 ? [payout.orderId] : [...new Set(claimed)].slice(0, MOST_ORDERS_ASKED);
}

/** The events that one record holds as confirmed and the one before it did not. */
export function newlyConfirmed(before: LateRecord, after: LateRecord): readonly LateEvent[] {
  return after.events.filter((event) => event.confirmed && !before.events.includes(event));
}

/** The attention that a payout gets from its late events: that of the first confirmed one that no one has acknowledged. */
export function lateAttentionOf({ events }: LateRecord): LateKind | null {
  return events.find(({ confirmed, acknowledged }) => confirmed && !acknowledged)?.kind ?? null;
}

/** What confirmed events say of the money of a payout that was paid; null when none came back. */
export function returnedOf({ events }: LateRecord): Returned | null {
  return furthestReturn(events.map(({ returned }) => returned?.settlement));
}

/** A return of money that the gateway's own answer reports; null for anything else. */
function readReturn(
  report: OrderReport,
  payout: ClosedPayout,
  before: readonly LateEvent[],
): LateEvent['returned'] | null {
  const { amount, currency } = report;
  if (!report.isReturn || report.status !== 'approved' || payout.state !== 'approved') return null;
  const earlier = before.flatMap(({ returned }) =>
    returned === undefined || returned.amount === amount ? [] : [returned],
  );
  const settlement = returnedBy(payout, [...earlier, { amount, currency }]);
  return settlement && { amount, currency, settlement };
}

/** When the gateway may be asked again about what is on record. */
function askableFrom({ lastAskedAtMs }: LateRecord): number {
  return lastAskedAtMs === null ? 0 : lastAskedAtMs + REPEAT_PAUSE_MS;
}

/** An event in a few words of the gateway; no account data. */
export function describeLateEvent({ kind, transactionType, status, orderId }: LateEvent): string {
  const of = kind === 'order_id_mismatch' && orderId !== null ? ` for order ${orderId}` : '';
  return `${transactionType ?? (kind === 'post_payout_event' ? 'event' : 'callback')} ${status}${of}`;
}

function eventOf(claim: LateClaim, payout: ClosedPayout, atMs: number): LateEvent | null {
  const kind = lateKindOf(claim, payout);
  if (kind === null || !isFinalStatus(claim.status)) return null;
  return { kind, status: claim.status, orderId: claim.orderId, transactionType: null, confirmed: false, atMs };
}

function isSame(known: LateEvent, event: LateEvent): boolean {
  return known.kind === event.kind && known.status === event.status && known.orderId === event.orderId;
}
