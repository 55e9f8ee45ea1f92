import { type AttentionReason, LASTING_ATTENTIONS, SILENT_ATTENTIONS } from './attentions';
import type { CurrencyCode } from './currencies';
import type { Claim, EvidenceEntry } from './evidence-entry';
import { type Gate, type GateRecord, gateStateAt, holdAnew } from './gate';
import type { ClientOrderId, OrderId } from './ids';
import { type Labels, labelsOf } from './labels';
import type { OrderReport, Reason } from './order-report';
import { type AskedRequest, maskDestination } from './payout-request';
import { parseDuration } from './poll-plan';
import type { Returned } from './returns';
import { storedTenant } from './tenants';

export { type AttentionReason, LASTING_ATTENTIONS, PASSING_ATTENTIONS } from './attentions';

/** States that are never left again. */
export const FINAL_STATES = ['approved', 'declined', 'filtered', 'error', 'rejected', 'cancelled', 'expired'] as const;
export type FinalState = (typeof FINAL_STATES)[number];

export const OPEN_STATES = [
  'awaiting_details',
  'awaiting_approval',
  'scheduled',
  'accepted',
  'sending',
  'unconfirmed',
  'processing',
  'awaiting_receiver',
  'needs_review',
] as const;
export type OpenState = (typeof OPEN_STATES)[number];
export type PayoutState = OpenState | FinalState;

/**
 * The record of one payout. JSON-safe; times are epoch milliseconds; amounts are decimal strings in highest units. Holds
 * no account data beyond a masked tail.
 */
export interface Payout extends Labels {
  readonly clientOrderId: ClientOrderId;
  /** Whose payout it is; absent for the default tenant. */
  readonly tenant?: string;
  readonly endpoint: string;
  readonly amount: string;
  readonly currency: CurrencyCode;
  /** Null while the Receiver has not said where the money goes. */
  readonly destination: string | null;
  readonly state: PayoutState;
  readonly attention: AttentionReason | null;
  readonly reason: Reason | null;
  readonly orderId: OrderId | null;
  readonly redirectTo: string | null;
  readonly actualAmount: string | null;
  readonly actualCurrency: string | null;
  readonly settledBy: 'submission' | 'poll' | 'callback' | 'operator' | 'clock' | 'policy' | null;
  /** True if the final state is based on an order status over TLS, an operator, or never having sent; false for a callback alone. */
  readonly confirmed: boolean;
  readonly claim: Claim | null;
  /** What a callback says of an event after the payout (reversal, chargeback ...), until the gateway's own answer says so too. */
  readonly eventClaim?: Pick<OrderReport, 'status' | 'subject' | 'orderId'>;
  /** The gateway's own answer said, while the payout was open, that its money came back. */
  readonly returned?: Returned;
  /** When each source first agreed with the final state. */
  readonly agreedAtMs: Readonly<Partial<Record<'submission' | 'poll' | 'callback' | 'operator', number>>>;
  /** Calls that may have created an order were started this many times. */
  readonly sendAttempts: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly settledAtMs: number | null;
  /** Start of the doubt, of following the order, of the present fast polling, of the last question; null while not there yet. */
  readonly unconfirmedSinceMs: number | null;
  readonly followedSinceMs: number | null;
  readonly pollingSinceMs: number | null;
  readonly lastAskedAtMs: number | null;
  /** When the last send was found not to have left; null while one is under way or none was made. */
  readonly notSentAtMs: number | null;
  /** `fast`: asked every few seconds by one watching activity; `slow`: by timers. */
  readonly polling: 'fast' | 'slow';
  /** A final state based on a callback alone is no longer polled: the horizon has passed. */
  readonly confirmationGivenUp: boolean;
  /** Only of a payout whose Receiver says where the money goes: until when they may, and when they did. */
  readonly collecting?: { readonly untilMs: number; readonly gotAtMs: number | null };
  /** Only of a payout that is not sent at once. */
  readonly gate?: GateRecord;
  readonly evidence: readonly EvidenceEntry[];
  readonly evidenceDropped: number;
}

export function isFinalState(state: PayoutState): state is FinalState {
  return (FINAL_STATES as readonly string[]).includes(state);
}

