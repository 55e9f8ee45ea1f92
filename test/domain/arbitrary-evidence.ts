import fc from 'fast-check';
import type { Evidence } from '../../src/domain/evidence';
import type { NotSentCause, OrderReport, OrderStatus, Submission } from '../../src/domain/order-report';
import type { Payout } from '../../src/domain/payout';
import { apply } from '../../src/domain/transitions';
import { makePayout, makeReport, ORDER_ID, OTHER_ORDER_ID, START_MS } from './samples';

/** Everything a payout can hear, in any order, any number of times: right and wrong ids, amounts, sources and words. */
const STATUSES: readonly OrderStatus[] = [
  'approved',
  'declined',
  'filtered',
  'error',
  'processing',
  'unknown',
  'unlisted',
];
const rare = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 6 }, { arbitrary: fc.constantFrom(...others), weight: 1 });

const reason = fc.option(fc.constant({ code: '116', message: 'not sufficient funds' }));

const TYPE_OF = { payout: 'payout', post_payout_event: 'reversal', other_transaction: 'sale' } as const;

export const anyReport: fc.Arbitrary<OrderReport> = fc
  .record({
    source: fc.constantFrom('poll' as const, 'callback' as const),
    status: fc.constantFrom(...STATUSES),
    subject: rare<OrderReport['subject']>('payout', 'post_payout_event', 'other_transaction'),
    orderId: rare<OrderReport['orderId']>(ORDER_ID, OTHER_ORDER_ID, null),
    amount: rare<string | null>('10.50', '10.5', '10.51', 'x', null),
    currency: rare<string | null>('EUR', 'USD', null),
    redirectTo: rare<string | null>(null, 'https://gate.example.com/form/1', 'https://gate.example.com/form/2'),
    stage: rare<string | null>(null, 'payout_processing'),
    serialNumber: fc.constantFrom(null, '1', '2'),
    reason,
  })
  .map((fields) =>
    makeReport({
      ...fields,
      transactionType: TYPE_OF[fields.subject],
      ...(fields.subject === 'post_payout_event' && fields.source === 'poll' && { isReturn: true }),
    }),
  );

const anySubmission: fc.Arbitrary<Submission> = fc.oneof(
  fc
    .tuple(rare(ORDER_ID, OTHER_ORDER_ID))
    .map(([orderId]) => ({ outcome: 'accepted' as const, orderId, serialNumber: null, endpointId: null })),
  anyReport.map((report) => ({ outcome: 'adopted' as const, report: { ...report, source: 'poll' as const } })),
  fc.constant({ outcome: 'refused' as const, reason: { code: '1', message: 'invalid' }, serialNumber: null }),
  fc
    .constantFrom<NotSentCause[]>(
      'unreachable',
      'probe_unanswered',
      'probe_unreadable',
      'forbidden',
      'past_deadline',
      'endpoint_paused',
      'payload_refused',
      'not_taken',
      'worker_unfit',
      'not_recorded',
      'lost_before_record',
    )
    .map((cause) => ({ outcome: 'not_sent' as const, cause })),
  rare(null, ORDER_ID, OTHER_ORDER_ID).map((orderId) => ({ outcome: 'unconfirmed' as const, cause: 'reset', orderId })),
);

/** Stands for fast polling the payout is in when the evidence is taken up. */
const PRESENT_GEAR = -1;

const anyUntimed: fc.Arbitrary<Evidence> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Evidence>({ kind: 'sending', atMs: 0 }) },
  { weight: 4, arbitrary: anySubmission.map((submission): Evidence => ({ kind: 'submission', submission, atMs: 0 })) },
  { weight: 1, arbitrary: fc.constant<Evidence>({ kind: 'other_endpoint', atMs: 0 }) },
  { weight: 1, arbitrary: fc.constant<Evidence>({ kind: 'returned', atMs: 0 }) },
  { weight: 1, arbitrary: fc.constant<Evidence>({ kind: 'reset', atMs: 0 }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('••••3000', '••••1111')
      .map((destination): Evidence => ({ kind: 'details', destination, enteredFrom: null, atMs: 0 })),
  },
  { weight: 8, arbitrary: anyReport.map((report): Evidence => ({ kind: 'report', report, atMs: 0 })) },
  {
    weight: 1,
    arbitrary: fc.constant<Evidence>({ kind: 'not_found', reason: { code: '1', message: null }, atMs: 0 }),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.boolean(), fc.constantFrom('silent' as const, 'unreadable' as const, 'forbidden' as const))
      .map(([claimExpired, noAnswer]): Evidence => ({ kind: 'unanswered', claimExpired, noAnswer, atMs: 0 })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(PRESENT_GEAR, START_MS), fc.boolean())
      .map(
        ([pollingSinceMs, answered]): Evidence => ({ kind: 'fast_polling_ended', pollingSinceMs, answered, atMs: 0 }),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('details' as const, 'backoff' as const, 'sending' as const, 'horizon' as const)
      .map((what): Evidence => ({ kind: 'given_up', what, atMs: 0 })),
  },
);

/** Evidence in order of time, most often after a send, as a real history has it. */
export function anyHistory(size: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<readonly Evidence[]> {
  const pauseMs = fc.constantFrom(0, 1, 1_000, 60_000, 3_600_000, 86_400_000);
  return fc
    .tuple(
      rare(true, false),
      fc.array(fc.tuple(anyUntimed, pauseMs), { minLength: 1, maxLength: 25, size: 'max', ...size }),
    )
    .map(([isSent, seen]) => {
      let atMs = START_MS;
      const timed = seen.map(([evidence, pause]) => {
        atMs += pause;
        return { ...evidence, atMs };
      });
      if (isSent) return [{ kind: 'sending', atMs: START_MS }, ...timed];
      // No call was made yet, so none can have a result.
      const firstSend = timed.findIndex(({ kind }) => kind === 'sending');
      return timed.filter(({ kind }, index) => kind !== 'submission' || (firstSend !== -1 && index > firstSend));
    });
}

/** One piece of evidence with the payout before and after it. */
export interface Played {
  readonly before: Payout;
  readonly evidence: Evidence;
  readonly after: Payout;
}

/** A payout from its beginning through a history, frozen all the way: whoever writes to it throws. */
export function play(history: readonly Evidence[], begin: Payout = makePayout()): readonly Played[] {
  const played: Played[] = [];
  let payout = deepFreeze(begin);
  for (const seen of history) {
    const isPresent = seen.kind === 'fast_polling_ended' && seen.pollingSinceMs === PRESENT_GEAR;
    const evidence = deepFreeze(
      isPresent ? { ...seen, pollingSinceMs: payout.pollingSinceMs ?? payout.createdAtMs } : seen,
    );
    const after = deepFreeze(apply(payout, evidence));
    played.push({ before: payout, evidence, after });
    payout = after;
  }
  return played;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

/** The order report in a piece of evidence, if it carries one. */
export function reportIn(evidence: Evidence): OrderReport | null {
  if (evidence.kind === 'report') return evidence.report;
  if (evidence.kind === 'submission' && evidence.submission.outcome === 'adopted') return evidence.submission.report;
  return null;
}

/** True for evidence after which an order of ours is known to exist at the gateway. */
export function showsOrder(evidence: Evidence): boolean {
  if (reportIn(evidence) !== null) return true;
  if (evidence.kind !== 'submission') return false;
  const { submission } = evidence;
  if (submission.outcome === 'unconfirmed') return submission.orderId !== null;
  return submission.outcome === 'accepted';
}
