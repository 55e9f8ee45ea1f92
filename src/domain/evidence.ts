import type { EvidenceEntry } from './evidence-entry';
import type { HookAnswer } from './hook';
import type { HoldAnswer } from './limits';
import type { OperatorOrder } from './operator';
import type { NoAnswer, OrderReport, Reason, Submission } from './order-report';
import type { Payout } from './payout';

/** Everything that can move a payout. The only way its state changes is `apply(payout, evidence)`. */
export type Evidence =
  /** The call that may create the order begins. */
  | { readonly kind: 'sending'; readonly atMs: number }
  | { readonly kind: 'submission'; readonly atMs: number; readonly submission: Submission }
  | { readonly kind: 'report'; readonly atMs: number; readonly report: OrderReport }
  /** A signed callback about this payout arrived on another endpoint's route: it proves nothing here. */
  | { readonly kind: 'other_endpoint'; readonly atMs: number }
  /** The status request was answered with an error: no such order. Never proof by itself. */
  | { readonly kind: 'not_found'; readonly atMs: number; readonly reason: Reason }
  /** The status request has no answer. `claimExpired`: the time in which a callback's claim had to be confirmed is over. */
  | {
      readonly kind: 'unanswered';
      readonly atMs: number;
      readonly claimExpired: boolean;
      readonly noAnswer?: NoAnswer;
    }
  /** Fast polling that began at `pollingSinceMs` ended; `answered` says whether the gateway was answering at its end. */
  | {
      readonly kind: 'fast_polling_ended';
      readonly atMs: number;
      readonly pollingSinceMs: number;
      readonly answered: boolean;
      readonly noAnswer?: NoAnswer;
    }
  /** The Receiver said where the money goes; `destination` is the masked tail. */
  | {
      readonly kind: 'details';
      readonly atMs: number;
      readonly destination: string;
      readonly enteredFrom: string | null;
    }
  /** The time has come at which the payout is to be sent. */
  | { readonly kind: 'due'; readonly atMs: number }
  /** What came of holding its limits; null when the call was lost. */
  | { readonly kind: 'limit'; readonly atMs: number; readonly answer: HoldAnswer | null }
  /** What the hook said; null when it said nothing in time. */
  | { readonly kind: 'hook'; readonly atMs: number; readonly answer: HookAnswer | null }
  /** The Receiver came back from the gateway's form. Says nothing of how it went. */
  | { readonly kind: 'returned'; readonly atMs: number }
  | { readonly kind: 'operator'; readonly atMs: number; readonly order: OperatorOrder }
  /** The keys have changed: whether enough others may approve it. */
  | { readonly kind: 'approvers'; readonly atMs: number; readonly isBlocked: boolean }
  /** The workflow was reset: what it did after that point is not in its record, a send perhaps. */
  | { readonly kind: 'reset'; readonly atMs: number }
  /** A clock ran out: the time to enter details, to approve or to get it sent, the backoff of an unconfirmed send, or the horizon of following. */
  | { readonly kind: 'given_up'; readonly atMs: number; readonly what: GivenUp };

export type GivenUp = 'details' | 'approval' | 'backoff' | 'sending' | 'horizon';

/** How many entries a payout keeps; a run of equal ones is one entry. Beyond it the oldest but the first ten go. */
export const MAX_EVIDENCE = 100;
const KEPT_FROM_START = 10;

type Note = Omit<EvidenceEntry, 'atMs' | 'lastAtMs' | 'times' | 'contradicts'>;

/** The payout with one more entry of evidence. */
export function note(payout: Payout, entry: Note, at: { atMs: number; contradicts?: boolean }): Payout {
  const contradicts = at.contradicts ?? false;
  const repeats = (known: EvidenceEntry) =>
    entry.operator === undefined &&
    known.source === entry.source &&
    known.what === entry.what &&
    known.stage === entry.stage &&
    known.orderId === entry.orderId &&
    known.enteredFrom === entry.enteredFrom &&
    known.reason === entry.reason &&
    known.contradicts === contradicts;
  const lastIndex = payout.evidence.length - 1;
  // A signed callback can be repeated for ever, also in turn with others: it stays one entry, wherever that is.
  const index = payout.evidence.findIndex(
    (known, at) => (entry.source === 'callback' || at === lastIndex) && repeats(known),
  );
  const repeated = payout.evidence[index];
  const evidence =
    repeated === undefined
      ? [...payout.evidence, { ...entry, contradicts, atMs: at.atMs, lastAtMs: at.atMs, times: 1 }]
      : payout.evidence.with(index, {
          ...{ ...repeated, lastAtMs: at.atMs, times: repeated.times + 1, serialNumber: entry.serialNumber },
        });
  const surplus = Math.max(0, evidence.length - MAX_EVIDENCE);
  return {
    ...payout,
    updatedAtMs: at.atMs,
    evidence: surplus === 0 ? evidence : evidence.toSpliced(findLeastNeeded(evidence), surplus),
    evidenceDropped: payout.evidenceDropped + surplus,
  };
}

/** A 403 to a send. It counts as not accepted; if it was accepted after all, a later refusal may be that of a second order. */
export function saysForbidden({ what }: EvidenceEntry): boolean {
  return what === 'not_sent_forbidden';
}

/**
 * The oldest entry that may go. Those stay that something is decided by: operators' acts, which must not be done twice, but for
 * questions and notes; and the first 403 to a send, after which a refusal may be that of a second order.
 */
function findLeastNeeded(evidence: readonly EvidenceEntry[]): number {
  const forbidden = evidence.findIndex(saysForbidden);
  const index = evidence.findIndex(
    ({ operator, what }, at) =>
      at >= KEPT_FROM_START && at !== forbidden && (operator === undefined || what === 'check' || what === 'note'),
  );
  return index === -1 ? KEPT_FROM_START : index;
}

/** How many callbacks the payout took, repeats among them. */
export function countCallbacks({ evidence }: Payout): number {
  return evidence.reduce((sum, { source, times }) => sum + (source === 'callback' ? times : 0), 0);
}

/** The evidence entry for something that has no gateway fields. */
export function plainNote(source: EvidenceEntry['source'], what: string): Note {
  return { source, what, orderId: null, stage: null, serialNumber: null };
}

/** The evidence entry for an order report. */
export function reportNote(report: OrderReport): Note {
  // A callback's type is not signed: what is repeated under another one is the same.
  const unsigned = report.subject === 'post_payout_event' ? 'event' : 'other';
  const event = report.source === 'callback' ? unsigned : (report.transactionType ?? unsigned);
  const what = report.subject === 'payout' ? report.statusText : `${event} ${report.statusText}`;
  return {
    source: report.source,
    what,
    orderId: report.orderId,
    stage: report.stage,
    serialNumber: report.serialNumber,
  };
}
