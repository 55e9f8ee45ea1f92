import fc from 'fast-check';
import { type Evidence, MAX_EVIDENCE } from '../../src/domain/evidence';
import { isSameAmount } from '../../src/domain/money';
import { nextStep } from '../../src/domain/next-step';
import { isFinalStatus } from '../../src/domain/order-report';
import { isFinalState, openPayout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { apply } from '../../src/domain/transitions';
import { anyHistory, type Played, play, reportIn, showsOrder } from './arbitrary-evidence';
import { COLLECTING, START_MS } from './samples';

/** Holds for every step of every generated history. */
function always(claim: (step: Played, soFar: readonly Played[]) => void, numRuns = 400): void {
  fc.assert(
    fc.property(anyHistory(), (history) => {
      play(history).forEach((step, index, all) => {
        claim(step, all.slice(0, index));
      });
    }),
    { numRuns },
  );
}

/** The step by which a payout became final. */
function hasSettled({ before, after }: Played): boolean {
  return !isFinalState(before.state) && isFinalState(after.state);
}

it('a final state is never left, nor who settled it, when and why', () => {
  always(({ before, after }) => {
    if (!isFinalState(before.state)) return;
    const { state, settledBy, settledAtMs, reason } = before;
    expect(after).toMatchObject({ state, settledBy, settledAtMs, reason });
    if (before.confirmed) expect(after.confirmed).toBe(true);
  });
});

it('no history ends in two different finals', () => {
  fc.assert(
    fc.property(anyHistory(), (history) => {
      const finals = play(history).map(({ after }) => after.state);
      expect(new Set(finals.filter(isFinalState)).size).toBeLessThanOrEqual(1);
    }),
    { numRuns: 400 },
  );
});

it('a word outside the whitelist of finals settles nothing', () => {
  always((step) => {
    const report = reportIn(step.evidence);
    // By a list and a sign of its own: what is final here must not depend on what is tested.
    const isFinalWord = ['approved', 'declined', 'filtered', 'error'].includes(report?.status ?? '');
    if (report !== null && !isFinalWord) expect(step.after.settledAtMs).toBe(step.before.settledAtMs);
  });
});

it('a payout is settled by an order status, by the end of a claim or by a refusal, and by nothing else', () => {
  const ways = new Set<string>();
  always((step) => {
    if (!hasSettled(step)) return;
    const { before, evidence, after } = step;
    const report = reportIn(evidence);
    if (report !== null) {
      ways.add('order status');
      expect(report).toMatchObject({ source: 'poll', subject: 'payout', status: after.state });
      expect(after).toMatchObject({ confirmed: true, settledBy: before.claim === null ? 'poll' : 'callback' });
    } else if (evidence.kind === 'unanswered') {
      ways.add('claim');
      expect(evidence.claimExpired).toBe(true);
      expect(before.claim).toMatchObject({ status: after.state, reached: false });
      expect(after).toMatchObject({ confirmed: false, settledBy: 'callback' });
    } else {
      ways.add('refusal');
      expect(evidence).toMatchObject({ kind: 'submission', submission: { outcome: 'refused' } });
      expect(after).toMatchObject({ state: 'rejected', confirmed: true, settledBy: 'submission' });
    }
  });
  expect(ways).toEqual(new Set(['order status', 'claim', 'refusal']));
});

it('another amount or currency is never settled as final by an order status', () => {
  let withAmount = 0;
  always((step) => {
    const report = reportIn(step.evidence);
    if (report === null || !hasSettled(step)) return;
    if (report.currency !== null) expect(report.currency).toBe(step.after.currency);
    if (report.amount === null) return;
    withAmount += 1;
    expect(isSameAmount(report.amount, step.after.amount, step.after.currency)).toBe(true);
  });
  expect(withAmount).toBeGreaterThan(0);
});

it('a report about another order never settles a payout', () => {
  always((step) => {
    const report = reportIn(step.evidence);
    const known = step.before.orderId;
    if (known === null || report === null || report.orderId === null || report.orderId === known) return;
    expect(hasSettled(step)).toBe(false);
    expect(step.after.orderId).toBe(known);
  });
});

it('a refusal after an order was seen never ends rejected', () => {
  let refusedAfterAll = 0;
  always(({ evidence, before, after }, soFar) => {
    if (evidence.kind !== 'submission' || evidence.submission.outcome !== 'refused') return;
    if (!soFar.some((step) => showsOrder(step.evidence)) || before.state === 'rejected') return;
    refusedAfterAll += 1;
    expect(after.state).not.toBe('rejected');
  });
  expect(refusedAfterAll).toBeGreaterThan(0);
});

it('two different finals heard of one order before it settled are a person’s case, for good', () => {
  let settled = 0;
  always((step, soFar) => {
    if (!hasSettled(step)) return;
    const settledAs = step.after.state;
    const others = [...soFar, step].flatMap(({ before, evidence }) => {
      const report = reportIn(evidence);
      const isAboutIt = report?.subject === 'payout' && (report.orderId ?? before.orderId) === step.after.orderId;
      return isAboutIt && isFinalStatus(report.status) && report.status !== settledAs ? [report] : [];
    });
    settled += 1;
    expect(others).toEqual([]);
  }, 1_500);
  expect(settled).toBeGreaterThan(0);
});

it('a later event of an order, such as a reversal, stays visible whatever happens next', () => {
  let events = 0;
  always(({ after }, soFar) => {
    const said = soFar
      .map(({ evidence }) => reportIn(evidence))
      .filter((report) => report?.subject === 'post_payout_event');
    const finals = said.filter((report) => report != null && isFinalStatus(report.status));
    if (finals.length === 0) return;
    events += 1;
    // A callback claims it, until the gateway's own answer confirms it.
    const isConfirmed = finals.some((report) => report?.source === 'poll');
    expect(isConfirmed ? after.attention : (after.attention ?? after.eventClaim)).toBeTruthy();
  });
  expect(events).toBeGreaterThan(0);
});

it('what a person must settle is left by no evidence', () => {
  const contradictions = ['conflict', 'amount_mismatch', 'order_id_mismatch', 'other_transaction'];
  let current = 0;
  always(({ before, after }) => {
    if (before.state !== 'needs_review' || !contradictions.includes(before.attention ?? '')) return;
    current += 1;
    expect(after).toMatchObject({ state: 'needs_review', attention: before.attention });
  });
  expect(current).toBeGreaterThan(0);
});

it('every payout is final, in a person’s hands with a reason, or has a next step', () => {
  const steps = new Set<string>();
  always(({ evidence, after }) => {
    for (const laterMs of [0, 1, 60_000, 30 * 86_400_000]) {
      const next = nextStep(after, DEFAULT_POLICY, evidence.atMs + laterMs);
      steps.add(next.step);
      if (after.state === 'needs_review') expect(after.attention).not.toBeNull();
      if (next.step === 'finish') expect(isFinalState(after.state)).toBe(true);
      if (next.step !== 'wait') continue;
      const isHeldByNothing = next.alarm === null && next.watchUntilMs === null;
      if (isHeldByNothing) expect(after.state).toBe('needs_review');
      if (next.alarm !== null) expect(next.alarm.atMs).toBeGreaterThan(evidence.atMs + laterMs);
      if (next.watchUntilMs !== null) expect(next.watchUntilMs).toBeGreaterThan(evidence.atMs + laterMs);
    }
  }, 150);
  expect([...steps].sort()).toEqual(['ask', 'await_submission', 'confirm', 'finish', 'give_up', 'submit', 'wait']);
});

it('nothing is sent once an order is known to exist, nor while a send is under way', () => {
  let submits = 0;
  always(({ evidence, after }, soFar) => {
    for (const laterMs of [0, 1_000, 86_400_000]) {
      if (nextStep(after, DEFAULT_POLICY, evidence.atMs + laterMs).step !== 'submit') continue;
      submits += 1;
      expect(after.orderId).toBeNull();
      expect([...soFar.map((step) => step.evidence), evidence].some(showsOrder)).toBe(false);
      const mayBeSent = after.state === 'accepted' || (after.state === 'sending' && after.notSentAtMs !== null);
      expect(mayBeSent).toBe(true);
    }
  });
  expect(submits).toBeGreaterThan(0);
});

it('every send is counted, but for one that a paused endpoint got no call of, and begins only where the next step was to send', () => {
  always(({ before, evidence, after }) => {
    const isBegun = evidence.kind === 'sending' && (before.state === 'accepted' || before.state === 'sending');
    const isUncalled =
      evidence.kind === 'submission' &&
      evidence.submission.outcome === 'not_sent' &&
      evidence.submission.cause === 'endpoint_paused' &&
      before.state === 'sending' &&
      before.notSentAtMs === null;
    expect(after.sendAttempts - before.sendAttempts).toBe(isBegun ? 1 : isUncalled ? -1 : 0);
    expect(after.sendAttempts).toBeGreaterThanOrEqual(0);
    if (!isBegun) return;
    expect(after).toMatchObject({ state: 'sending', notSentAtMs: null });
    expect(nextStep(after, DEFAULT_POLICY, evidence.atMs).step).toBe('await_submission');
  });
});

it('is pure: a frozen payout gives what a copy gives, twice', () => {
  always(({ before, evidence, after }) => {
    expect(apply(structuredClone(before), structuredClone(evidence))).toEqual(after);
  }, 150);
});

it('survives JSON unchanged', () => {
  always(({ after }) => {
    expect(JSON.parse(JSON.stringify(after))).toEqual(after);
  }, 150);
});

it('keeps a bounded memory: the beginning, the end, and how much is gone between', () => {
  let dropped = 0;
  fc.assert(
    fc.property(anyHistory({ minLength: 200, maxLength: 300 }), (history) => {
      const played = play(history);
      for (const { after } of played) expect(after.evidence.length).toBeLessThanOrEqual(MAX_EVIDENCE);
      const first = played.find(({ after }) => after.evidence.length >= 12)?.after;
      const last = played.at(-1)?.after;
      const beginning = (payout: typeof last) =>
        payout?.evidence.slice(0, 10).map(({ source, what, orderId, atMs }) => ({ source, what, orderId, atMs }));
      expect(beginning(last)).toEqual(beginning(first));
      if ((last?.evidenceDropped ?? 0) > 0) {
        dropped += 1;
        expect(last?.evidence.length).toBe(MAX_EVIDENCE);
      }
    }),
    { numRuns: 15, endOnFailure: true },
  );
  expect(dropped).toBeGreaterThan(0);
});

it('a payout that asks its Receiver is sent to the first destination only, never leaves a final, never expires with an order', () => {
  const asked = openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS });
  const seen = new Set<string>();
  const over: Evidence = { kind: 'given_up', what: 'details', atMs: START_MS };
  fc.assert(
    fc.property(anyHistory(), fc.boolean(), (history, isLate) => {
      // No call can have a result before the details: it was not made.
      const firstDetails = history.findIndex(({ kind }) => kind === 'details');
      const possible = history.filter(
        ({ kind }, at) => kind !== 'submission' || (firstDetails !== -1 && at > firstDetails),
      );
      let destination: string | null = null;
      let isOrderSeen = false;
      for (const { before, evidence, after } of play(isLate ? [over, ...possible] : possible, asked)) {
        if (after.state === 'sending') expect(after.destination).not.toBeNull();
        if (destination !== null) expect(after.destination).toBe(destination);
        destination = after.destination;
        if (isFinalState(before.state)) expect(after.state).toBe(before.state);
        isOrderSeen ||= showsOrder(evidence);
        if (after.state === 'expired') expect(isOrderSeen && !isFinalState(before.state)).toBe(false);
        seen.add(after.state);
      }
    }),
    { numRuns: 600 },
  );
  expect([...seen]).toEqual(expect.arrayContaining(['sending', 'expired', 'approved']));
});
