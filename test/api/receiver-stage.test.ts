import { isOver, pauseAfter, stageOf, stageTag } from '../../src/api/receiver-stage';
import { FINAL_STATES, OPEN_STATES } from '../../src/domain/payout';
import { makeFinal, makeFollowed, makePayout, START_MS } from '../domain/samples';

const FORM = 'https://gate.example.com/form/1';
const late = (attention: 'post_payout_event' | 'conflict' | null) => ({
  workflowId: 'late:x',
  what: 'reversal approved',
  attention,
  atMs: START_MS,
});

it('every state has a stage', () => {
  const stages = [...OPEN_STATES, ...FINAL_STATES].map((state) => [state, stageOf(makePayout({ state }), [])]);
  expect(Object.fromEntries(stages)).toEqual({
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
  });
});

it('the form is a stage when its address is known', () => {
  expect(stageOf(makeFollowed({ state: 'awaiting_receiver', redirectTo: FORM }), [])).toBe('form');
});

it.each(['conflict', 'amount_mismatch', 'order_id_mismatch', 'post_payout_event'] as const)(
  'a final about which %s was heard is being checked, not promised',
  (attention) => {
    expect(stageOf(makeFinal('approved', { attention }), [])).toBe('checking');
    expect(stageOf(makeFinal('declined', { attention }), [])).toBe('checking');
  },
);

it('what came after the end takes the promise back; what only agreed does not', () => {
  expect(stageOf(makeFinal('approved'), [late('post_payout_event')])).toBe('checking');
  expect(stageOf(makeFinal('approved'), [late(null)])).toBe('paid');
});

it('trouble that passes by itself is not the Receiver’s', () => {
  expect(stageOf(makeFollowed({ attention: 'gateway_unreachable' }), [])).toBe('working');
});

it('only an end is the end of waiting', () => {
  const stages = ['working', 'form', 'checking', 'paid', 'not_paid', 'cancelled'] as const;
  expect(stages.filter(isOver)).toEqual(['paid', 'not_paid', 'cancelled']);
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
