import { clearAttention, note, reportNote, setAttention } from './evidence';
import { isSameAmount } from './money';
import { type FinalStatus, isFinalStatus, type OrderReport } from './order-report';
import { isBeforeSend, isFinalState, type Payout } from './payout';
import { follow, isBeforeOrder, isContradicted, restart, review, settle } from './settlement';

/** An order status or a callback, in any state. Order and repetition do not matter: both sources come through here. */
export function applyReport(payout: Payout, report: OrderReport, atMs: number): Payout {
  const isOtherOrder = report.orderId !== null && payout.orderId !== null && report.orderId !== payout.orderId;
  const contradicts = isOtherOrder || report.subject === 'other_transaction' || contradictsFinal(payout, report);
  const noted = asked(note(payout, reportNote(report), { atMs, contradicts }), report, atMs);
  if (isOtherOrder)
    return isFinalState(payout.state) ? setAttention(noted, 'order_id_mismatch') : review(noted, 'order_id_mismatch');
  // Whose order it is, nobody can say: no reply names the account. A former payout's of the same id, perhaps.
  if (isBeforeSend(payout) && report.subject !== 'other_transaction')
    return review({ ...noted, orderId: report.orderId }, 'adopted_unseen');
  // Whatever came after the payout: there is an order of ours, so a refusal or another send must not follow.
  if (report.subject === 'post_payout_event') return applyEvent(follow(noted, atMs), report, atMs);
  if (report.subject !== 'payout') return applyOtherTransaction(noted, report, atMs);
  if (isFinalState(payout.state)) return afterFinal(noted, report, { contradicts, atMs });
  if (isContradicted(payout)) return noted;
  const known = follow({ ...noted, orderId: noted.orderId ?? report.orderId }, atMs);
  return report.source === 'callback' ? applyCallback(known, report, atMs) : applyPoll(known, report, atMs);
}

/**
 * Only a payout settles a payout: what is none is for a person. The type of a callback is not signed, and the Receiver's own redirect
 * carries the same control: about an order that is followed, the gateway's own answer must say it too.
 */
function applyOtherTransaction(payout: Payout, report: OrderReport, atMs: number): Payout {
  if (report.source === 'callback' && !isBeforeOrder(payout)) return claimEvent(payout, report, atMs);
  const { state } = payout;
  return isFinalState(state) ? setAttention(payout, 'other_transaction') : review(payout, 'other_transaction');
}

