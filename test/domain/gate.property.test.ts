import fc from 'fast-check';
import type { Evidence } from '../../src/domain/evidence';
import { nextStep } from '../../src/domain/next-step';
import type { OperatorOrder } from '../../src/domain/operator';
import { openPayout } from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { anyHistory, play } from './arbitrary-evidence';
import { COLLECTING, REQUEST, START_MS } from './samples';

const HOUR = 3_600_000;
const by = (nth: number) => ({ id: `act-${nth}`, actor: 'anna', reason: 'asked for' });
const anyTime = fc.integer({ min: 0, max: 72 }).map((hours) => START_MS + hours * HOUR);
const anyOrder: fc.Arbitrary<(nth: number) => OperatorOrder> = fc.oneof(
  anyTime.map((executeAtMs) => (nth: number) => ({
    ...by(nth),
    action: 'reschedule' as const,
    schedule: { executeAtMs },
  })),
  fc.constant((nth: number) => ({ ...by(nth), action: 'resend' as const })),
);

/** Everything that comes to a payout, with the clock's and people's words among it, at any time. */
const anyGatedHistory = fc
  .tuple(anyHistory(), fc.array(fc.tuple(anyOrder, fc.nat(24)), { maxLength: 6 }))
  .map(([history, orders]): readonly Evidence[] => {
    const all: Evidence[] = history.flatMap((evidence) => [{ kind: 'due', atMs: evidence.atMs }, evidence]);
    orders.forEach(([order, place], nth) => {
      const index = Math.min(place, all.length - 1);
      all.splice(index, 0, { kind: 'operator', order: order(nth), atMs: all[index]?.atMs ?? START_MS });
    });
    return all;
  });

it('whatever happens, nothing is sent before the time that was set last', () => {
  let submits = 0;
  let waits = 0;
  fc.assert(
    fc.property(anyGatedHistory, anyTime, fc.boolean(), (history, executeAtMs, isCollecting) => {
      const gate = { schedule: { executeAtMs } };
      const request = isCollecting ? COLLECTING : REQUEST;
      // What was asked for last, by the acts that were done, and by no field of the gate.
      let wantedMs = executeAtMs;
      const begin = openPayout(request, { endpoint: 'default', atMs: START_MS, gate });
      for (const { before, evidence, after } of play(history, begin)) {
        const isDone = evidence.kind === 'operator' && after.evidence.length > before.evidence.length;
        if (isDone && evidence.order.action === 'reschedule') wantedMs = evidence.order.schedule.executeAtMs;
        if (after.sendAttempts > before.sendAttempts) expect(evidence.atMs).toBeGreaterThanOrEqual(wantedMs);
        for (const laterMs of [0, 1, HOUR]) {
          const nowMs = evidence.atMs + laterMs;
          const { step } = nextStep(after, DEFAULT_POLICY, nowMs);
          if (step === 'submit' && nowMs < wantedMs) throw new Error('sent before its time');
          submits += step === 'submit' ? 1 : 0;
          waits += after.state === 'scheduled' ? 1 : 0;
        }
      }
    }),
    { numRuns: 600 },
  );
  expect(submits).toBeGreaterThan(0);
  expect(waits).toBeGreaterThan(0);
});
