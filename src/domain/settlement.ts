import { note, reportNote } from './evidence';
import { isSameAmount } from './money';
import { type FinalStatus, isAnswer, isFinalStatus, type OrderReport, oddityOf, type Reason } from './order-report';
import {
  type AttentionReason,
  clearAttention,
  type FinalState,
  isBeforeOrder,
  isBeforeSend,
  isContradicted,
  isFinalState,
  isInReview,
  isSettled,
  isSilence,
  isWithoutDoubt,
  type Payout,
  setAttention,
} from './payout';
import { furthestReturn, returnedBy } from './returns';

/** What a report is to a payout, the first that applies. */
type Reading =
  | 'other_order'
  | 'never_sent'
  | 'event'
  | 'other_transaction'
  | 'after_final'
  | 'contradicted'
  | 'claim'
  | 'answer';

/** An order status or a callback, in any state. Order and repetition do not matter: both sources come through here. */
export function applyReport(payout: Payout, report: OrderReport, atMs: number): Payout {
  const reading = readReport(payout, report);
  const differs = reading === 'after_final' && isFinalStatus(report.status) && report.status !== payout.state;
  const contradicts = reading === 'other_order' || report.subject === 'other_transaction' || differs;
  const noted = noteAnswer(note(payout, reportNote(report), { atMs, contradicts }), report, atMs);
  switch (reading) {
    case 'other_order':
      return callPerson(noted, 'order_id_mismatch');
    case 'never_sent':
      // No reply names the account, so no one can say whose order it is. A former payout's of the same id, perhaps.
      return review({ ...noted, orderId: report.orderId }, 'adopted_unseen');
    case 'event':
      // Whatever came after the payout: our order exists, so a refusal or another send must not follow.
      return applyEvent(follow(noted, atMs), report, atMs);
    case 'other_transaction':
      return applyOtherTransaction(noted, report, atMs);
    case 'after_final':
      return differs ? setAttention(noted, 'conflict') : confirmFinal(noted, report, atMs);
    case 'contradicted':
      return noted;
    case 'claim':
      return applyCallback(followOrder(noted, report, atMs), report, atMs);
    case 'answer':
      return applyPoll(followOrder(noted, report, atMs), report, atMs);
  }
}

function readReport(payout: Payout, report: OrderReport): Reading {
  if (report.orderId !== null && payout.orderId !== null && report.orderId !== payout.orderId) return 'other_order';
  if (isBeforeSend(payout) && report.subject !== 'other_transaction') return 'never_sent';
  switch (report.subject) {
    case 'post_payout_event':
      return 'event';
    case 'other_transaction':
      return 'other_transaction';
    case 'payout':
      if (isFinalState(payout.state)) return 'after_final';
      if (isContradicted(payout)) return 'contradicted';
      return isAnswer(report) ? 'answer' : 'claim';
  }
}

/** A status answer is an answer, whatever it says: the clock of the next question starts again, and a claim's gateway is reachable. */
function noteAnswer(payout: Payout, report: OrderReport, atMs: number): Payout {
  if (!isAnswer(report)) return payout;
  const { eventClaim, ...rest } = payout;
  // Only the gateway's own answer refutes a claim; a missing answer does not.
  const namesPayout = report.subject === 'payout' && report.transactionType !== null;
  const isRefuted = eventClaim?.subject === 'other_transaction' && namesPayout && report.orderId === payout.orderId;
  return { ...(isRefuted ? rest : payout), ...reached(payout, atMs) };
}

/** What every answer of the gateway proves: it was asked, and it can be reached. */
export function reached({ claim }: Payout, atMs: number): Pick<Payout, 'lastAskedAtMs' | 'claim'> {
  return { lastAskedAtMs: atMs, claim: claim && { ...claim, asked: true, reached: true } };
}

/**
 * Only a payout settles a payout: what is none is for a person. The type of a callback is not signed, and the Receiver's own redirect
 * carries the same control: about an order that is followed, the gateway's own answer must say it too.
 */
function applyOtherTransaction(payout: Payout, report: OrderReport, atMs: number): Payout {
  if (!isAnswer(report) && !isBeforeOrder(payout)) return claimEvent(payout, report, atMs);
  return callPerson(payout, 'other_transaction');
}

