import type { Evidence } from '../../src/domain/evidence';
import type { Gate } from '../../src/domain/gate';
import { nextStep } from '../../src/domain/next-step';
import { listAllowedActions } from '../../src/domain/operator';
import type { OrderReport, Submission } from '../../src/domain/order-report';
import {
  FINAL_STATES,
  isContradictedFinal,
  OPEN_STATES,
  openPayout,
  type Payout,
  type PayoutState,
} from '../../src/domain/payout';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { notFollowed } from '../../src/domain/settlement';
import { apply, isReturnWorthAsking } from '../../src/domain/transitions';
import {
  COLLECTING,
  makeCallback,
  makeFinal,
  makeFollowed,
  makePayout,
  makeReport,
  ORDER_ID,
  OTHER_ORDER_ID,
  REQUEST,
  START_MS,
} from './samples';

const AT_MS = START_MS + 10_000;
const APPROVED_BY_ONE: Gate = {
  approval: { rule: 'all', needed: 1, expiresInMs: 1_000, because: 'rule' },
};
const FORM = 'https://gate.example.com/form/1';
const claimed = { status: 'approved', reason: null, atMs: START_MS, asked: true, reached: false } as const;

const report = (fields: Partial<OrderReport>): Evidence => ({
  kind: 'report',
  report: makeReport(fields),
  atMs: AT_MS,
});
const callback = (fields: Partial<OrderReport>): Evidence => ({
  kind: 'report',
  report: makeCallback(fields),
  atMs: AT_MS,
});
const submission = (outcome: Submission): Evidence => ({ kind: 'submission', submission: outcome, atMs: AT_MS });
const accepted = (orderId = ORDER_ID) =>
  submission({ outcome: 'accepted', orderId, serialNumber: null, endpointId: null });
const refused = submission({ outcome: 'refused', reason: { code: '1', message: 'invalid' }, serialNumber: '9' });
const unanswered = (claimExpired: boolean): Evidence => ({ kind: 'unanswered', claimExpired, atMs: AT_MS });

function applyAll(payout: Payout, ...evidence: Evidence[]): Payout {
  return evidence.reduce(apply, payout);
}

/** The open situations a payout can be in; three are all `needs_review`. */
const SITUATIONS = {
  accepted: makePayout(),
  sending: makePayout({ state: 'sending', sendAttempts: 1 }),
  unconfirmed: makePayout({ state: 'unconfirmed', unconfirmedSinceMs: START_MS, lastAskedAtMs: START_MS }),
  processing: makeFollowed(),
  awaiting_receiver: makeFollowed({ state: 'awaiting_receiver', redirectTo: FORM }),
  claimed: makeFollowed({ claim: claimed }),
  never_heard_of: makePayout({ state: 'needs_review', attention: 'outcome_unknown' }),
  never_ended: makeFollowed({ state: 'needs_review', attention: 'deadline_passed' }),
  contradicted: makeFollowed({ state: 'needs_review', attention: 'conflict' }),
  awaiting_details: openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS }),
  scheduled: openPayout(REQUEST, { endpoint: 'default', atMs: START_MS, gate: { schedule: { executeAtMs: AT_MS } } }),
  awaiting_approval: openPayout(REQUEST, { endpoint: 'default', atMs: START_MS, gate: APPROVED_BY_ONE }),
} satisfies Record<string, Payout>;
const NAMES = Object.keys(SITUATIONS) as (keyof typeof SITUATIONS)[];

const LETTERS: Readonly<Record<string, PayoutState>> = {
  a: 'accepted',
  x: 'expired',
  s: 'sending',
  u: 'unconfirmed',
  p: 'processing',
  w: 'awaiting_receiver',
  R: 'needs_review',
  A: 'approved',
  D: 'declined',
  F: 'filtered',
  E: 'error',
  X: 'rejected',
};

