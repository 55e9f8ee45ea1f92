import fc from 'fast-check';
import {
  ACTIONS,
  isDone,
  isIdUsed,
  isOperatorOrder,
  listAllowedActions,
  type OperatorOrder,
  RESOLUTIONS,
  refuseOperator,
} from '../../src/domain/operator';
import type { OrderReport } from '../../src/domain/order-report';
import { isFinalState, OPEN_STATES, openPayout, type Payout } from '../../src/domain/payout';
import { apply } from '../../src/domain/transitions';
import { anyHistory, play } from './arbitrary-evidence';
import {
  COLLECTING,
  makeCallback,
  makeFinal,
  makeFollowed,
  makePayout,
  makeReport,
  ORDER_ID,
  START_MS,
} from './samples';

const BY = { id: 'act-1', actor: 'local', reason: 'seen in the back office' };
const CHECK: OperatorOrder = { ...BY, action: 'check' };
const NOTE: OperatorOrder = { ...BY, action: 'note' };
const CANCEL: OperatorOrder = { ...BY, action: 'cancel' };
const RESCHEDULE: OperatorOrder = { ...BY, action: 'reschedule', schedule: { executeAtMs: START_MS + 3_600_000 } };
const RESEND: OperatorOrder = { ...BY, action: 'resend' };
const resolve = (resolution: (typeof RESOLUTIONS)[number]): OperatorOrder => ({ ...BY, action: 'resolve', resolution });

const anyOrder = fc.constantFrom<OperatorOrder>(CHECK, NOTE, CANCEL, RESCHEDULE, RESEND, ...RESOLUTIONS.map(resolve));
const act = (payout: Payout, order: OperatorOrder) => apply(payout, { kind: 'operator', order, atMs: START_MS + 1 });

/** Every payout a generated history can lead to, with every act upon it. */
function always(claim: (before: Payout, order: OperatorOrder, after: Payout) => void): void {
  fc.assert(
    fc.property(anyHistory(), anyOrder, (history, order) => {
      for (const { after: before } of play(history)) claim(before, order, act(before, order));
    }),
    { numRuns: 400 },
  );
}

it('a doubt after a resend, or after a reset, has a day of its own', () => {
  const unconfirmed = { outcome: 'unconfirmed', cause: 'timeout', orderId: null } as const;
  const first = makePayout({ state: 'needs_review', attention: 'outcome_unknown', unconfirmedSinceMs: START_MS });
  const sent = apply(act(first, RESEND), { kind: 'sending', atMs: START_MS + 10 });
  const doubted = apply(sent, { kind: 'submission', submission: unconfirmed, atMs: START_MS + 20 });
  expect(doubted).toMatchObject({ state: 'unconfirmed', unconfirmedSinceMs: START_MS + 20 });
  expect(apply(doubted, { kind: 'reset', atMs: START_MS + 30 }).unconfirmedSinceMs).toBe(START_MS + 30);
});

it('an act that is applied once more to the run after a reset sends nothing', () => {
  const first = makePayout({ state: 'needs_review', attention: 'outcome_unknown', unconfirmedSinceMs: START_MS });
  const reset = apply(first, { kind: 'reset', atMs: START_MS + 1 });
  expect(reset).toMatchObject({ state: 'unconfirmed', attention: null });
  expect(refuseOperator(reset, RESEND)).toBe('not_in_review');
  expect(act(reset, RESEND)).toBe(reset);
});

it('a reset payout that waited for its Receiver is neither cancelled nor expired as if nothing had left', () => {
  const waiting = openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS });
  const reset = apply(waiting, { kind: 'reset', atMs: START_MS + 1 });
  expect(refuseOperator(reset, CANCEL)).toBe('already_sent');
  expect(apply(reset, { kind: 'given_up', what: 'details', atMs: START_MS + 2 }).state).toBe('unconfirmed');
});

it('a refusal after a 403, which may have been accepted after all, is for a person', () => {
  const sending = makePayout({ state: 'sending', sendAttempts: 1 });
  const forbidden = { outcome: 'not_sent', cause: 'forbidden' } as const;
  const refusal = { outcome: 'refused', reason: { code: '1', message: null }, serialNumber: null } as const;
  const again = apply(apply(sending, { kind: 'submission', submission: forbidden, atMs: START_MS }), {
    ...{ kind: 'sending', atMs: START_MS + 1 },
  });
  const ended = apply(again, { kind: 'submission', submission: refusal, atMs: START_MS + 2 });
  expect(ended).toMatchObject({ state: 'needs_review', attention: 'conflict' });
});