/** An event after the payout. A callback's type is not signed, so the gateway's own answer must say it too before anyone is notified. */
function applyEvent(payout: Payout, report: OrderReport, atMs: number): Payout {
  if (!isAnswer(report)) return claimEvent(payout, report, atMs);
  if (!isFinalStatus(report.status)) return payout;
  const { eventClaim: _confirmed, ...rest } = payout;
  // The order status speaks of the event from now on, and never of the payout: how that ended, a person looks up.
  const orderId = isFinalState(rest.state) ? rest.orderId : (rest.orderId ?? report.orderId);
  return callPerson({ ...rest, orderId, ...readReturn(payout, report) }, 'post_payout_event');
}

/** Money that came back: the event lives on beside the payout when it has closed, where lists and counts find it. */
function readReturn(payout: Payout, report: OrderReport): Partial<Payout> {
  const { status, subject, orderId } = report;
  if (!report.isReturn || status !== 'approved') return {};
  const returned = furthestReturn([payout.returned, returnedBy(payout, [report])]);
  return { ...(returned && { returned }), eventClaim: { status, subject, orderId } };
}

/**
 * What only an unsigned type says: the gateway is asked, once for each subject. One that is not final says nothing. An event after the
 * payout replaces the other, which the next answer may end.
 */
function claimEvent(payout: Payout, { status, subject, orderId }: OrderReport, atMs: number): Payout {
  const known = payout.eventClaim?.subject;
  const isNews = known === undefined || (known === 'other_transaction' && subject === 'post_payout_event');
  if (!isFinalStatus(status) || !isNews) return payout;
  return { ...payout, eventClaim: { status, subject, orderId }, pollingSinceMs: atMs, polling: 'fast' };
}

/** The first final stays. Equal words are agreement; an order status also confirms a final known by a callback alone. */
function confirmFinal(payout: Payout, report: OrderReport, atMs: number): Payout {
  if (report.status !== payout.state) return payout;
  const agreed = agree(payout, report.source, atMs);
  if (!isAnswer(report) || payout.confirmed) return agreed;
  const confirmed = { ...withActualAmount(agreed, report), confirmed: true };
  return amountDiffers(confirmed) ? setAttention(confirmed, 'amount_mismatch') : confirmed;
}

/** A callback is signed evidence of a status, not of an amount: a final word becomes a claim that an order status must confirm. */
function applyCallback(payout: Payout, report: OrderReport, atMs: number): Payout {
  const { status, reason } = report;
  if (status === 'unlisted') return setAttention(payout, 'unlisted_status');
  if (!isFinalStatus(status)) return payout;
  if (payout.claim !== null) return payout.claim.status === status ? payout : review(payout, 'conflict');
  const agreed = agree(payout, 'callback', atMs);
  const followed = isInReview(agreed) ? restart(agreed, atMs) : agreed;
  const claim = { status, reason, atMs, asked: false, reached: false };
  return { ...followed, claim, pollingSinceMs: atMs, polling: 'fast' };
}

function applyPoll(payout: Payout, report: OrderReport, atMs: number): Payout {
  const { status } = report;
  if (!isFinalStatus(status)) return applyProgress(payout, report);
  const open = isInReview(payout) ? restart(payout, atMs) : payout;
  const actual = withActualAmount(clearAttention(open), report);
  if (actual.claim !== null && actual.claim.status !== status) return review(actual, 'conflict');
  if (amountDiffers(actual)) return review(actual, 'amount_mismatch');
  return settleOnPoll(actual, { status, report, atMs });
}

function settleOnPoll(payout: Payout, fact: { status: FinalStatus; report: OrderReport; atMs: number }): Payout {
  const { status, report, atMs } = fact;
  const by = payout.claim === null ? 'poll' : 'callback';
  const reason = report.reason ?? payout.claim?.reason ?? null;
  return agree(settle(payout, { status, by, confirmed: true, reason, atMs }), 'poll', atMs);
}

function applyProgress(payout: Payout, report: OrderReport): Payout {
  const oddity = oddityOf(report);
  const { redirectTo } = report;
  const seen = oddity === null ? clearAttention(payout) : setAttention(payout, oddity);
  if (isInReview(seen)) return seen;
  return { ...seen, state: redirectTo === null ? 'processing' : 'awaiting_receiver', redirectTo };
}

function agree(payout: Payout, source: 'poll' | 'callback', atMs: number): Payout {
  return { ...payout, agreedAtMs: { ...payout.agreedAtMs, [source]: payout.agreedAtMs[source] ?? atMs } };
}

function withActualAmount(payout: Payout, report: OrderReport): Payout {
  return { ...payout, actualAmount: report.amount, actualCurrency: report.currency };
}

