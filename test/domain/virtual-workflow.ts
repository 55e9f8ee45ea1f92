import fc from 'fast-check';
import {
  applyAnswer,
  applyClock,
  applyEvidence,
  applySubmissionResult,
  applyWatchResult,
} from '../../src/domain/apply-evidence';
import { type NextStep, nextStep } from '../../src/domain/next-step';
import type { OrderReport, StatusAnswer, Submission } from '../../src/domain/order-report';
import type { Payout } from '../../src/domain/payout';
import type { PayoutPolicy } from '../../src/domain/poll-plan';
import { anyReport, showsOrder } from './arbitrary-evidence';
import { makePayout, makeReport, ORDER_ID, START_MS } from './samples';

/** What one gateway does to one payout: answers in turn, callbacks at their time, and what it says when all is said. */
export interface GatewayStory {
  readonly submissions: readonly ('accepted' | 'refused' | 'not_sent' | 'unconfirmed' | 'lost' | 'adopted')[];
  readonly answers: readonly (OrderReport | 'not_found' | 'unanswered' | 'gear_ends')[];
  readonly callbacks: readonly { readonly afterMs: number; readonly report: OrderReport }[];
  readonly silence: 'processing' | 'not_found' | 'unanswered';
}

export const anyGatewayStory: fc.Arbitrary<GatewayStory> = fc.record({
  submissions: fc.array(
    fc.constantFrom(
      'accepted' as const,
      'refused' as const,
      'not_sent' as const,
      'unconfirmed' as const,
      'lost' as const,
      'adopted' as const,
    ),
    { maxLength: 4 },
  ),
  answers: fc.array(
    fc.oneof(
      anyReport.map((report): OrderReport => ({ ...report, source: 'poll' })),
      fc.constantFrom('not_found' as const, 'unanswered' as const, 'gear_ends' as const),
    ),
    { maxLength: 5 },
  ),
  callbacks: fc.array(
    fc.record({
      afterMs: fc.constantFrom(0, 1, 5_000, 61_000, 3_600_000, 86_400_000, 10 * 86_400_000, 20 * 86_400_000),
      report: anyReport.map((report): OrderReport => ({ ...report, source: 'callback' })),
    }),
    { maxLength: 3 },
  ),
  silence: fc.constantFrom('processing' as const, 'not_found' as const, 'unanswered' as const),
});

export interface VirtualRun {
  readonly payout: Payout;
  readonly next: NextStep;
  readonly endedAtMs: number;
  readonly mostStepsAtOneInstant: number;
  /** Questions of timers, without the watch's own. */
  readonly questions: number;
  readonly sendsAfterOrder: number;
}

type Message = (current: Payout, atMs: number) => Payout;
const MOST_STEPS = 20_000;
/** How long a create call takes. */
export const CALL_MS = 200;

/** The workflow's loop over virtual time: one writer, an inbox, each call under way once at most, one alarm. */
export function runVirtually(story: GatewayStory, policy: PayoutPolicy): VirtualRun {
  const submissions = [...story.submissions];
  const answers = [...story.answers];
  let due: { atMs: number; message: Message }[] = story.callbacks.map(({ afterMs, report }) => ({
    atMs: START_MS + afterMs,
    message: (current, atMs) => applyEvidence(current, { kind: 'report', report, atMs }, { policy, atMs }),
  }));
  const underWay = { submission: false, question: false, watch: false };
  let nowMs = START_MS;
  let current = makePayout();
  let [steps, atThisInstant, most, questions, sendsAfterOrder, isOrderSeen] = [0, 0, 0, 0, 0, false];

  const answer = (): StatusAnswer | null => {
    const next = answers.shift() ?? story.silence;
    if (next === 'not_found') return { found: false, reason: { code: '1', message: null } };
    if (next === 'unanswered' || next === 'gear_ends') return null;
    const report = next === 'processing' ? makeReport() : next;
    return { found: true, report };
  };
  const later = (afterMs: number, message: Message) => {
    due.push({ atMs: nowMs + afterMs, message });
  };

  for (;;) {
    if (++steps > MOST_STEPS) throw new Error('the payout never came to rest');
    most = Math.max(most, ++atThisInstant);
    const arrived = due.filter(({ atMs }) => atMs <= nowMs);
    due = due.filter(({ atMs }) => atMs > nowMs);
    for (const { message } of arrived) current = message(current, nowMs);
    current = applyClock(current, { policy, atMs: nowMs });
    isOrderSeen ||= current.orderId !== null;
    const next = nextStep(current, policy, nowMs);
    if (next.step === 'finish') return end(next);
    if (next.step === 'submit') {
      sendsAfterOrder += isOrderSeen || underWay.submission ? 1 : 0;
      underWay.submission = true;
      current = applyEvidence(current, { kind: 'sending', atMs: nowMs }, { policy, atMs: nowMs });
      const submission = toSubmission(submissions.shift() ?? 'not_sent');
      later(CALL_MS, (payout, atMs) => {
        underWay.submission = false;
        isOrderSeen ||= submission !== null && showsOrder({ kind: 'submission', submission, atMs });
        return applySubmissionResult(payout, submission, { policy, atMs });
      });
      continue;
    }
    if (next.step === 'confirm') {
      current = applyAnswer(current, answer() ?? 'silent', { policy, atMs: nowMs });
      continue;
    }
    if (next.step === 'ask' && !underWay.question) {
      questions += 1;
      underWay.question = true;
      const received = answer() ?? 'silent';
      later(0, (payout, atMs) => {
        underWay.question = false;
        return applyAnswer(payout, received, { policy, atMs });
      });
      continue;
    }
    if (next.step === 'wait' && next.watchUntilMs !== null && !underWay.watch) startWatch(next.watchUntilMs);
    const alarmMs = next.step === 'wait' ? (next.alarm?.atMs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    const wakeMs = Math.min(alarmMs, ...due.map(({ atMs }) => atMs));
    if (wakeMs === Number.POSITIVE_INFINITY) return end(next);
    if (wakeMs > nowMs) atThisInstant = 0;
    nowMs = Math.max(nowMs, wakeMs);
  }

  /** Ends with the next answer worth telling, or with its polling. */
  function startWatch(untilMs: number): void {
    underWay.watch = true;
    const pollingSinceMs = current.pollingSinceMs ?? current.createdAtMs;
    const next = answers.shift();
    const isNews = typeof next === 'object';
    later(isNews ? Math.min(4_000, untilMs - nowMs) : untilMs - nowMs, (payout, atMs) => {
      underWay.watch = false;
      const result = isNews
        ? ({ ended: false, answer: { found: true, report: next } } as const)
        : ({ ended: true, answered: next !== 'unanswered' } as const);
      return applyWatchResult(payout, result, { policy, atMs, pollingSinceMs });
    });
  }

  function end(next: NextStep): VirtualRun {
    return { payout: current, next, endedAtMs: nowMs, mostStepsAtOneInstant: most, questions, sendsAfterOrder };
  }
}

function toSubmission(outcome: GatewayStory['submissions'][number]): Submission | null {
  switch (outcome) {
    case 'accepted':
      return { outcome, orderId: ORDER_ID, serialNumber: null, endpointId: null };
    case 'adopted':
      return { outcome, report: makeReport() };
    case 'refused':
      return { outcome, reason: { code: '1', message: 'invalid' }, serialNumber: null };
    case 'not_sent':
      return { outcome, cause: 'unreachable' };
    case 'unconfirmed':
      return { outcome, cause: 'reset', orderId: null };
    case 'lost':
      return null;
  }
}
