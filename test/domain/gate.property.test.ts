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
  fc
    .tuple(
      fc.constantFrom('anna', 'bert', 'rita'),
      fc.constantFrom('approve' as const, 'approve' as const, 'withdraw' as const),
    )
    .map(([person, action]) => (nth: number) => ({ ...by(nth), person, action })),
);

/** Everything that comes to a payout, with the clock's and people's words among it, at any time. */
const anyGatedHistory = fc
  .tuple(anyHistory(), fc.array(fc.tuple(anyOrder, fc.nat(24)), { maxLength: 10 }))
  .map(([history, orders]): readonly Evidence[] => {
    const all: Evidence[] = history.flatMap((evidence) => [{ kind: 'due', atMs: evidence.atMs }, evidence]);
    orders.forEach(([order, place], nth) => {
      const index = Math.min(place, all.length - 1);
      all.splice(index, 0, { kind: 'operator', order: order(nth), atMs: all[index]?.atMs ?? START_MS });
    });
    return all;
  });

it('whatever happens, nothing is sent before the time that was set last, nor without so many others', () => {
  const seen = { submits: 0, scheduled: 0, asked: 0, withdrawn: 0 };
  fc.assert(
    fc.property(anyGatedHistory, anyTime, fc.boolean(), fc.nat(2), (history, executeAtMs, isCollecting, needed) => {
      const approval = { rule: 'all', needed, expiresInMs: 1_000 * HOUR, because: 'rule' } as const;
      const gate = { requester: 'rita', schedule: { executeAtMs }, ...(needed > 0 && { approval }) };
      const request = isCollecting ? COLLECTING : REQUEST;
      // What was asked for last and who approves, by the acts that were done, and by no field of the gate.
      let wantedMs = executeAtMs;
      const approvers = new Set<string>();
      const begin = openPayout(request, { endpoint: 'default', atMs: START_MS, gate });
      for (const { before, evidence, after } of play(history, begin)) {
        const isDone = evidence.kind === 'operator' && after.evidence.length > before.evidence.length;
        if (isDone && evidence.order.action === 'reschedule') wantedMs = evidence.order.schedule.executeAtMs;
        if (isDone && evidence.order.action === 'approve') approvers.add(evidence.order.person ?? '');
        if (isDone && evidence.order.action === 'withdraw') approvers.delete(evidence.order.person ?? '');
        expect(approvers).not.toContain('rita');
        if (after.sendAttempts > before.sendAttempts) expect(evidence.atMs).toBeGreaterThanOrEqual(wantedMs);
        if (after.sendAttempts > before.sendAttempts) expect(approvers.size).toBeGreaterThanOrEqual(needed);
        for (const laterMs of [0, 1, HOUR]) {
          const nowMs = evidence.atMs + laterMs;
          const { step } = nextStep(after, DEFAULT_POLICY, nowMs);
          if (step === 'submit' && nowMs < wantedMs) throw new Error('sent before its time');
          if (step === 'submit' && approvers.size < needed) throw new Error('sent without its approvals');
          seen.submits += step === 'submit' ? 1 : 0;
        }
        seen.scheduled += after.state === 'scheduled' ? 1 : 0;
        seen.asked += after.state === 'awaiting_approval' ? 1 : 0;
        seen.withdrawn += isDone && evidence.order.action === 'withdraw' ? 1 : 0;
      }
    }),
    { numRuns: 800 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});
