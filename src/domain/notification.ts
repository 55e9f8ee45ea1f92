import {
  type AttentionReason,
  FINAL_STATES,
  type FinalState,
  isFinalState,
  OPEN_STATES,
  type OpenState,
  type Payout,
} from './payout';
import { type Backoff, nextBackoff } from './poll-plan';
import type { Returned } from './returns';

/** Open states in which someone else must act. */
const IS_NOTIFIED = {
  awaiting_details: false,
  awaiting_approval: true,
  scheduled: false,
  accepted: false,
  sending: false,
  unconfirmed: false,
  processing: false,
  awaiting_receiver: true,
  needs_review: true,
} as const satisfies Record<OpenState, boolean>;
type NotifiedState = { [State in OpenState]: (typeof IS_NOTIFIED)[State] extends true ? State : never }[OpenState];

function isNotified(state: OpenState): state is NotifiedState {
  return IS_NOTIFIED[state];
}

/** The events that subscribers get. A final state is notified once; a late event is what was reported after it. */
export type NotificationType = `payout.${NotifiedState | FinalState | 'late_event'}`;
export const NOTIFICATION_TYPES: readonly NotificationType[] = [
  ...[...OPEN_STATES.filter(isNotified), ...FINAL_STATES].map((state) => `payout.${state}` as const),
  'payout.late_event',
];

/** Of the shape of the body; grows when a reader of the old shape would misread the new one. */
export const NOTIFICATION_VERSION = 1;

/** What a subscriber gets. `timestamp` (ISO 8601) is when it happened, `data` the payout as the API answers it. */
export interface NotificationBody {
  readonly type: NotificationType;
  readonly version: number;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What came after a payout, as it is shown. `attention` is null while it is only claimed, and once a person has seen it. */
export interface LateNotice {
  readonly workflowId: string;
  readonly what: string;
  readonly isConfirmed: boolean;
  readonly attention: AttentionReason | null;
  /** The attention that a person has acknowledged: it calls for no one any more, and is as true as before. */
  readonly acknowledged?: AttentionReason;
  /** Of a return of money: what came back by then. */
  readonly settlement?: Returned;
  readonly atMs: number;
  /** Set when this is no event: a person has seen what called for attention by then. */
  readonly acknowledgedBy?: {
    readonly id: string;
    readonly actor: string;
    readonly reason: string;
    readonly attention: string;
  };
}

/** What a workflow says has happened. JSON-safe. The same `key` of the same payout is the same event, however often it is said. */
export interface Notice {
  readonly type: NotificationType;
  readonly key: string;
  readonly atMs: number;
  /** The record after the change, without its evidence. */
  readonly payout: Payout;
  readonly late: LateNotice | null;
}

/** The part of a record that decides whether a notification is due. */
export type Notified = Pick<Payout, 'state' | 'attention'>;

const LATE_ATTENTIONS: readonly (AttentionReason | null)[] = [
  'post_payout_event',
  'conflict',
  'amount_mismatch',
  'order_id_mismatch',
];

/** The notification that is due for a record, given what was notified before; null for none. */
export function noticeOf(notified: Notified, current: Payout): Notice | null {
  const { state, attention, updatedAtMs: atMs } = current;
  const storeNotice = (type: NotificationType, key: string): Notice => ({
    ...{ type, key, atMs, late: null },
    payout: notifiedPayout(current),
  });
  if (isFinalState(state)) {
    if (notified.state !== state) return storeNotice(`payout.${state}`, `payout.${state}`);
    const isLate = attention !== notified.attention && LATE_ATTENTIONS.includes(attention);
    return isLate ? storeNotice('payout.late_event', `payout.late_event.${atMs}`) : null;
  }
  if (!isNotified(state) || notified.state === state) return null;
  return storeNotice(`payout.${state}`, `payout.${state}.${atMs}`);
}

/** The notification of a confirmed event after a payout. */
export function lateNotice(payout: Payout, late: LateNotice): Notice {
  const key = `payout.late_event.${late.attention}.${late.what}.${late.atMs}`;
  return { type: 'payout.late_event', key, atMs: late.atMs, payout: notifiedPayout(payout), late };
}

/** The record without what grows and without the link to the gateway's form: neither is delivered. */
export function notifiedPayout(payout: Payout): Payout {
  return { ...payout, redirectTo: null, evidence: [], evidenceDropped: 0 };
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When a subscriber that did not take an event is tried again, counted from the first attempt; the last one is at the horizon. */
const BACKOFF: Backoff = {
  gapsMs: [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
  thenEveryMs: 24 * HOUR,
  untilMs: 48 * HOUR,
};
export const NOTIFICATION_HORIZON_MS = 72 * HOUR;
/** The longest a subscriber may ask us to wait by Retry-After. */
const LONGEST_WISH_MS = 6 * HOUR;
/** Attempts are spread over a fifth of each pause, and never before it: one that came early would be made twice. */
const SPREAD = 0.2;

/**
 * The pause before the next attempt, `elapsedMs` after the first; null when 72 h are over. `unit` from 0 (inclusive) to 1 (exclusive)
 * spreads it; `wishMs` is what the subscriber asked for.
 */
export function nextAttemptDelay(elapsedMs: number, options: { unit: number; wishMs: number | null }): number | null {
  if (elapsedMs >= NOTIFICATION_HORIZON_MS) return null;
  const leftMs = NOTIFICATION_HORIZON_MS - elapsedMs;
  const dueMs = nextBackoff(BACKOFF, elapsedMs);
  const plannedMs = dueMs === null ? leftMs : (dueMs - elapsedMs) * (1 + SPREAD * options.unit);
  const wishMs = Math.min(options.wishMs ?? 0, LONGEST_WISH_MS);
  return Math.ceil(Math.max(SECOND, Math.min(Math.max(plannedMs, wishMs), leftMs)));
}