/** One letter a situation, in the order above; `.` where the state stays. */
const TABLE: readonly (readonly [string, string, Evidence])[] = [
  ['a send begins', 's...........', { kind: 'sending', atMs: AT_MS }],
  ['the create call is accepted', 'ppp...p..ppp', accepted()],
  ['the create call is accepted under another order id', 'pppRRRpRRppp', accepted(OTHER_ORDER_ID)],
  ['an order in work is adopted', 'RRpRRRRRRRRR', submission({ outcome: 'adopted', report: makeReport() })],
  [
    'an approved order is adopted',
    'RRARRRRRRRRR',
    submission({ outcome: 'adopted', report: makeReport({ status: 'approved' }) }),
  ],
  ['the create call is refused', 'RXRRRRRRRRRR', refused],
  ['nothing was sent: unreachable', '............', submission({ outcome: 'not_sent', cause: 'unreachable' })],
  ['nothing was sent: forbidden', '............', submission({ outcome: 'not_sent', cause: 'forbidden' })],
  ['nothing was sent: no probe', '............', submission({ outcome: 'not_sent', cause: 'probe_unanswered' })],
  ['nothing was sent: paused', '............', submission({ outcome: 'not_sent', cause: 'endpoint_paused' })],
  ['nothing was sent: too late', '............', submission({ outcome: 'not_sent', cause: 'past_deadline' })],
  ['nothing was sent: lost early', '............', submission({ outcome: 'not_sent', cause: 'lost_before_record' })],
  ['nothing was sent: not on record', '............', submission({ outcome: 'not_sent', cause: 'not_recorded' })],
  [
    'the create call had no answer',
    '.u..........',
    submission({ outcome: 'unconfirmed', cause: 'reset', orderId: null }),
  ],
  ['poll: approved', 'RAAAAAAA.RRR', report({ status: 'approved' })],
  ['poll: declined', 'RDDDDRDD.RRR', report({ status: 'declined' })],
  ['poll: filtered', 'RFFFFRFF.RRR', report({ status: 'filtered' })],
  ['poll: error', 'REEEEREE.RRR', report({ status: 'error' })],
  ['poll: processing', 'Rpp.ppp..RRR', report({ status: 'processing' })],
  ['poll: unknown', 'Rpp.ppp..RRR', report({ status: 'unknown' })],
  ['poll: a word nobody knows', 'Rpp.ppp..RRR', report({ status: 'unlisted' })],
  ['poll: the Receiver’s form', 'Rwww.ww..RRR', report({ redirectTo: FORM })],
  ['poll: approved, another amount', 'RRRRRRRR.RRR', report({ status: 'approved', amount: '10.51' })],
  ['poll: approved, another currency', 'RRRRRRRR.RRR', report({ status: 'approved', currency: 'USD' })],
  ['poll: approved, an unreadable amount', 'RRRRRRRR.RRR', report({ status: 'approved', amount: '10,50' })],
  ['poll: approved, no amount said', 'RAAAAAAA.RRR', report({ status: 'approved', amount: null, currency: null })],
  ['poll: approved, no order id said', 'RAAAAAAA.RRR', report({ status: 'approved', orderId: null })],
  ['poll: approved, another order', 'RAARRRARRRRR', report({ status: 'approved', orderId: OTHER_ORDER_ID })],
  ['poll: a reversal', 'RRRRRRRRRRRR', report({ status: 'approved', subject: 'post_payout_event' })],
  ['poll: approved, a sale', 'RRRRRRRRRRRR', report({ status: 'approved', subject: 'other_transaction' })],
  ['poll: processing, a sale', 'RRRRRRRRRRRR', report({ subject: 'other_transaction' })],
  [
    'an approved sale is adopted',
    'RRRRRRRRRRRR',
    submission({ outcome: 'adopted', report: makeReport({ status: 'approved', subject: 'other_transaction' }) }),
  ],
  ['callback: approved, a sale', 'RRR......RRR', callback({ status: 'approved', subject: 'other_transaction' })],
  ['callback: processing, a sale', 'RRR......RRR', callback({ subject: 'other_transaction' })],
  [
    'nothing was sent: an unreadable probe',
    '............',
    submission({ outcome: 'not_sent', cause: 'probe_unreadable' }),
  ],
  ['callback: approved', 'Rpp...pp.RRR', callback({ status: 'approved' })],
  ['callback: declined', 'Rpp..Rpp.RRR', callback({ status: 'declined' })],
  ['callback: filtered', 'Rpp..Rpp.RRR', callback({ status: 'filtered' })],
  ['callback: error', 'Rpp..Rpp.RRR', callback({ status: 'error' })],
  ['callback: processing', 'Rpp...p..RRR', callback({ status: 'processing' })],
  ['callback: unknown', 'Rpp...p..RRR', callback({ status: 'unknown' })],
  ['callback: a word nobody knows', 'Rpp...p..RRR', callback({ status: 'unlisted' })],
  ['callback: approved, another order', 'RppRRRpRRRRR', callback({ status: 'approved', orderId: OTHER_ORDER_ID })],
  ['callback: a reversal', 'Rpp...p..RRR', callback({ status: 'approved', subject: 'post_payout_event' })],
  ['no such order', '............', { kind: 'not_found', reason: { code: '1', message: null }, atMs: AT_MS }],
  ['no answer', '............', unanswered(false)],
  ['no answer, and the claim’s time is over', '.....A......', unanswered(true)],
  [
    'fast polling ended',
    '............',
    { kind: 'fast_polling_ended', pollingSinceMs: START_MS, answered: true, atMs: AT_MS },
  ],
  ['the backoff ended', 'RRRRRRRRRRRR', { kind: 'given_up', what: 'backoff', atMs: AT_MS }],
  ['the time to send ended', 'RRRRRRRRRRRR', { kind: 'given_up', what: 'sending', atMs: AT_MS }],
  ['the horizon ended', 'RRRRRRRRRRRR', { kind: 'given_up', what: 'horizon', atMs: AT_MS }],
  [
    'the Receiver says where the money goes',
    '.........a..',
    { kind: 'details', destination: '••••3000', enteredFrom: null, atMs: AT_MS },
  ],
  ['the Receiver comes back', '............', { kind: 'returned', atMs: AT_MS }],
  ['the workflow was reset', 'uu....u..uuu', { kind: 'reset', atMs: AT_MS }],
  ['the time to approve it ended', '...........x', { kind: 'given_up', what: 'approval', atMs: AT_MS }],
  ['the time to send it came', '..........a.', { kind: 'due', atMs: AT_MS }],
  ['the time to send it has not come', '............', { kind: 'due', atMs: AT_MS - 1 }],
  ['the time to say so ended', '.........x..', { kind: 'given_up', what: 'details', atMs: AT_MS }],
];