/** True if nothing is left to do or to wait for: final, and confirmed or no longer confirmable. */
export function isSettled(payout: Payout): boolean {
  return isFinalState(payout.state) && (payout.confirmed || payout.confirmationGivenUp);
}

/** False once no create call can follow: an order is known, or the end is. Without an order, an operator may have it sent again. */
export function canStillBeSent(payout: Payout): boolean {
  return payout.orderId === null && !isFinalState(payout.state);
}

/** What the deciders ask about an open state. They compare no state by name, so a new one is decided by its row here, or does not compile. */
type Trait =
  | 'takes_details'
  | 'waits_for_approval'
  | 'waits_for_time'
  | 'unsent'
  | 'may_send'
  | 'sending'
  | 'before_order'
  | 'followed'
  | 'in_review';
const TRAITS: Readonly<Record<OpenState, readonly Trait[]>> = {
  awaiting_details: ['takes_details', 'unsent', 'before_order'],
  awaiting_approval: ['waits_for_approval', 'unsent', 'before_order'],
  scheduled: ['waits_for_time', 'unsent', 'before_order'],
  accepted: ['unsent', 'may_send', 'before_order'],
  sending: ['may_send', 'sending', 'before_order'],
  unconfirmed: ['before_order'],
  processing: ['followed'],
  awaiting_receiver: ['followed'],
  needs_review: ['in_review'],
};

function has({ state }: Payout, trait: Trait): boolean {
  return !isFinalState(state) && TRAITS[state].includes(trait);
}

/** The Receiver may say where the money goes. */
export function takesDetails(payout: Payout): boolean {
  return has(payout, 'takes_details');
}

/** Persons have to approve it before it is sent. */
export function awaitsApproval(payout: Payout): boolean {
  return has(payout, 'waits_for_approval');
}

/** It waits for the time at which it is to be sent. */
export function isScheduled(payout: Payout): boolean {
  return has(payout, 'waits_for_time');
}

/** A send may begin: the first, or another one. */
export function maySend(payout: Payout): boolean {
  return has(payout, 'may_send');
}

/** The create call is under way, or did not leave and is tried again. */
export function isSending(payout: Payout): boolean {
  return has(payout, 'sending');
}

/** A person decides. */
export function isInReview(payout: Payout): boolean {
  return has(payout, 'in_review');
}

export function isUnsent(payout: Payout): boolean {
  return has(payout, 'unsent');
}

/** Provably nothing of this payout is at the gateway: no call is under way, none ever ended in doubt, and no order was seen. */
export function isBeforeSend(payout: Payout): boolean {
  const isBetweenSends = isSending(payout) && payout.notSentAtMs !== null;
  return (isUnsent(payout) || isBetweenSends) && isWithoutDoubt(payout);
}

/** No order was seen, and no call that may have made one: none of this run, nor of one that a reset made forgotten. */
export function isWithoutDoubt({ orderId, unconfirmedSinceMs }: Payout): boolean {
  return orderId === null && unconfirmedSinceMs === null;
}

/** True while no order of this payout is known: not sent, or not known to have been. */
export function isBeforeOrder(payout: Payout): boolean {
  return has(payout, 'before_order');
}

/** True while an order is followed that is not final. */
export function isFollowed(payout: Payout): boolean {
  return has(payout, 'followed');
}

/** A review because an answer is missing may end by an answer; one because of a contradiction only by a person. */
export function isContradicted(payout: Payout): boolean {
  return isInReview(payout) && !isSilence(payout.attention);
}

/** Of a final payout: true when a person was called to what contradicts it, and nothing that contradicts it once more would change it. */
export function isContradictedFinal(payout: Payout): boolean {
  return payout.eventClaim === undefined && setAttention(payout, 'conflict') === payout;
}

/**
 * The payout with a person called to it. A reason that lasts is not replaced: the first one is where the search begins. But silence
 * gives way to an answer, which the next answer would otherwise wipe out with it, and an end in error to what contradicts it.
 */
export function setAttention(payout: Payout, attention: AttentionReason): Payout {
  const isSpoken = isLasting(attention) && !isSilence(attention);
  const yields = isSilence(payout.attention) || payout.attention === 'ended_in_error';
  return isLasting(payout.attention) && !(yields && isSpoken) ? payout : { ...payout, attention };
}

