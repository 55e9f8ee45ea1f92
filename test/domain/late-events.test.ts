import {
  describeLateEvent,
  isLateClaim,
  type LateClaim,
  type LateEvent,
  type LateRecord,
  lateAttentionOf,
  lateKindOf,
  MOST_LATE_CLAIMS,
  MOST_LATE_EVENTS,
  NO_LATE_EVENTS,
  newlyConfirmed,
  nextLateQuestion,
  opensUntil,
  ordersToAsk,
  refuseLateClaim,
  takeAcknowledgement,
  takeLateAnswer,
  takeLateClaim,
} from '../../src/domain/late-events';
import { CLIENT_ORDER_ID, EUR, makeReport, ORDER_ID, OTHER_ORDER_ID, START_MS } from './samples';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const paid = { amount: '10.50', currency: EUR };
const payout = {
  clientOrderId: CLIENT_ORDER_ID,
  endpoint: 'default',
  orderId: ORDER_ID,
  state: 'approved',
  ...paid,
} as const;
const claimOf = (fields: Partial<LateClaim> = {}): LateClaim => ({
  ...{ endpoint: 'default', status: 'declined', subject: 'payout', orderId: ORDER_ID },
  ...fields,
});
const at = (claim: LateClaim, afterMs = 0) => ({ claim, payout, atMs: START_MS + afterMs });
const recordOf = (fields: Partial<LateRecord>): LateRecord => ({ ...NO_LATE_EVENTS, ...fields });
const eventOf = (fields: Partial<LateEvent> = {}): LateEvent => ({
  ...{
    kind: 'conflict',
    status: 'declined',
    orderId: ORDER_ID,
    transactionType: null,
    confirmed: false,
    atMs: START_MS,
  },
  ...fields,
});
const answered = (record: LateRecord, report: Parameters<typeof makeReport>[0] | null, afterMs = MINUTE) =>
  takeLateAnswer(record, {
    ...{ payout, atMs: START_MS + afterMs },
    answer: report === null ? null : { found: true, report: makeReport(report) },
  });

it.each<[LateClaim, Partial<typeof payout> | { state: 'processing' } | { orderId: null }, string | null]>([
  [claimOf(), {}, 'conflict'],
  [claimOf({ status: 'approved' }), {}, null],
  [claimOf({ status: 'processing' }), {}, null],
  [claimOf({ status: 'processing', orderId: OTHER_ORDER_ID }), {}, null],
  [claimOf({ status: 'approved', orderId: OTHER_ORDER_ID }), {}, 'order_id_mismatch'],
  [claimOf({ orderId: null }), {}, 'conflict'],
  [claimOf({ orderId: OTHER_ORDER_ID }), { orderId: null }, 'conflict'],
  [claimOf({ status: 'approved', endpoint: 'other' }), {}, 'order_id_mismatch'],
  [claimOf({ status: 'approved', subject: 'post_payout_event' }), {}, 'post_payout_event'],
  [claimOf({ status: 'approved', subject: 'other_transaction' }), {}, 'other_transaction'],
  [claimOf({ status: 'approved' }), { state: 'processing' }, 'not_followed'],
])('%j about a closed payout %j is %j', (claim, fields, kind) => {
  expect(lateKindOf(claim, { ...payout, ...fields })).toBe(kind);
});

it.each([
  null,
  7,
  {},
  { ...claimOf(), endpoint: 1 },
  { ...claimOf(), orderId: 'x' },
  { ...claimOf(), orderId: undefined },
])('a signal by hand that holds %j is no claim', (value) => {
  expect(isLateClaim(value)).toBe(false);
  expect([isLateClaim(claimOf()), isLateClaim(claimOf({ orderId: null }))]).toEqual([true, true]);
});

it('a claim is on record once, counted each time, and has the gateway asked from the first on', () => {
  const once = takeLateClaim(NO_LATE_EVENTS, at(claimOf()));
  expect(once).toEqual({ events: [eventOf()], taken: 1, askingSinceMs: START_MS, lastAskedAtMs: null });
  const twice = takeLateClaim(once, at(claimOf(), MINUTE));
  expect(twice).toEqual({ ...once, taken: 2 });
  const other = takeLateClaim(twice, at(claimOf({ status: 'error' }), MINUTE));
  expect(other.events).toEqual([eventOf(), eventOf({ status: 'error', atMs: START_MS + MINUTE })]);
  expect(takeLateClaim(once, at(claimOf({ status: 'approved' })))).toBe(once);
});