describe('every situation and every evidence', () => {
  it('is in the table', () => {
    expect(new Set(Object.values(SITUATIONS).map(({ state }) => state))).toEqual(new Set(OPEN_STATES));
    expect(TABLE.filter(([, states]) => states.length !== NAMES.length)).toEqual([]);
    const kinds = TABLE.map(([, , evidence]) => evidence.kind);
    const all = [
      'sending',
      'submission',
      'report',
      'not_found',
      'unanswered',
      'fast_polling_ended',
      'due',
      'given_up',
      'details',
      'returned',
      'reset',
    ];
    expect(new Set(kinds)).toEqual(new Set(all));
  });

  it.each(TABLE)('%s: %s', (_name, states, evidence) => {
    const expected = NAMES.map((name, index) => [name, LETTERS[states[index]!] ?? SITUATIONS[name].state]);
    expect(NAMES.map((name) => [name, apply(SITUATIONS[name], evidence).state])).toEqual(expected);
  });

  it.each(TABLE)('%s: no final is left, whatever it is', (_name, _states, evidence) => {
    for (const state of FINAL_STATES) {
      for (const confirmed of [true, false]) {
        const final = makeFollowed({ state, confirmed, settledBy: 'callback', settledAtMs: START_MS });
        expect(apply(final, evidence)).toMatchObject({ state, settledBy: 'callback', settledAtMs: START_MS });
      }
    }
  });
});

describe('sending', () => {
  it('learns the order id of an acceptance and follows it from that moment', () => {
    const followed = apply(SITUATIONS.sending, accepted());
    expect(followed).toMatchObject({
      orderId: ORDER_ID,
      polling: 'fast',
      pollingSinceMs: AT_MS,
      followedSinceMs: AT_MS,
    });
    expect(followed.evidence).toMatchObject([{ source: 'submission', what: 'accepted', contradicts: false }]);
  });

  it('keeps the reason of a refusal, and is done', () => {
    expect(apply(SITUATIONS.sending, refused)).toMatchObject({
      state: 'rejected',
      settledBy: 'submission',
      confirmed: true,
      attention: null,
      reason: { code: '1', message: 'invalid' },
      settledAtMs: AT_MS,
      agreedAtMs: { submission: AT_MS },
    });
  });

  it('calls a person while nothing can be sent, and no longer once it can', () => {
    const kept = apply(SITUATIONS.sending, submission({ outcome: 'not_sent', cause: 'forbidden' }));
    expect(kept).toMatchObject({ attention: 'gateway_forbids', notSentAtMs: AT_MS });
    const away = apply(SITUATIONS.sending, submission({ outcome: 'not_sent', cause: 'unreachable' }));
    expect(away).toMatchObject({ attention: 'gateway_unreachable', notSentAtMs: AT_MS });
    expect(applyAll(kept, { kind: 'sending', atMs: AT_MS }, accepted())).toMatchObject({
      attention: null,
      notSentAtMs: null,
      sendAttempts: 2,
    });
  });

  it('does not count a send that a paused endpoint got no call of', () => {
    const paused = submission({ outcome: 'not_sent', cause: 'endpoint_paused' });
    const kept = apply(SITUATIONS.sending, paused);
    expect(kept).toMatchObject({ state: 'sending', attention: 'endpoint_paused', notSentAtMs: AT_MS, sendAttempts: 0 });
    expect(apply(kept, paused).sendAttempts).toBe(0);
    expect(applyAll(kept, { kind: 'sending', atMs: AT_MS }, accepted())).toMatchObject({
      state: 'processing',
      attention: null,
      sendAttempts: 1,
    });
  });

  it('asks at once after a lost call, by the order id when the answer named one', () => {
    const doubt = apply(SITUATIONS.sending, submission({ outcome: 'unconfirmed', cause: 'x', orderId: ORDER_ID }));
    expect(doubt).toMatchObject({ orderId: ORDER_ID, unconfirmedSinceMs: AT_MS, lastAskedAtMs: AT_MS });
  });

  it('a refusal that comes after a callback about the order is a conflict', () => {
    const after = applyAll(SITUATIONS.sending, callback({ status: 'processing' }), refused);
    expect(after).toMatchObject({ state: 'needs_review', attention: 'conflict' });
    expect(after.evidence.at(-1)).toMatchObject({ what: 'refused', contradicts: true });
  });

  it('a refusal that comes after a final order status changes nothing but the attention', () => {
    const after = applyAll(SITUATIONS.sending, report({ status: 'approved' }), refused);
    expect(after).toMatchObject({ state: 'approved', attention: 'conflict' });
  });
});