it('what is listed as allowed is what is not refused', () => {
  fc.assert(
    fc.property(anyHistory(), (history) => {
      for (const { after: payout } of play(history)) {
        const orders = [CHECK, CANCEL, RESCHEDULE, RESEND, resolve('declined'), NOTE];
        const taken = orders.filter((order) => refuseOperator(payout, order) === null).map(({ action }) => action);
        expect(listAllowedActions(payout)).toEqual(taken);
      }
    }),
  );
  expect(listAllowedActions(makePayout())).toEqual(['cancel', 'reschedule', 'note']);
  expect(listAllowedActions(makeFollowed())).toEqual(['check', 'note']);
  expect(listAllowedActions(makeFinal('approved'))).toEqual([]);
  const approvals = ['approve', 'reject', 'withdraw'];
  expect(ACTIONS).toEqual(['check', 'cancel', 'reschedule', ...approvals, 'resend', 'resolve', 'note']);
});

it('no act leaves a final state', () => {
  always((before, _, after) => {
    if (isFinalState(before.state)) expect(after).toBe(before);
  });
});

it('nothing that may have been sent is cancelled', () => {
  always((before, order, after) => {
    if (order.action !== 'cancel' || after.state !== 'cancelled' || before.state === 'cancelled') return;
    expect(before.orderId).toBeNull();
    expect(before.state === 'accepted' || (before.state === 'sending' && before.notSentAtMs !== null)).toBe(true);
  });
});

it('nothing is sent again of which an order is known, and nothing but from review for want of an answer', () => {
  always((before, order, after) => {
    if (order.action !== 'resend' || after === before) return;
    expect(before).toMatchObject({ state: 'needs_review', orderId: null });
    expect(['outcome_unknown', 'deadline_passed']).toContain(before.attention);
  });
});

it('an act is done once for its id, whatever is heard in between', () => {
  always((before, order, after) => {
    if (after !== before) expect(act(after, order)).toBe(after);
  });
});

it.each<[string, OperatorOrder]>([
  ['another kind', { ...BY, action: 'check' }],
  ['another outcome', resolve('declined')],
  ['another actor', { ...resolve('processing'), actor: 'second' }],
  ['another reason', { ...resolve('processing'), reason: 'else' }],
])('an act of %s under a used id is refused, and changes nothing', (_name, other) => {
  const review = makePayout({ state: 'needs_review', attention: 'outcome_unknown' });
  const done = act(review, resolve('processing'));
  expect([isDone(done, resolve('processing')), isIdUsed(done, resolve('processing'))]).toEqual([true, false]);
  expect([isDone(done, other), isIdUsed(done, other), refuseOperator(done, other)]).toEqual([false, true, 'id_used']);
  expect(act(done, other)).toBe(done);
  expect(refuseOperator(done, { ...CHECK, id: 'act-2' })).toBeNull();
});

it('what is refused changes nothing, and what is allowed stands in the evidence with its actor and reason', () => {
  always((before, order, after) => {
    if (refuseOperator(before, order) !== null) expect(after).toBe(before);
    else expect(after.evidence.at(-1)).toMatchObject({ source: 'operator', operator: BY });
  });
});

describe('a payout in review of which the gateway said how it ended', () => {
  const said = (...reports: OrderReport[]) =>
    reports.reduce(
      (payout, report, at) => apply(payout, { kind: 'report', report, atMs: START_MS + at }),
      makePayout({ state: 'needs_review', attention: 'amount_mismatch', orderId: ORDER_ID }),
    );
  const declined = said(makeReport({ status: 'approved' }), makeCallback({ status: 'declined' }));
  const against = (resolution: (typeof RESOLUTIONS)[number], word: string | null): OperatorOrder => ({
    ...BY,
    ...{ action: 'resolve', resolution, against: word },
  });

  it('is resolved as the opposite only by naming what it said last', () => {
    for (const word of [null, 'approved', 'error']) {
      expect(refuseOperator(declined, against('approved', word))).toBe('against_last_word');
      expect(act(declined, against('approved', word))).toBe(declined);
    }
    expect(act(declined, against('approved', 'declined'))).toMatchObject({ state: 'approved', settledBy: 'operator' });
  });

  it.each([
    ['declined', declined, 'declined'],
    ['another word for not paid', declined, 'error'],
    ['what it is asked about again', declined, 'processing'],
    ['what nothing speaks against', said(), 'approved'],
    [
      'what only another order speaks against',
      said(makeCallback({ status: 'declined', orderId: 'X1' as never })),
      'approved',
    ],
  ] as const)('names nothing for %s', (_name, payout, resolution) => {
    expect(refuseOperator(payout, against(resolution, null))).toBeNull();
    expect(refuseOperator(payout, against(resolution, 'declined'))).toBe('against_last_word');
  });
});