/** The payout without a reason that passes by itself. */
export function clearAttention(payout: Payout): Payout {
  return isLasting(payout.attention) ? payout : { ...payout, attention: null };
}

function isLasting(attention: AttentionReason | null): boolean {
  return (LASTING_ATTENTIONS as readonly (string | null)[]).includes(attention);
}

/** True for a reason that means a missing answer. */
export function isSilence(attention: AttentionReason | null): boolean {
  return (SILENT_ATTENTIONS as readonly (string | null)[]).includes(attention);
}

/** When the Receiver's time to enter details is over; null for a payout that never asked for them. */
export function detailsUntil(payout: Payout): number | null {
  return payout.collecting?.untilMs ?? null;
}

/** Since when there is something that may be sent. */
export function sendableSince({ gate, collecting, createdAtMs }: Payout): number {
  return gate?.releasedAtMs ?? collecting?.gotAtMs ?? createdAtMs;
}

/** The payout as far on its way to the send as its gate lets it be: its destination is known, and nothing of it is at the gateway. */
export function advance(payout: Payout, atMs: number): Payout {
  const { gate } = payout;
  if (gate === undefined) return { ...payout, state: 'accepted' };
  const state = gateStateAt(gate, atMs);
  if (state === 'accepted') return { ...payout, state, gate: { ...gate, releasedAtMs: atMs } };
  // A limit counts in the period of the send.
  const unheld = gate.limit === undefined ? gate : holdAnew(gate);
  const waiting = { ...payout, gate: unheld };
  if (state === 'held') return { ...waiting, state: 'awaiting_approval' };
  return state === 'scheduled' ? { ...waiting, state } : askForApproval(waiting, unheld, atMs);
}

/** The time for approvals begins when the payout begins to wait for them, not with each of them. */
function askForApproval(payout: Payout, gate: GateRecord, atMs: number): Payout {
  const { approval, isBlocked } = gate;
  if (approval === undefined || awaitsApproval(payout)) return payout;
  const entry: EvidenceEntry = {
    ...{ source: 'policy', what: 'approval_needed', rule: approval.rule, orderId: null, stage: null },
    ...{ serialNumber: null, contradicts: false, atMs, lastAtMs: atMs, times: 1 },
  };
  return {
    ...payout,
    state: 'awaiting_approval',
    attention: isBlocked ? 'approval_blocked' : payout.attention,
    updatedAtMs: atMs,
    gate: { ...gate, approvalUntilMs: atMs + approval.expiresInMs },
    evidence: [...payout.evidence, entry],
  };
}

/** The record of a payout just accepted. */
export function openPayout(
  request: AskedRequest,
  { endpoint, tenant, atMs, gate }: Pick<Payout, 'endpoint' | 'tenant'> & { atMs: number; gate?: Gate | undefined },
): Payout {
  const isCollecting = request.destination === undefined;
  const payout: Payout = {
    clientOrderId: request.clientOrderId,
    ...storedTenant(tenant),
    endpoint,
    amount: request.amount,
    currency: request.currency,
    destination: isCollecting ? null : maskDestination(request.destination),
    state: 'awaiting_details',
    attention: null,
    reason: null,
    orderId: null,
    redirectTo: null,
    actualAmount: null,
    actualCurrency: null,
    settledBy: null,
    confirmed: false,
    claim: null,
    agreedAtMs: {},
    sendAttempts: 0,
    createdAtMs: atMs,
    updatedAtMs: atMs,
    settledAtMs: null,
    unconfirmedSinceMs: null,
    followedSinceMs: null,
    pollingSinceMs: null,
    lastAskedAtMs: null,
    notSentAtMs: null,
    polling: 'fast',
    confirmationGivenUp: false,
    ...(isCollecting ? { collecting: { untilMs: atMs + parseDuration(request.expiresIn), gotAtMs: null } } : {}),
    ...labelsOf(request),
    ...(gate === undefined ? {} : { gate }),
    evidence: [],
    evidenceDropped: 0,
  };
  return isCollecting ? payout : advance(payout, atMs);
}
