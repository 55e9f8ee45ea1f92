import { isOver, pauseAfter, stageOf, stageTag } from '../../../src/api/receiver/receiver-stage';
import type { LateNotice } from '../../../src/domain/notification';
import { FINAL_STATES, OPEN_STATES, type Payout } from '../../../src/domain/payout';
import { makeFinal, makeFollowed, makePayout, START_MS } from '../../domain/samples';

const FORM = 'https://gate.example.com/form/1';
const late = (attention: 'post_payout_event' | 'conflict' | null) => ({
  workflowId: 'late:x',
  what: 'reversal approved',
  isConfirmed: attention !== null,
  attention,
  atMs: START_MS,
});

const see = (payout: Payout, ...lateEvents: LateNotice[]) => stageOf({ payout, lateEvents }, START_MS);

it('every state has a stage', () => {
  const stages = [...OPEN_STATES, ...FINAL_STATES].map((state) => [state, see(makePayout({ state }))]);
  expect(Object.fromEntries(stages)).toEqual({
    awaiting_details: 'expired',
    awaiting_approval: 'working',
    scheduled: 'working',
    accepted: 'working',
    sending: 'working',
    unconfirmed: 'working',
    processing: 'working',
    awaiting_receiver: 'working',
    needs_review: 'checking',
    approved: 'paid',
    declined: 'not_paid',
    filtered: 'not_paid',
    error: 'not_paid',
    rejected: 'not_paid',
    cancelled: 'cancelled',
    expired: 'expired',
  });
});

it('the form is a stage when its address is known', () => {
  expect(see(makeFollowed({ state: 'awaiting_receiver', redirectTo: FORM }))).toBe('form');
});

it.each(['conflict', 'amount_mismatch', 'order_id_mismatch', 'post_payout_event'] as const)(
  'a final with attention %s is shown as being checked, not promised',
  (attention) => {
    expect(see(makeFinal('approved', { attention }))).toBe('checking');
    expect(see(makeFinal('declined', { attention }))).toBe('checking');
  },
);

it('what came after the end takes the promise back; what only agreed does not', () => {
  expect(see(makeFinal('approved'), late('post_payout_event'))).toBe('checking');
  expect(see(makeFinal('approved'), late(null))).toBe('paid');
});

it('that a person has acknowledged what came after the end gives no promise back', () => {
  const { attention: _, ...seen } = late('post_payout_event');
  const acknowledged = { ...seen, attention: null, acknowledged: 'post_payout_event' } as const;
  expect(see(makeFinal('approved'), acknowledged)).toBe('checking');
});

it('the form for details is shown until its time is over, to the millisecond', () => {
  const payout = makePayout({ state: 'awaiting_details', collecting: { untilMs: START_MS + 10, gotAtMs: null } });
  expect(stageOf({ payout, lateEvents: [] }, START_MS + 9)).toBe('details');
  expect(stageOf({ payout, lateEvents: [] }, START_MS + 10)).toBe('expired');
});

it('trouble that passes by itself is not the Receiver’s', () => {
  expect(see(makeFollowed({ attention: 'gateway_unreachable' }))).toBe('working');
});

it('only an end is the end of waiting', () => {
  const stages = ['details', 'working', 'form', 'checking', 'paid', 'not_paid', 'cancelled', 'expired'] as const;
  expect(stages.filter(isOver)).toEqual(['paid', 'not_paid', 'cancelled', 'expired']);
});

it('the tag changes with what is seen, and with nothing else', () => {
  const payout = makeFollowed({ state: 'awaiting_receiver', redirectTo: FORM });
  const tag = stageTag(payout, 'form');
  expect(stageTag({ ...payout, updatedAtMs: 1, attention: 'gateway_unreachable' }, 'form')).toBe(tag);
  const others = [
    stageTag(payout, 'working'),
    stageTag({ ...payout, redirectTo: `${FORM}2` }, 'form'),
    stageTag({ ...payout, destination: '••••0000' }, 'form'),
  ];
  expect(new Set([tag, ...others]).size).toBe(4);
});

it('a page without script looks less often the longer nothing happened', () => {
  expect([0, 59_999, 60_000, 600_000, 3_600_000, 86_400_000].map(pauseAfter)).toEqual([5, 5, 15, 60, 300, 300]);
});