/** Amount or currency answered and not what was asked for. A reply without them says nothing about them. */
function amountDiffers({ actualAmount, actualCurrency, amount, currency }: Payout): boolean {
  const hasOtherCurrency = actualCurrency !== null && actualCurrency !== currency;
  return hasOtherCurrency || (actualAmount !== null && !isSameAmount(actualAmount, amount, currency));
}

export interface Settlement {
  readonly status: FinalState;
  readonly by: NonNullable<Payout['settledBy']>;
  readonly confirmed: boolean;
  readonly reason: Reason | null;
  readonly atMs: number;
}

/** What each end means beside its name. */
const ENDS: Readonly<Record<FinalState, { readonly hasReason: boolean; readonly callsPerson: boolean }>> = {
  approved: { hasReason: false, callsPerson: false },
  declined: { hasReason: true, callsPerson: false },
  filtered: { hasReason: true, callsPerson: false },
  // The gateway counts it as declined and says that something went wrong: a person asks before it is paid again.
  error: { hasReason: true, callsPerson: true },
  rejected: { hasReason: true, callsPerson: false },
  cancelled: { hasReason: true, callsPerson: false },
  expired: { hasReason: true, callsPerson: false },
};

/** The payout with its one final state. Callers have checked that it has none yet. */
export function settle(payout: Payout, { status, by, confirmed, reason, atMs }: Settlement): Payout {
  const settled: Payout = {
    ...payout,
    state: status,
    settledBy: by,
    confirmed,
    reason: ENDS[status].hasReason ? reason : null,
    claim: null,
    redirectTo: null,
    settledAtMs: atMs,
    updatedAtMs: atMs,
    // A clock and a policy agree with no one.
    agreedAtMs:
      by === 'clock' || by === 'policy'
        ? payout.agreedAtMs
        : { ...payout.agreedAtMs, [by]: payout.agreedAtMs[by] ?? atMs },
  };
  return ENDS[status].callsPerson && by !== 'operator' ? setAttention(settled, 'ended_in_error') : settled;
}

/** The end of a payout that waits to be sent. One in doubt, which a person had sent again, may have been sent before: back to a person. */
export function endUnsent(payout: Payout, settlement: Settlement): Payout {
  return isWithoutDoubt(payout) ? settle(payout, settlement) : review(payout, 'outcome_unknown');
}

/**
 * A payout whose workflow ended without its result: terminated, cancelled, timed out or failed. Nothing follows it any more, and what it
 * was doing then is no answer. A final state stays.
 */
export function notFollowed(payout: Payout): Payout {
  if (isSettled(payout)) return payout;
  const state = isFinalState(payout.state) ? payout.state : 'needs_review';
  return { ...payout, state, attention: 'not_followed', redirectTo: null };
}

/** A person must decide. A final state stays; an open payout waits for them from now on. */
export function callPerson(payout: Payout, attention: AttentionReason): Payout {
  return isFinalState(payout.state) ? setAttention(payout, attention) : review(payout, attention);
}

/** The payout handed to a person. It is still open, and callbacks are still taken. */
export function review(payout: Payout, attention: AttentionReason): Payout {
  return { ...setAttention(payout, attention), state: 'needs_review', redirectTo: null };
}

/** It may have been sent, and no order is known: asked about from now on. */
export function doubt(payout: Payout, atMs: number): Payout {
  return { ...payout, state: 'unconfirmed', unconfirmedSinceMs: atMs, lastAskedAtMs: atMs };
}

function followOrder(payout: Payout, { orderId }: OrderReport, atMs: number): Payout {
  return follow({ ...payout, orderId: payout.orderId ?? orderId }, atMs);
}

/** The order is known to exist: a payout that was waiting to learn that, or not sent yet, is followed from here on. */
export function follow(payout: Payout, atMs: number): Payout {
  const wasInDoubt = isInReview(payout) && payout.attention === 'outcome_unknown';
  return isBeforeOrder(payout) || wasInDoubt ? restart(payout, atMs) : payout;
}

/** Following again, from fast polling and with the whole horizon ahead. */
export function restart(payout: Payout, atMs: number): Payout {
  const attention = isSilence(payout.attention) ? null : payout.attention;
  return {
    ...payout,
    state: 'processing',
    attention,
    followedSinceMs: atMs,
    pollingSinceMs: atMs,
    polling: 'fast',
    notSentAtMs: null,
  };
}
