import { countCallbacks, MAX_EVIDENCE, note, plainNote, reportNote } from '../../src/domain/evidence';
import { isDone } from '../../src/domain/operator';
import { clearAttention, LASTING_ATTENTIONS, PASSING_ATTENTIONS, setAttention } from '../../src/domain/payout';
import { apply } from '../../src/domain/transitions';
import { makeCallback, makePayout, makeReport, ORDER_ID } from './samples';

describe('note', () => {
  it('counts a run of equal words as one entry, with the first time, the last, and the last serial number', () => {
    const twice = [1, 2].reduce(
      (payout, atMs) => note(payout, { ...plainNote('poll', 'processing'), serialNumber: `s${atMs}` }, { atMs }),
      makePayout(),
    );
    expect(twice.evidence).toMatchObject([{ what: 'processing', atMs: 1, lastAtMs: 2, times: 2, serialNumber: 's2' }]);
    expect(twice.updatedAtMs).toBe(2);
  });

  it.each([
    ['source', { source: 'callback' as const }],
    ['word', { what: 'unknown' }],
    ['stage', { stage: 'payout_processing' }],
    ['order id', { orderId: ORDER_ID }],
  ])('another %s is another entry', (_name, other) => {
    const first = note(makePayout(), plainNote('poll', 'processing'), { atMs: 1 });
    const both = note(first, { ...plainNote('poll', 'processing'), ...other }, { atMs: 2 });
    expect(both.evidence.map(({ times }) => times)).toEqual([1, 1]);
  });

  it('six thousand signed callbacks in turn are as many entries as there are different ones', () => {
    let payout = makePayout();
    for (let nth = 0; nth < 6_000; nth += 1) {
      const subject = nth % 2 === 0 ? 'payout' : 'post_payout_event';
      const report = makeCallback({ status: 'processing', subject, transactionType: `t${nth}` });
      payout = note(payout, reportNote(report), { atMs: nth });
    }
    expect(payout.evidence.map(({ what, times }) => [what, times])).toEqual([
      ['processing', 3_000],
      ['event processing', 3_000],
    ]);
    expect(countCallbacks(payout)).toBe(6_000);
  });

  it('never forgets that a send was forbidden: a refusal after it may be that of a second order', () => {
    let payout = apply(makePayout({ state: 'sending', sendAttempts: 1 }), {
      ...{ kind: 'submission', atMs: 0 },
      submission: { outcome: 'not_sent', cause: 'unreachable' },
    });
    for (let nth = 1; nth <= 400; nth += 1) {
      const cause = nth === 15 ? 'forbidden' : nth % 2 === 0 ? 'unreachable' : 'probe_unanswered';
      const submission = { outcome: 'not_sent', cause } as const;
      payout = apply({ ...payout, state: 'sending' }, { kind: 'submission', submission, atMs: nth });
    }
    expect(payout.evidence).toHaveLength(MAX_EVIDENCE);
    const submission = { outcome: 'refused', reason: { code: '1', message: null }, serialNumber: null } as const;
    const refused = apply({ ...payout, state: 'sending' }, { kind: 'submission', submission, atMs: 500 });
    expect([refused.state, refused.attention]).toEqual(['needs_review', 'conflict']);
  });

  it('lets an operator’s questions go like any other entry, and no other act of theirs', () => {
    const operator = { actor: 'ops', reason: 'because' };
    let payout = makePayout({ state: 'needs_review' });
    for (let nth = 0; nth < 20; nth += 1) payout = note(payout, plainNote('poll', `word-${nth}`), { atMs: nth });
    payout = note(payout, { ...plainNote('operator', 'resend'), operator: { ...operator, id: 'act-1' } }, { atMs: 20 });
    for (let nth = 0; nth < 300; nth += 1)
      payout = note(
        payout,
        { ...plainNote('operator', 'check'), operator: { ...operator, id: `c-${nth}` } },
        { atMs: 30 },
      );
    payout = note(payout, plainNote('poll', 'approved'), { atMs: 40 });
    for (let nth = 0; nth < 50; nth += 1)
      payout = note(
        payout,
        { ...plainNote('operator', 'check'), operator: { ...operator, id: `d-${nth}` } },
        { atMs: 50 },
      );
    expect(payout.evidence).toHaveLength(MAX_EVIDENCE);
    expect(payout.evidence.filter(({ what }) => what === 'resend')).toHaveLength(1);
    expect(payout.evidence.filter(({ what }) => what === 'approved')).toHaveLength(1);
  });

  it('never forgets an operator’s act, whatever comes after it: it must not be done twice', () => {
    const operator = { id: 'act-1', actor: 'ops', reason: 'because' };
    let payout = makePayout();
    for (let nth = 0; nth < 400; nth += 1) {
      payout = note(payout, plainNote('poll', `word ${nth}`), { atMs: nth });
      if (nth === 15) payout = note(payout, { ...plainNote('operator', 'resend'), operator }, { atMs: nth });
    }
    expect(payout.evidence).toHaveLength(MAX_EVIDENCE);
    expect(isDone(payout, { ...operator, action: 'resend' })).toBe(true);
  });

  it('a contradiction never joins a run', () => {
    const first = note(makePayout(), plainNote('poll', 'approved'), { atMs: 1 });
    const both = note(first, plainNote('poll', 'approved'), { atMs: 2, contradicts: true });
    expect(both.evidence.map(({ contradicts }) => contradicts)).toEqual([false, true]);
  });

  it('keeps the first ten and the latest of too many, and counts what went', () => {
    let payout = makePayout();
    for (let index = 0; index < MAX_EVIDENCE + 25; index += 1) {
      payout = note(payout, plainNote('poll', `word ${index}`), { atMs: index });
    }
    const kept = payout.evidence.map(({ what }) => Number(what.slice(5)));
    const latest = Array.from({ length: MAX_EVIDENCE - 10 }, (_, index) => 35 + index);
    expect(kept).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...latest]);
    expect(payout.evidenceDropped).toBe(25);
  });
});