describe('a callback is a claim', () => {
  const received = apply(
    SITUATIONS.processing,
    callback({ status: 'declined', reason: { code: '116', message: null } }),
  );

  it('is asked about at once, in a new fast polling', () => {
    expect(received).toMatchObject({
      state: 'processing',
      polling: 'fast',
      pollingSinceMs: AT_MS,
      agreedAtMs: { callback: AT_MS },
    });
    expect(received.claim).toEqual({
      status: 'declined',
      reason: { code: '116', message: null },
      atMs: AT_MS,
      asked: false,
      reached: false,
    });
  });

  it('is confirmed by an order status, with the reason it gave', () => {
    expect(apply(received, report({ status: 'declined' }))).toMatchObject({
      state: 'declined',
      settledBy: 'callback',
      confirmed: true,
      claim: null,
      reason: { code: '116', message: null },
      agreedAtMs: { callback: AT_MS, poll: AT_MS },
    });
  });

  it('settles alone, unconfirmed, when the gateway could not be reached for its time', () => {
    expect(apply(received, unanswered(true))).toMatchObject({
      state: 'declined',
      settledBy: 'callback',
      confirmed: false,
    });
  });

  it.each([
    ['answers "not final yet"', report({ status: 'processing' })],
    ['answers "no such order"', { kind: 'not_found', reason: { code: '1', message: null }, atMs: AT_MS } as Evidence],
  ])('never settles alone on a gateway that %s', (_name, answer) => {
    const after = applyAll(received, answer, unanswered(true));
    expect(after).toMatchObject({ state: 'processing', settledAtMs: null, claim: { asked: true, reached: true } });
  });

  it('never settles without its time being over', () => {
    expect(applyAll(received, unanswered(false), unanswered(false)).state).toBe('processing');
  });

  it('once settled alone is confirmed by the first order status that agrees', () => {
    const alone = apply(received, unanswered(true));
    const confirmed = apply(alone, report({ status: 'declined' }));
    expect(confirmed).toMatchObject({ state: 'declined', confirmed: true, attention: null, actualAmount: '10.50' });
    const differing = apply(alone, report({ status: 'declined', amount: '9.99' }));
    expect(differing).toMatchObject({ state: 'declined', attention: 'amount_mismatch', actualAmount: '9.99' });
  });

  it('once settled alone is not confirmed by another copy of the callback, whose amount is not signed', () => {
    const alone = apply(received, unanswered(true));
    for (const amount of ['10.50', '9.99', null]) {
      const again = apply(alone, callback({ status: 'declined', amount, currency: 'EUR' }));
      expect(again).toMatchObject({ state: 'declined', confirmed: false, attention: alone.attention });
      expect(again).toMatchObject({ actualAmount: null, actualCurrency: null, agreedAtMs: { callback: AT_MS } });
    }
  });
});