/** An event after the payout. A callback's type is not signed, so the gateway's own answer must say it too before anyone is notified. */
function applyEvent(payout: Payout, report: OrderReport, atMs: number): Payout {
  if (report.source === 'callback') return claimEvent(payout, report, atMs);
  if (!isFinalStatus(report.status)) return payout;
  const { eventClaim: _confirmed, ...rest } = payout;
  if (isFinalState(rest.state)) return setAttention(rest, 'post_payout_event');
  // The order status speaks of the event from now on, and never of the payout: how that ended, a person looks up.
  return review({ ...rest, orderId: rest.orderId ?? report.orderId }, 'post_payout_event');
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

function contradictsFinal(payout: Payout, report: OrderReport): boolean {
  return (
    isFinalState(payout.state) &&
    report.subject === 'payout' &&
    isFinalStatus(report.status) &&
    report.status !== payout.state
  );
}

/** A status answer is an answer, whatever it says: the clock of the next question starts anew, and a claim's gateway is reachable. */
function asked(payout: Payout, report: OrderReport, atMs: number): Payout {
  if (report.source !== 'poll') return payout;
  const { eventClaim, ...rest } = payout;
  const isRefuted =
    eventClaim?.subject === 'other_transaction' && namesPayout(report) && report.orderId === payout.orderId;
  const left = isRefuted || eventClaim === undefined ? rest : payout;
  return { ...left, lastAskedAtMs: atMs, claim: payout.claim && { ...payout.claim, asked: true, reached: true } };
}

/** The gateway's own word, and not the want of one. */
function namesPayout({ subject, transactionType }: OrderReport): boolean {
  return subject === 'payout' && transactionType !== null;
}

/** The first final stays. Equal words are agreement; an order status also confirms a final that stood on a callback alone. */
function afterFinal(payout: Payout, report: OrderReport, fact: { contradicts: boolean; atMs: number }): Payout {
  if (fact.contradicts) return setAttention(payout, 'conflict');
  if (report.status !== payout.state) return payout;
  const agreed = agree(payout, report.source, fact.atMs);
  if (report.source !== 'poll' || payout.confirmed) return agreed;
  const actual = withActualAmount(agreed, report);
  return amountDiffers(actual)
    ? setAttention({ ...actual, confirmed: true }, 'amount_mismatch')
    : { ...actual, confirmed: true };
}

/** A callback is signed evidence of a status, not of an amount: a final word becomes a claim that an order status must confirm. */
function applyCallback(payout: Payout, report: OrderReport, atMs: number): Payout {
  if (report.status === 'unlisted') return setAttention(payout, 'unlisted_status');
  if (!isFinalStatus(report.status)) return payout;
  if (payout.claim !== null && payout.claim.status !== report.status) return review(payout, 'conflict');
  if (payout.claim !== null) return payout;
  const claim = { status: report.status, reason: report.reason, atMs, asked: false, reached: false };
  const agreed = agree(payout, 'callback', atMs);
  const followed = agreed.state === 'needs_review' ? restart(agreed, atMs) : agreed;
  return { ...followed, claim, pollingSinceMs: atMs, polling: 'fast' };
}

function applyPoll(payout: Payout, report: OrderReport, atMs: number): Payout {
  if (!isFinalStatus(report.status)) return applyProgress(payout, report);
  const open = payout.state === 'needs_review' ? restart(payout, atMs) : payout;
  const actual = withActualAmount(clearAttention(open), report);
  if (actual.claim !== null && actual.claim.status !== report.status) return review(actual, 'conflict');
  if (amountDiffers(actual)) return review(actual, 'amount_mismatch');
  return settleOnPoll(actual, { status: report.status, report, atMs });
}

function settleOnPoll(payout: Payout, fact: { status: FinalStatus; report: OrderReport; atMs: number }): Payout {
  const { status, report, atMs } = fact;
  const byCallback = payout.claim !== null;
  const reason = report.reason ?? payout.claim?.reason ?? null;
  const settled = settle(payout, { status, by: byCallback ? 'callback' : 'poll', confirmed: true, reason, atMs });
  return agree(settled, 'poll', atMs);
}

function applyProgress(payout: Payout, report: OrderReport): Payout {
  const oddity = oddityOf(report);
  const seen = oddity === null ? clearAttention(payout) : setAttention(payout, oddity);
  if (seen.state === 'needs_review') return seen;
  return {
    ...seen,
    state: report.redirectTo === null ? 'processing' : 'awaiting_receiver',
    redirectTo: report.redirectTo,
  };
}

/** What is odd about an order that is in work; null for nothing. */
export function oddityOf({ status, isLinkUnusable }: OrderReport): 'unlisted_status' | 'redirect_unusable' | null {
  if (status === 'unlisted') return 'unlisted_status';
  return isLinkUnusable === true ? 'redirect_unusable' : null;
}

function agree(payout: Payout, source: 'poll' | 'callback', atMs: number): Payout {
  return payout.agreedAtMs[source] === undefined
    ? { ...payout, agreedAtMs: { ...payout.agreedAtMs, [source]: atMs } }
    : payout;
}

function withActualAmount(payout: Payout, report: OrderReport): Payout {
  return { ...payout, actualAmount: report.amount, actualCurrency: report.currency };
}

/** Amount or currency answered and not what was asked for. A reply without them says nothing about them. */
function amountDiffers(payout: Payout): boolean {
  const { actualAmount, actualCurrency, amount, currency } = payout;
  if (actualCurrency !== null && actualCurrency !== currency) return true;
  return actualAmount !== null && !isSameAmount(actualAmount, amount, currency);
}