describe('reportNote', () => {
  it('keeps the gateway’s own word, and names what a later event was', () => {
    expect(reportNote(makeReport({ status: 'unlisted' })).what).toBe('pending');
    const reversal = { status: 'approved', subject: 'post_payout_event' } as const;
    expect(reportNote(makeReport({ ...reversal, transactionType: 'reversal' })).what).toBe('reversal approved');
    expect(reportNote(makeReport({ ...reversal, transactionType: null })).what).toBe('event approved');
    // A callback's type is not signed.
    expect(reportNote(makeCallback({ ...reversal, transactionType: 'reversal' })).what).toBe('event approved');
  });
});

describe('attention', () => {
  it.each(PASSING_ATTENTIONS)('%s passes, and gives way to anything', (attention) => {
    const raised = setAttention(makePayout(), attention);
    expect(raised.attention).toBe(attention);
    expect(clearAttention(raised).attention).toBeNull();
    expect(setAttention(raised, 'conflict').attention).toBe('conflict');
    expect(setAttention(raised, 'gateway_forbids').attention).toBe('gateway_forbids');
  });

  it.each(LASTING_ATTENTIONS)('%s lasts', (attention) => {
    const raised = setAttention(makePayout(), attention);
    expect(clearAttention(raised).attention).toBe(attention);
    expect(setAttention(raised, 'gateway_unreachable').attention).toBe(attention);
    expect(setAttention(raised, 'deadline_passed').attention).toBe(attention);
  });

  it.each(LASTING_ATTENTIONS)(
    '%s gives way to something heard only where it is silence or an end in error',
    (attention) => {
      const yields = ['outcome_unknown', 'deadline_passed', 'ended_in_error'].includes(attention);
      const after = setAttention(setAttention(makePayout(), attention), 'order_id_mismatch').attention;
      expect(after).toBe(yields ? 'order_id_mismatch' : attention);
    },
  );
});