describe('contradictions', () => {
  const approvedByCallback = callback({ status: 'approved' });
  const declinedByPoll = report({ status: 'declined' });

  it('callback approved, then poll declined: a person’s case', () => {
    const after = applyAll(SITUATIONS.processing, approvedByCallback, declinedByPoll);
    expect(after).toMatchObject({ state: 'needs_review', attention: 'conflict', settledAtMs: null });
  });

  it('poll declined, then callback approved: the first final stays, and a person is called', () => {
    const after = applyAll(SITUATIONS.processing, declinedByPoll, approvedByCallback);
    expect(after).toMatchObject({ state: 'declined', settledBy: 'poll', attention: 'conflict' });
    expect(after.evidence.map(({ contradicts }) => contradicts)).toEqual([false, true]);
  });

  it('two callbacks that differ: a person’s case that no further word ends', () => {
    const differ = applyAll(SITUATIONS.processing, approvedByCallback, callback({ status: 'declined' }));
    expect(differ).toMatchObject({ state: 'needs_review', attention: 'conflict' });
    expect(applyAll(differ, approvedByCallback, report({ status: 'approved' })).state).toBe('needs_review');
  });

  it.each(['deadline_passed', 'outcome_unknown'] as const)('silence (%s) does not hide one', (attention) => {
    const silent = makeFollowed({ state: 'needs_review', attention, claim: claimed });
    const after = applyAll(silent, callback({ status: 'declined' }), report({ status: 'approved' }));
    expect(after).toMatchObject({ state: 'needs_review', attention: 'conflict', settledAtMs: null });
  });

  it('an event after the payout calls a person only once an order status says it, and changes nothing else', () => {
    const claimed = apply(makeFinal('approved'), callback({ status: 'approved', subject: 'post_payout_event' }));
    expect(claimed).toMatchObject({ state: 'approved', confirmed: true, attention: null });
    expect(claimed.eventClaim).toMatchObject({ status: 'approved', subject: 'post_payout_event' });
    const confirmed = apply(claimed, report({ status: 'approved', subject: 'post_payout_event' }));
    expect(confirmed).toMatchObject({ state: 'approved', confirmed: true, attention: 'post_payout_event' });
    expect(confirmed.eventClaim).toBeUndefined();
  });

  it('an event that an order status says of an open payout is for a person, who resolves it', () => {
    const event = { status: 'approved', subject: 'post_payout_event' } as const;
    const after = applyAll(SITUATIONS.claimed, callback(event), report(event), report(event));
    expect(after).toMatchObject({ state: 'needs_review', attention: 'post_payout_event', orderId: ORDER_ID });
    expect(listAllowedActions(after)).toContain('resolve');
  });

  it('a status that is not final is no event after the payout, whatever its type says', () => {
    const event = { status: 'processing', subject: 'post_payout_event' } as const;
    for (const said of [callback(event), report(event)]) {
      const after = apply(makeFinal('approved'), said);
      expect([after.attention, after.eventClaim]).toEqual([null, undefined]);
    }
  });

  const SALE = { status: 'approved', subject: 'other_transaction', transactionType: 'sale' } as const;

  it('a transaction that is no payout is a person’s case, and no word of it counts', () => {
    const cases = [
      ...[SITUATIONS.awaiting_details, SITUATIONS.sending].flatMap((before) => [
        { before, evidence: report(SALE) },
        { before, evidence: callback(SALE) },
      ]),
      { before: SITUATIONS.processing, evidence: report(SALE) },
    ];
    for (const { before, evidence } of cases) {
      const after = apply(before, evidence);
      expect(after).toMatchObject({ state: 'needs_review', attention: 'other_transaction', orderId: before.orderId });
      expect(after.evidence.at(-1)).toMatchObject({
        what: expect.stringMatching(/^(sale|other) approved$/),
        contradicts: true,
      });
      expect(applyAll(after, report({ status: 'approved' })).state).toBe('needs_review');
    }
    expect(apply(makeFinal('declined'), report(SALE))).toMatchObject({
      state: 'declined',
      attention: 'other_transaction',
    });
  });

  it('of an order that is followed, the unsigned type of a callback only has the gateway asked: a Receiver can send it', () => {
    for (const before of [SITUATIONS.processing, SITUATIONS.awaiting_receiver, makeFinal('approved')]) {
      const claimed = apply({ ...before, polling: 'slow' }, callback(SALE));
      expect(claimed).toMatchObject({ state: before.state, attention: null, polling: 'fast', pollingSinceMs: AT_MS });
      expect(claimed.eventClaim).toEqual({ status: 'approved', subject: 'other_transaction', orderId: ORDER_ID });
      // Repeated, it does not keep fast polling going.
      expect(apply({ ...claimed, polling: 'slow' }, callback(SALE)).polling).toBe('slow');
      expect(apply(claimed, report(SALE)).attention).toBe('other_transaction');
      expect(apply(claimed, report({ status: 'approved' }))).toMatchObject({ state: 'approved', attention: null });
    }
    const redirect = callback({ ...SALE, status: 'processing' });
    expect(apply(SITUATIONS.awaiting_receiver, redirect)).toMatchObject({
      state: 'awaiting_receiver',
      attention: null,
    });
    expect(apply(SITUATIONS.awaiting_receiver, redirect).eventClaim).toBeUndefined();
  });

  it('the claim ends when the gateway itself calls the order a payout, and only then', () => {
    const claimed = apply(SITUATIONS.processing, callback(SALE));
    expect(apply(claimed, report({})).eventClaim).toBeUndefined();
    expect(apply(claimed, report({ transactionType: null })).eventClaim).toBeDefined();
    // An event after the payout is another matter, and is not hidden by it.
    const event = apply(claimed, callback({ ...SALE, subject: 'post_payout_event' }));
    expect(applyAll(event, callback(SALE), report({})).eventClaim).toMatchObject({ subject: 'post_payout_event' });
  });

  it('an end in error calls a person, unless a person made it', () => {
    const byPoll = apply(SITUATIONS.processing, report({ status: 'error' }));
    const byClaim = applyAll(SITUATIONS.processing, callback({ status: 'error' }), unanswered(true));
    for (const after of [byPoll, byClaim]) expect(after).toMatchObject({ state: 'error', attention: 'ended_in_error' });
    for (const status of ['declined', 'filtered', 'approved'] as const)
      expect(apply(SITUATIONS.processing, report({ status }))).toMatchObject({ state: status, attention: null });
  });

  it('an order that was seen and is not found any more calls a person', () => {
    const evidence = { kind: 'not_found', reason: { code: '1', message: null }, atMs: AT_MS } as const;
    expect(apply(SITUATIONS.processing, evidence)).toMatchObject({ state: 'processing', attention: 'order_not_found' });
    expect(apply(SITUATIONS.unconfirmed, evidence)).toMatchObject({ state: 'unconfirmed', attention: null });
  });

  it('the first lasting reason stays', () => {
    const first = makeFollowed({ state: 'needs_review', attention: 'amount_mismatch' });
    expect(apply(first, report({ status: 'approved', orderId: OTHER_ORDER_ID })).attention).toBe('amount_mismatch');
  });
});