it('a doubt of an earlier send is not forgotten by a resend: it is neither cancelled nor rejected', () => {
  const doubtful = makePayout({ state: 'needs_review', attention: 'outcome_unknown', unconfirmedSinceMs: START_MS });
  const sending = apply(act(doubtful, RESEND), { kind: 'sending', atMs: START_MS + 2 });
  const unsent = apply(sending, {
    kind: 'submission',
    submission: { outcome: 'not_sent', cause: 'unreachable' },
    atMs: START_MS + 3,
  });
  expect(unsent).toMatchObject({ state: 'sending', notSentAtMs: START_MS + 3 });
  expect(refuseOperator(unsent, { ...CANCEL, id: 'act-2' })).toBe('already_sent');
  const refused = { outcome: 'refused', reason: { code: '1', message: null }, serialNumber: null } as const;
  expect(apply(sending, { kind: 'submission', submission: refused, atMs: START_MS + 3 })).toMatchObject({
    state: 'needs_review',
    attention: 'conflict',
  });
});

it('what an operator settled is overwritten by nothing that comes later', () => {
  const settled = act(makeFollowed({ state: 'needs_review', attention: 'conflict' }), resolve('declined'));
  expect(settled).toMatchObject({ state: 'declined', settledBy: 'operator', confirmed: true, attention: null });
  for (const report of [makeCallback({ status: 'approved' }), makeReport({ status: 'approved' })]) {
    const later = apply(settled, { kind: 'report', report, atMs: START_MS + 2 });
    expect(later).toMatchObject({ state: 'declined', settledBy: 'operator', attention: 'conflict' });
  }
});

describe('each act in each state', () => {
  const inState = (state: Payout['state']) =>
    makeFollowed({ state, attention: state === 'needs_review' ? 'conflict' : null });
  const verdicts = (order: OperatorOrder) =>
    Object.fromEntries(OPEN_STATES.map((state) => [state, refuseOperator(inState(state), order)]));
  const everywhere = <T>(value: T) => Object.fromEntries(OPEN_STATES.map((state) => [state, value]));

  it('check: once it was sent', () => {
    const unsent = {
      awaiting_details: 'not_sent_yet',
      awaiting_approval: 'not_sent_yet',
      scheduled: 'not_sent_yet',
      accepted: 'not_sent_yet',
      sending: 'not_sent_yet',
    };
    expect(verdicts(CHECK)).toEqual({ ...everywhere(null), ...unsent });
  });
  it('note: always, and it changes nothing else', () => {
    expect(verdicts(NOTE)).toEqual(everywhere(null));
    const before = makeFollowed();
    const { evidence, updatedAtMs: _at, ...after } = act(before, NOTE);
    expect(after).toEqual({ ...before, evidence: undefined, updatedAtMs: undefined });
    expect(evidence).toHaveLength(before.evidence.length + 1);
  });
  it('resolve: in review', () => {
    expect(verdicts(resolve('approved'))).toEqual({ ...everywhere('not_in_review'), needs_review: null });
  });
  it('cancel: not of a payout whose order is known', () => {
    expect(verdicts(CANCEL)).toEqual(everywhere('already_sent'));
    expect(refuseOperator(makePayout(), CANCEL)).toBeNull();
    expect(act(openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS }), CANCEL).state).toBe('cancelled');
    expect(refuseOperator(makePayout({ state: 'sending', notSentAtMs: null }), CANCEL)).toBe('already_sent');
    expect(refuseOperator(makePayout({ state: 'sending', notSentAtMs: START_MS }), CANCEL)).toBeNull();
  });
  it('resend: for want of an answer, without an order', () => {
    expect(verdicts(RESEND)).toEqual(everywhere('not_in_review'));
    const silent = makePayout({ state: 'needs_review', attention: 'outcome_unknown' });
    expect(refuseOperator(silent, RESEND)).toBeNull();
    expect(refuseOperator({ ...silent, orderId: ORDER_ID }, RESEND)).toBe('order_is_known');
    expect(refuseOperator({ ...silent, destination: null }, RESEND)).toBe('no_destination');
    expect(act(silent, RESEND)).toMatchObject({ state: 'accepted', attention: null });
  });
  it('nothing: of a final payout', () => {
    for (const order of [CHECK, NOTE, CANCEL, RESCHEDULE, RESEND, resolve('approved')]) {
      expect(refuseOperator(makeFinal('approved'), order)).toBe('already_final');
    }
  });
});

it('an update by hand is an order only when it has the shape of one', () => {
  for (const order of [CHECK, NOTE, CANCEL, RESEND, ...RESOLUTIONS.map(resolve)])
    expect(isOperatorOrder(order)).toBe(true);
  const wrong = [null, 1, 'check', {}, { ...CHECK, id: '' }, { ...CHECK, actor: 1 }, { ...CHECK, reason: undefined }];
  for (const order of [...wrong, { ...CHECK, action: 'pay' }, { ...BY, action: 'resolve', resolution: 'rejected' }]) {
    expect(isOperatorOrder(order)).toBe(false);
  }
});
