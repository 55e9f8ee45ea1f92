import fc from 'fast-check';
import { notificationBody } from '../../src/api/notifications/schemas';
import { lateNotice, noticeOf } from '../../src/domain/notification';
import { FINAL_STATES, type FinalState } from '../../src/domain/payout';
import { eventOf } from '../../src/notifications/event';
import { anyHistory, play } from '../domain/arbitrary-evidence';
import { makePayout } from '../domain/samples';

const TOLD = { state: 'processing', attention: null } as const;
const finalOf = (state: FinalState, clientOrderId = 'PO-000001') => {
  const notice = noticeOf(TOLD, makePayout({ state, clientOrderId: clientOrderId as never }));
  if (notice === null) throw new Error('expected something to tell');
  return eventOf(notice);
};

it('one id for one event, another for every other', () => {
  expect(finalOf('approved')).toEqual(finalOf('approved'));
  const ids = [
    ...FINAL_STATES.map((state) => finalOf(state).id),
    finalOf('approved', 'PO-000002').id,
    ...['reversal approved', 'chargeback approved'].map(
      (what) => eventOf(lateNotice(makePayout(), { ...LATE, what })).id,
    ),
    ...[1, 2]
      .map((updatedAtMs) => noticeOf(TOLD, makePayout({ state: 'needs_review', updatedAtMs })))
      .map((notice) => notice && eventOf(notice).id),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^evt_[A-Za-z0-9_-]{32}$/);
});

const LATE = {
  workflowId: 'late:PO-000001:x',
  what: 'reversal approved',
  isConfirmed: true,
  attention: 'post_payout_event',
  atMs: 7,
} as const;

it('no subscriber learns who acted or why', () => {
  const acted = makePayout({
    state: 'needs_review',
    evidence: [
      {
        ...{ source: 'operator', what: 'resolve', orderId: null, stage: null, serialNumber: null },
        ...{ contradicts: false, atMs: 5, lastAtMs: 5, times: 1 },
        operator: { id: 'act-1', actor: 'NAME-OF-A-PERSON', reason: 'WORDS-OF-A-PERSON' },
      },
    ],
  });
  const notice = noticeOf(TOLD, acted);
  const body = JSON.stringify(notice && eventOf(notice).body);
  expect(body).toContain('PO-000001');
  expect(body).not.toMatch(/-OF-A-PERSON|act-1/);
});

it('a final waits for the record to hold it; what is not final waits for nothing', () => {
  expect(finalOf('declined').finalState).toBe('declined');
  const open = noticeOf(TOLD, makePayout({ state: 'awaiting_receiver' }));
  expect(open && eventOf(open).finalState).toBeNull();
});

it('a late event is the last of the payout, with its attention', () => {
  const { body } = eventOf(lateNotice(makePayout({ state: 'approved' }), LATE));
  expect(body.data).toMatchObject({
    ...{ state: 'approved', attention: 'post_payout_event' },
    lateEvents: [{ workflowId: LATE.workflowId, what: 'reversal approved', confirmed: true }],
  });
});

it('whatever happened to a payout, its notification matches the published schema and is smaller than 20 kB', () => {
  let notified = 0;
  fc.assert(
    fc.property(anyHistory({ maxLength: 30 }), (history) => {
      for (const { after } of play(history)) {
        const notice = noticeOf({ state: 'accepted', attention: null }, after);
        if (notice === null) continue;
        notified += 1;
        const { body } = eventOf(notice);
        expect(notificationBody(body.type).safeParse(body).error).toBeUndefined();
        expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(20_000);
      }
    }),
  );
  expect(notified).toBeGreaterThan(100);
});