describe('gears and patience', () => {
  const ended = { kind: 'fast_polling_ended', pollingSinceMs: START_MS, answered: true, atMs: AT_MS } as const;

  it('slows down when its own polling ended, and only then', () => {
    expect(apply(SITUATIONS.processing, ended)).toMatchObject({
      polling: 'slow',
      lastAskedAtMs: AT_MS,
      attention: null,
    });
    expect(apply(makeFollowed({ pollingSinceMs: START_MS + 1 }), ended)).toMatchObject({
      polling: 'fast',
      evidence: [],
    });
    expect(apply(SITUATIONS.processing, { ...ended, answered: false }).attention).toBe('gateway_unreachable');
  });

  it('forgets a passing reason with the next answer', () => {
    const away = apply(SITUATIONS.processing, unanswered(false));
    expect(away.attention).toBe('gateway_unreachable');
    expect(apply(away, report({})).attention).toBeNull();
    expect(apply(away, report({ status: 'unlisted' })).attention).toBe('unlisted_status');
    const unusable = apply(away, report({ isLinkUnusable: true }));
    expect(unusable).toMatchObject({ state: 'processing', redirectTo: null, attention: 'redirect_unusable' });
    expect(apply(unusable, report({ redirectTo: FORM }))).toMatchObject({
      state: 'awaiting_receiver',
      attention: null,
    });
  });

  it.each([
    ['silent', 'gateway_unreachable', 'unanswered'],
    ['unreadable', 'gateway_unreadable', 'unreadable'],
    ['forbidden', 'gateway_forbids', 'forbidden'],
  ] as const)('tells why there is no answer: %s', (noAnswer, attention, what) => {
    const after = apply(SITUATIONS.processing, { kind: 'unanswered', claimExpired: false, noAnswer, atMs: AT_MS });
    expect(after).toMatchObject({ attention, state: 'processing', evidence: [{ what }] });
    expect(apply(SITUATIONS.processing, { ...ended, answered: false, noAnswer }).attention).toBe(attention);
    expect(apply(after, report({})).attention).toBeNull();
  });

  it('stops asking about a final nobody could confirm, and says so', () => {
    const alone = makeFinal('approved', { confirmed: false });
    expect(apply(alone, { kind: 'given_up', what: 'horizon', atMs: AT_MS })).toMatchObject({
      state: 'approved',
      attention: 'never_confirmed',
      confirmationGivenUp: true,
    });
  });

  it.each([
    ['backoff', 'outcome_unknown'],
    ['sending', 'deadline_passed'],
    ['horizon', 'deadline_passed'],
  ] as const)('the end of the %s calls a person: %s', (what, attention) => {
    expect(apply(SITUATIONS.unconfirmed, { kind: 'given_up', what, atMs: AT_MS }).attention).toBe(attention);
  });
});

describe('the return of a Receiver', () => {
  const returned = (payout: Payout, atMs: number) => apply(payout, { kind: 'returned', atMs });
  const timesOf = ({ evidence }: Payout) =>
    evidence.filter(({ what }) => what === 'returned').reduce((sum, { times }) => sum + times, 0);

  it('is worth a question while an order is followed, and in no other state', () => {
    const states = [...OPEN_STATES, ...FINAL_STATES].filter((state) =>
      isReturnWorthAsking(makePayout({ state }), START_MS),
    );
    expect(states).toEqual(['processing', 'awaiting_receiver']);
  });

  it('is noted, and says nothing about the payout', () => {
    const before = makeFollowed({ state: 'awaiting_receiver', redirectTo: FORM });
    const after = returned(before, START_MS + 5);
    expect(after.evidence).toEqual([
      expect.objectContaining({
        source: 'receiver',
        what: 'returned',
        contradicts: false,
        atMs: START_MS + 5,
        times: 1,
      }),
    ]);
    expect({ ...after, evidence: [], updatedAtMs: 0 }).toEqual({ ...before, evidence: [], updatedAtMs: 0 });
  });

  it('another one within a quarter of a minute is not noted', () => {
    const once = returned(makeFollowed(), START_MS);
    expect(returned(once, START_MS + 14_999)).toBe(once);
    expect(timesOf(returned(once, START_MS + 15_000))).toBe(2);
  });

  it('twenty are noted of one payout, however often the Receiver comes back', () => {
    let payout = makeFollowed();
    for (let nth = 0; nth < 200; nth += 1) payout = returned(payout, START_MS + nth * 60_000);
    expect(timesOf(payout)).toBe(20);
  });
});

const DAY_MS = 86_400_000;
const UNTIL_MS = START_MS + 7 * DAY_MS;
const asked = openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS });
const detailed = (payout: Payout, destination: string, atMs: number, enteredFrom: string | null = null) =>
  apply(payout, { kind: 'details', destination, enteredFrom, atMs });

