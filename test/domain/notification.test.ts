import fc from 'fast-check';
import {
  lateNotice,
  NOTIFICATION_HORIZON_MS,
  NOTIFICATION_TYPES,
  nextAttemptDelay,
  noticeOf,
} from '../../src/domain/notification';
import { FINAL_STATES, OPEN_STATES } from '../../src/domain/payout';
import { makePayout, START_MS } from './samples';

const TOLD = { state: 'processing', attention: null } as const;

describe('what is told', () => {
  it.each(FINAL_STATES)('%s once, under one key', (state) => {
    const current = makePayout({ state, updatedAtMs: START_MS + 5 });
    const notice = noticeOf(TOLD, current);
    expect(notice).toMatchObject({
      type: `payout.${state}`,
      key: `payout.${state}`,
      atMs: START_MS + 5,
      late: null,
    });
    expect(noticeOf(current, current)).toBeNull();
    expect(NOTIFICATION_TYPES).toContain(`payout.${state}`);
  });

  it.each(OPEN_STATES)('%s only when somebody has to act', (state) => {
    const notice = noticeOf(TOLD, makePayout({ state }));
    const isProven = ['awaiting_receiver', 'needs_review', 'awaiting_approval'].includes(state);
    expect(notice?.type ?? null).toBe(isProven ? `payout.${state}` : null);
  });

  it('the same open state later is another event, and staying in it is none', () => {
    const first = makePayout({ state: 'needs_review', updatedAtMs: START_MS });
    const again = makePayout({ state: 'needs_review', updatedAtMs: START_MS + 1 });
    expect(noticeOf(TOLD, first)?.key).not.toBe(noticeOf(TOLD, again)?.key);
    expect(noticeOf(first, again)).toBeNull();
  });

  it.each([
    ['post_payout_event', true],
    ['conflict', true],
    ['amount_mismatch', true],
    ['order_id_mismatch', true],
    ['never_confirmed', false],
    ['gateway_unreachable', false],
  ] as const)('%s on a final is a late event: %p', (attention, isProven) => {
    const notice = noticeOf({ state: 'approved', attention: null }, makePayout({ state: 'approved', attention }));
    expect(notice?.type ?? null).toBe(isProven ? 'payout.late_event' : null);
  });

  it('evidence is not told', () => {
    const [entry] = [{ source: 'poll', what: 'x', orderId: null, stage: null, serialNumber: null, contradicts: false }];
    const current = makePayout({
      state: 'approved',
      evidence: [{ ...entry, atMs: 1, lastAtMs: 1, times: 1 } as never],
    });
    expect(noticeOf(TOLD, current)?.payout.evidence).toEqual([]);
    const late = {
      workflowId: 'late:PO-1:x',
      what: 'reversal approved',
      isConfirmed: true,
      attention: 'post_payout_event',
      atMs: 7,
    } as const;
    expect(lateNotice(current, late)).toMatchObject({
      ...{ type: 'payout.late_event', key: 'payout.late_event.post_payout_event.reversal approved.7', atMs: 7, late },
      payout: { evidence: [] },
    });
  });
});

describe('the pause before the next attempt', () => {
  const unit = fc.double({ min: 0, max: 0.999, noNaN: true });

  it.each([
    [0, 5_000],
    [5_000, 30_000],
    [15_000, 20_000],
    [46 * 3_600_000 + 42.6 * 60_000, 72 * 3_600_000 - 46 * 3_600_000 - 42.6 * 60_000],
    [NOTIFICATION_HORIZON_MS - 1, 1_000],
    [NOTIFICATION_HORIZON_MS, null],
    [NOTIFICATION_HORIZON_MS + 1, null],
  ])('%d ms after the first it is %p', (elapsedMs, expected) => {
    expect(nextAttemptDelay(elapsedMs, { unit: 0, wishMs: null })).toBe(expected);
  });

  it('never ends before 72 h, never goes beyond them by more than a second, and takes twelve attempts or fewer', () => {
    fc.assert(
      fc.property(unit, (drawn) => {
        let [elapsedMs, attempts] = [0, 1];
        for (;;) {
          const delayMs = nextAttemptDelay(elapsedMs, { unit: drawn, wishMs: null });
          if (delayMs === null) break;
          expect(delayMs).toBeGreaterThanOrEqual(1_000);
          elapsedMs += delayMs;
          attempts += 1;
        }
        expect(elapsedMs).toBeGreaterThanOrEqual(NOTIFICATION_HORIZON_MS);
        expect(elapsedMs).toBeLessThanOrEqual(NOTIFICATION_HORIZON_MS + 1_000);
        expect(attempts).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('is as long as the subscriber asks, up to six hours', () => {
    const delayOf = (wishMs: number) => nextAttemptDelay(0, { unit: 0, wishMs });
    expect([delayOf(1), delayOf(60_000), delayOf(6 * 3_600_000), delayOf(1e12)]).toEqual([
      5_000, 60_000, 21_600_000, 21_600_000,
    ]);
  });
});