it('takes a bounded number of claims, and keeps a bounded number of events', () => {
  const full = recordOf({ taken: MOST_LATE_CLAIMS });
  expect(takeLateClaim(full, at(claimOf()))).toBe(full);
  expect(takeLateClaim(recordOf({ taken: MOST_LATE_CLAIMS - 1 }), at(claimOf())).taken).toBe(MOST_LATE_CLAIMS);
  const events = Array.from({ length: MOST_LATE_EVENTS }, () => eventOf({ status: 'error' }));
  expect(takeLateClaim(recordOf({ events }), at(claimOf()))).toMatchObject({ events, taken: 1 });
  expect(answered(recordOf({ events }), { status: 'filtered' }).events).toHaveLength(1);
  expect(takeLateClaim(recordOf({ events: events.slice(1) }), at(claimOf())).events).toHaveLength(MOST_LATE_EVENTS);
});

it.each<[string, LateRecord, LateClaim, number, string | null]>([
  ['is new', NO_LATE_EVENTS, claimOf(), 0, null],
  ['agrees', NO_LATE_EVENTS, claimOf({ status: 'approved' }), 0, null],
  ['is being asked about', recordOf({ events: [eventOf()], askingSinceMs: START_MS }), claimOf(), HOUR, 'repeated'],
  ['was asked about a moment ago', recordOf({ events: [eventOf()], lastAskedAtMs: START_MS }), claimOf(), 1, null],
  [
    'is another status',
    recordOf({ events: [eventOf()], askingSinceMs: START_MS }),
    claimOf({ status: 'error' }),
    0,
    null,
  ],
  ['names no order', recordOf({ events: [eventOf()], askingSinceMs: START_MS }), claimOf({ orderId: null }), 0, null],
  ['is one too many', recordOf({ taken: MOST_LATE_CLAIMS }), claimOf(), 0, 'full'],
  ['is the last one', recordOf({ taken: MOST_LATE_CLAIMS - 1 }), claimOf(), 0, null],
])('a claim that %s', (_name, record, claim, afterMs, refusal) => {
  expect(refuseLateClaim(record, at(claim, afterMs))).toBe(refusal);
});

it.each([
  [0, 10 * MINUTE],
  [10 * MINUTE - 1, 10 * MINUTE],
  [HOUR, HOUR],
])('a claim that comes again %i ms after the gateway was asked is asked about after %i ms', (afterMs, dueMs) => {
  const known = recordOf({ events: [eventOf({ confirmed: true })], lastAskedAtMs: START_MS });
  const record = takeLateClaim(known, at(claimOf(), afterMs));
  expect(record).toMatchObject({ taken: 1, events: known.events });
  expect(nextLateQuestion(record)).toBe(START_MS + dueMs);
});

describe('the answer of the gateway', () => {
  const claimed = takeLateClaim(NO_LATE_EVENTS, at(claimOf({ orderId: null })));

  it('confirms the claim: its order, its type, and when it was claimed', () => {
    const after = answered(claimed, { status: 'declined', transactionType: 'payout' });
    const confirmed = eventOf({ transactionType: 'payout', confirmed: true });
    expect(after).toEqual({ events: [confirmed], taken: 1, askingSinceMs: null, lastAskedAtMs: START_MS + MINUTE });
    expect(newlyConfirmed(claimed, after)).toEqual([confirmed]);
    expect(newlyConfirmed(after, answered(after, { status: 'declined' }, HOUR))).toEqual([]);
    expect([lateAttentionOf(claimed), lateAttentionOf(after)]).toEqual([null, 'conflict']);
  });

  it.each([null, { status: 'approved' } as const, { status: 'processing' } as const])(
    '%j leaves the claim open',
    (report) => {
      expect(answered(claimed, report)).toEqual({ ...claimed, lastAskedAtMs: START_MS + MINUTE });
    },
  );

  it('that there is no such order leaves it open too', () => {
    const answer = { found: false, reason: { code: null, message: null } } as const;
    const after = takeLateAnswer(claimed, { answer, payout, atMs: START_MS + 1 });
    expect(after).toEqual({ ...claimed, lastAskedAtMs: START_MS + 1 });
  });

  it('of another kind or about another order confirms itself, beside the claim', () => {
    const open = recordOf({ events: [eventOf()], askingSinceMs: START_MS });
    const reversed = answered(open, { status: 'approved', subject: 'post_payout_event', transactionType: 'reversal' });
    expect(reversed.events).toEqual([
      eventOf(),
      eventOf({
        ...{ kind: 'post_payout_event', status: 'approved', transactionType: 'reversal' },
        ...{ confirmed: true, atMs: START_MS + MINUTE },
      }),
    ]);
    expect(reversed.askingSinceMs).toBe(START_MS);
    const other = answered(recordOf({ events: [eventOf({ kind: 'order_id_mismatch' })] }), {
      ...{ status: 'declined', orderId: OTHER_ORDER_ID },
    });
    expect(other.events.map(({ orderId, confirmed }) => [orderId, confirmed])).toEqual([
      [ORDER_ID, false],
      [OTHER_ORDER_ID, true],
    ]);
  });
});