describe('a payout whose Receiver is asked where the money goes', () => {
  it('waits for them, without a destination, until its time is over', () => {
    expect(asked).toMatchObject({ state: 'awaiting_details', destination: null, collecting: { untilMs: UNTIL_MS } });
    const alarm = { atMs: UNTIL_MS, cause: 'details_ended' };
    expect(nextStep(asked, DEFAULT_POLICY, UNTIL_MS - 1)).toEqual({ step: 'wait', watchUntilMs: null, alarm });
    expect(nextStep(asked, DEFAULT_POLICY, UNTIL_MS)).toEqual({ step: 'give_up', what: 'details' });
  });

  it('expires, and is done: nothing was sent', () => {
    const expired = apply(asked, { kind: 'given_up', what: 'details', atMs: UNTIL_MS });
    expect(expired).toMatchObject({
      state: 'expired',
      settledBy: 'clock',
      confirmed: true,
      agreedAtMs: {},
      settledAtMs: UNTIL_MS,
    });
    expect(nextStep(expired, DEFAULT_POLICY, UNTIL_MS)).toEqual({ step: 'finish' });
  });

  it('is sent to the first destination that is entered; another is noted and changes nothing', () => {
    const first = detailed(asked, '••••3000', START_MS + 5);
    expect(first).toMatchObject({ state: 'accepted', destination: '••••3000', collecting: { gotAtMs: START_MS + 5 } });
    expect(nextStep(first, DEFAULT_POLICY, START_MS + 5)).toEqual({ step: 'submit' });
    const second = detailed(first, '••••1111', START_MS + 6);
    expect({ ...second, evidence: [], updatedAtMs: 0 }).toEqual({ ...first, evidence: [], updatedAtMs: 0 });
    expect(second.evidence.map(({ what }) => what)).toEqual(['details', 'details_too_late']);
  });

  it('keeps when and from where each came', () => {
    const first = detailed(asked, '••••3000', START_MS + 5, '203.0.113.7');
    const second = detailed(first, '••••3000', START_MS + 6, '2001:db8::1');
    const third = detailed(second, '••••3000', START_MS + 7, '203.0.113.9');
    expect(third.evidence.map(({ what, atMs, enteredFrom }) => [what, atMs, enteredFrom])).toEqual([
      ['details', START_MS + 5, '203.0.113.7'],
      ['details_too_late', START_MS + 6, '2001:db8::1'],
      ['details_too_late', START_MS + 7, '203.0.113.9'],
    ]);
    expect(detailed(third, '••••3000', START_MS + 8, '203.0.113.9').evidence).toHaveLength(3);
    expect(JSON.stringify(detailed(asked, '••••3000', START_MS))).not.toContain('enteredFrom');
  });

  it('has a day to be sent from the time the details came', () => {
    const late = detailed(asked, '••••3000', UNTIL_MS - 1);
    const notSent = { ...late, state: 'sending', notSentAtMs: UNTIL_MS, sendAttempts: 1 } as const;
    expect(nextStep(notSent, DEFAULT_POLICY, UNTIL_MS)).toMatchObject({ alarm: { cause: 'send_again' } });
    const stillNot = { ...notSent, notSentAtMs: UNTIL_MS - 2 + DAY_MS };
    expect(nextStep(stillNot, DEFAULT_POLICY, UNTIL_MS - 1 + DAY_MS)).toEqual({ step: 'give_up', what: 'sending' });
  });

  it('takes no details when it never asked', () => {
    const payout = makePayout();
    expect(detailed(payout, '••••1111', START_MS)).toBe(payout);
  });
});

describe('what is recorded of each piece of evidence', () => {
  const notFound = { kind: 'not_found', reason: { code: '1', message: null }, atMs: AT_MS } as const;
  const forbidden = submission({ outcome: 'not_sent', cause: 'forbidden' });
  const doubted = submission({ outcome: 'unconfirmed', cause: 'cut', orderId: null });
  const adopted = submission({ outcome: 'adopted', report: makeReport() });
  const ended = { kind: 'fast_polling_ended', pollingSinceMs: START_MS, answered: true, atMs: AT_MS } as const;
  const details = { kind: 'details', destination: '••••1111', enteredFrom: null, atMs: AT_MS } as const;

  it.each<[Payout, Evidence, string[]]>([
    [SITUATIONS.processing, { kind: 'other_endpoint', atMs: AT_MS }, ['callback other_endpoint, contradicts']],
    [SITUATIONS.awaiting_details, details, ['receiver details']],
    [SITUATIONS.sending, accepted(), ['submission accepted']],
    [SITUATIONS.processing, accepted(OTHER_ORDER_ID), ['submission accepted, contradicts']],
    [SITUATIONS.sending, adopted, ['submission adopted', 'poll processing']],
    [SITUATIONS.accepted, adopted, ['submission adopted', 'poll processing']],
    [SITUATIONS.sending, refused, ['submission refused']],
    [SITUATIONS.processing, refused, ['submission refused, contradicts']],
    [SITUATIONS.sending, forbidden, ['submission not_sent_forbidden']],
    [SITUATIONS.sending, doubted, ['submission unconfirmed_cut']],
    [SITUATIONS.unconfirmed, notFound, ['poll not_found']],
    [SITUATIONS.processing, notFound, ['poll not_found, contradicts']],
    [SITUATIONS.processing, unanswered(false), ['poll unanswered']],
    [SITUATIONS.processing, ended, ['clock fast_polling_ended']],
    [SITUATIONS.processing, { kind: 'reset', atMs: AT_MS }, ['workflow reset']],
    [SITUATIONS.unconfirmed, { kind: 'given_up', what: 'backoff', atMs: AT_MS }, ['clock backoff_ended']],
    [SITUATIONS.processing, report({ orderId: OTHER_ORDER_ID }), ['poll processing, contradicts']],
    [SITUATIONS.processing, callback({ status: 'approved' }), ['callback approved']],
    [makeFinal('approved'), report({ status: 'declined' }), ['poll declined, contradicts']],
    [makeFinal('approved'), report({ status: 'approved' }), ['poll approved']],
  ])('%j after %j', (payout, evidence, expected) => {
    const noted = apply(payout, evidence).evidence;
    const lines = noted.map(
      ({ source, what, contradicts }) => `${source} ${what}${contradicts ? ', contradicts' : ''}`,
    );
    expect(lines).toEqual(expected);
    expect(noted.every(({ atMs, lastAtMs }) => atMs === AT_MS && lastAtMs === AT_MS)).toBe(true);
  });
});

describe('who is called to what', () => {
  const conflict = makeFinal('approved', { attention: 'conflict' });
  const adopted = submission({ outcome: 'adopted', report: makeReport({ status: 'approved' }) });

  it.each<[string, Payout, Evidence, Partial<Payout>]>([
    [
      'another order id of the create call',
      SITUATIONS.processing,
      accepted(OTHER_ORDER_ID),
      { attention: 'order_id_mismatch' },
    ],
    ['another order', SITUATIONS.processing, report({ orderId: OTHER_ORDER_ID }), { attention: 'order_id_mismatch' }],
    [
      'another order of a final',
      makeFinal('approved'),
      report({ orderId: OTHER_ORDER_ID }),
      { state: 'approved', attention: 'order_id_mismatch' },
    ],
    [
      'an order before anything was sent',
      SITUATIONS.accepted,
      report({}),
      { attention: 'adopted_unseen', orderId: ORDER_ID },
    ],
    [
      'an order found that was never sent',
      SITUATIONS.accepted,
      adopted,
      { attention: 'adopted_unseen', orderId: ORDER_ID },
    ],
    [
      'an order found after the end',
      makeFinal('approved'),
      adopted,
      { state: 'approved', attention: 'adopted_unseen' },
    ],
    [
      'another amount',
      SITUATIONS.processing,
      report({ status: 'approved', amount: '10.51' }),
      { attention: 'amount_mismatch' },
    ],
    [
      'an unlisted word of a callback',
      SITUATIONS.processing,
      callback({ status: 'unlisted' }),
      { attention: 'unlisted_status' },
    ],
    [
      'no one, to silence after a final',
      makeFinal('approved', { confirmed: false }),
      unanswered(false),
      { attention: null },
    ],
    ['the first reason, again', conflict, report({ orderId: OTHER_ORDER_ID }), { attention: 'conflict' }],
  ])('%s', (_name, payout, evidence, expected) => {
    expect(apply(payout, evidence)).toMatchObject(expected);
  });

  const alone = makeFinal('approved', { confirmed: false, agreedAtMs: {} });
  const act = { id: 'x', actor: 'a', reason: 'r' };
  const check: Evidence = { kind: 'operator', atMs: AT_MS, order: { ...act, action: 'check' } };
  const ended: Evidence = { kind: 'operator', atMs: AT_MS, order: { ...act, action: 'resolve', resolution: 'error' } };
  const unsent = submission({ outcome: 'not_sent', cause: 'unreachable' });
  const isCalled = { state: 'needs_review', attention: 'conflict' } as const;

  it.each<[string, Payout, Evidence, Partial<Payout>]>([
    [
      'an order in work does not confirm a final',
      alone,
      report({ status: 'processing' }),
      { confirmed: false, agreedAtMs: {} },
    ],
    [
      'a callback is no answer',
      SITUATIONS.claimed,
      callback({ status: 'approved' }),
      { lastAskedAtMs: null, claim: claimed },
    ],
    [
      'a claim is what the callback agrees with',
      SITUATIONS.processing,
      callback({ status: 'declined' }),
      { agreedAtMs: { callback: AT_MS } },
    ],
    [
      'a claim has it asked at once',
      makeFollowed({ polling: 'slow' }),
      callback({ status: 'declined' }),
      { polling: 'fast', pollingSinceMs: AT_MS },
    ],
    ['an answer names the order of a doubt', SITUATIONS.unconfirmed, report({}), { orderId: ORDER_ID }],
    ['a refusal of a known order', makePayout({ state: 'sending', orderId: ORDER_ID }), refused, isCalled],
    [
      'nothing was sent, long after the end',
      makeFinal('approved'),
      unsent,
      { attention: null, sendAttempts: 1, notSentAtMs: null },
    ],
    ['an operator’s question ends nothing', SITUATIONS.processing, check, { state: 'processing', settledAtMs: null }],
    ['an end in error by an operator', SITUATIONS.contradicted, ended, { state: 'error', attention: null }],
  ])('%s', (_name, payout, evidence, expected) => {
    expect(apply(payout, evidence)).toMatchObject(expected);
  });

  it('a clock that ends a payout agrees with no one', () => {
    const expired = apply(SITUATIONS.awaiting_details, { kind: 'given_up', what: 'details', atMs: AT_MS });
    expect([expired.state, expired.agreedAtMs]).toEqual(['expired', {}]);
  });

  it('a payout that is not followed any more is a person’s, unless nothing was left to do', () => {
    expect(notFollowed(SITUATIONS.awaiting_receiver)).toEqual({
      ...SITUATIONS.awaiting_receiver,
      ...{ state: 'needs_review', attention: 'not_followed', redirectTo: null },
    });
    expect(listAllowedActions(notFollowed(SITUATIONS.processing))).toEqual([]);
    const unconfirmed = makeFinal('approved', { confirmed: false });
    expect(notFollowed(unconfirmed)).toEqual({ ...unconfirmed, attention: 'not_followed' });
    expect(notFollowed(conflict)).toBe(conflict);
  });

  it('a contradicted final is one that nothing would contradict more', () => {
    const claimedEvent = { status: 'approved', subject: 'post_payout_event', orderId: ORDER_ID } as const;
    expect(
      [conflict, makeFinal('approved'), { ...conflict, eventClaim: claimedEvent }].map(isContradictedFinal),
    ).toEqual([true, false, false]);
  });
});