it('an acknowledgement takes from the queue what the person saw there, and no event of another kind that came meanwhile', () => {
  const [conflict, reversal, claim] = [
    eventOf({ confirmed: true }),
    eventOf({ kind: 'post_payout_event', confirmed: true }),
    eventOf({ status: 'error' }),
  ];
  const record = recordOf({ events: [conflict, reversal, claim] });
  const see = (attention: string) =>
    takeAcknowledgement(record, { id: 'seen-1', actor: 'ann', reason: 'seen', attention }, START_MS);
  expect(see('ended_in_error').events).toEqual(record.events);
  expect(see('conflict').events).toEqual([{ ...conflict, acknowledged: true }, reversal, claim]);
  expect(lateAttentionOf(see('conflict'))).toBe('post_payout_event');
});

it('an acknowledgement takes no event that was confirmed after the person looked', () => {
  const [first, second] = [eventOf({ confirmed: true }), eventOf({ confirmed: true, status: 'error' })];
  const see = (seen: number) =>
    takeAcknowledgement(
      recordOf({ events: [eventOf({ orderId: null }), first, second] }),
      { id: 'seen-1', actor: 'ann', reason: 'seen', attention: 'conflict', seen },
      START_MS,
    );
  expect(see(1).events.map(({ acknowledged = false }) => acknowledged)).toEqual([false, true, false]);
  expect(lateAttentionOf(see(1))).toBe('conflict');
  expect(lateAttentionOf(see(2))).toBeNull();
  expect([opensUntil(see(2)), opensUntil(recordOf({}))]).toEqual([START_MS + 30_000, 0]);
});

it.each([
  [{}, null],
  [{ askingSinceMs: START_MS }, 0],
  [{ askingSinceMs: START_MS, lastAskedAtMs: START_MS - 1 }, 0],
  [{ askingSinceMs: START_MS, lastAskedAtMs: START_MS }, MINUTE],
  [{ askingSinceMs: START_MS, lastAskedAtMs: START_MS + MINUTE }, 11 * MINUTE],
  [{ askingSinceMs: START_MS, lastAskedAtMs: START_MS + 11 * MINUTE }, 71 * MINUTE],
  [{ askingSinceMs: START_MS, lastAskedAtMs: START_MS + 71 * MINUTE }, 6 * HOUR + 71 * MINUTE],
  [{ askingSinceMs: START_MS, lastAskedAtMs: START_MS + 72 * HOUR }, null],
])('%j is asked next %j ms after the first claim', (fields, dueMs) => {
  expect(nextLateQuestion(recordOf(fields))).toBe(dueMs === null ? null : START_MS + dueMs);
});

it('asks about the orders of open claims, each once and few of them, or about the payout’s own', () => {
  expect(ordersToAsk(recordOf({ events: [eventOf({ orderId: OTHER_ORDER_ID, confirmed: true })] }), payout)).toEqual([
    ORDER_ID,
  ]);
  const claims = [eventOf({ orderId: null }), eventOf(), eventOf({ orderId: OTHER_ORDER_ID })];
  expect(ordersToAsk(recordOf({ events: claims }), payout)).toEqual([ORDER_ID, OTHER_ORDER_ID]);
  const many = Array.from({ length: 6 }, (_, nth) => eventOf({ orderId: String(nth + 1) as typeof ORDER_ID }));
  expect(ordersToAsk(recordOf({ events: many }), payout)).toEqual(['1', '2', '3', '4']);
});

it.each([
  [eventOf(), 'callback declined'],
  [eventOf({ kind: 'post_payout_event' }), 'event declined'],
  [eventOf({ transactionType: 'chargeback' }), 'chargeback declined'],
  [eventOf({ kind: 'order_id_mismatch', orderId: OTHER_ORDER_ID }), `callback declined for order ${OTHER_ORDER_ID}`],
])('%j is described as %s', (event, text) => {
  expect(describeLateEvent(event)).toBe(text);
});
