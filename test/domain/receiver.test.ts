import fc from 'fast-check';
import type { Evidence } from '../../src/domain/evidence';
import { nextStep } from '../../src/domain/next-step';
import { FINAL_STATES, isFinalState, OPEN_STATES, openPayout, type Payout } from '../../src/domain/payout';
import { completeRequest, isReceiverDetails, readAddress } from '../../src/domain/payout-request';
import { DEFAULT_POLICY } from '../../src/domain/poll-plan';
import { apply, isReturnWorthAsking } from '../../src/domain/transitions';
import { anyHistory, play, showsOrder } from './arbitrary-evidence';
import { COLLECTING, makeFollowed, makePayout, REQUEST, START_MS } from './samples';

const returned = (payout: Payout, atMs: number) => apply(payout, { kind: 'returned', atMs });
const timesOf = ({ evidence }: Payout) =>
  evidence.filter(({ what }) => what === 'returned').reduce((sum, { times }) => sum + times, 0);

it('a return is worth a question while an order is followed, and in no other state', () => {
  const states = [...OPEN_STATES, ...FINAL_STATES].filter((state) =>
    isReturnWorthAsking(makePayout({ state }), START_MS),
  );
  expect(states).toEqual(['processing', 'awaiting_receiver']);
});

it('it is noted, and says nothing about the payout', () => {
  const before = makeFollowed({ state: 'awaiting_receiver', redirectTo: 'https://gate.example.com/form/1' });
  const after = returned(before, START_MS + 5);
  expect(after.evidence).toEqual([
    expect.objectContaining({ source: 'receiver', what: 'returned', contradicts: false, atMs: START_MS + 5, times: 1 }),
  ]);
  expect({ ...after, evidence: [], updatedAtMs: 0 }).toEqual({ ...before, evidence: [], updatedAtMs: 0 });
});

it('another one within a quarter of a minute is not heard', () => {
  const once = returned(makeFollowed(), START_MS);
  expect(returned(once, START_MS + 14_999)).toBe(once);
  expect(timesOf(returned(once, START_MS + 15_000))).toBe(2);
});

it('twenty are heard of one payout, however often it is returned to', () => {
  let payout = makeFollowed();
  for (let nth = 0; nth < 200; nth += 1) payout = returned(payout, START_MS + nth * 60_000);
  expect(timesOf(payout)).toBe(20);
});

const DAY_MS = 86_400_000;
const UNTIL_MS = START_MS + 7 * DAY_MS;
const asked = openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS });
const detailed = (payout: Payout, destination: string, atMs: number, enteredFrom: string | null = null) =>
  apply(payout, { kind: 'details', destination, enteredFrom, atMs });

describe('a payout whose Receiver is asked where the money goes', () => {
  it('waits for them, with a destination nobody knows, until its time is over', () => {
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

  it('is sent to the first destination it hears of; another is noted and changes nothing', () => {
    const first = detailed(asked, '••••3000', START_MS + 5);
    expect(first).toMatchObject({ state: 'accepted', destination: '••••3000', collecting: { gotAtMs: START_MS + 5 } });
    expect(nextStep(first, DEFAULT_POLICY, START_MS + 5)).toEqual({ step: 'submit' });
    const second = detailed(first, '••••1111', START_MS + 6);
    expect({ ...second, evidence: [], updatedAtMs: 0 }).toEqual({ ...first, evidence: [], updatedAtMs: 0 });
    expect(second.evidence.map(({ what }) => what)).toEqual(['details', 'details_too_late']);
  });

  it('keeps when and from where each came, for whoever has to find out who it was', () => {
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

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8::ffff:203.0.113.7', '2001:db8::ffff:203.0.113.7'],
    ['', null],
    ['<script>', null],
    ['1'.repeat(46), null],
    [7, null],
    [undefined, null],
  ])('takes %j, as a signal may bring it, for the address %j', (value, expected) => {
    expect(readAddress(value)).toBe(expected);
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

  it('whatever is heard: is never sent to nobody, is sent to the first, never leaves a final, never expires with an order', () => {
    const seen = new Set<string>();
    const over: Evidence = { kind: 'given_up', what: 'details', atMs: START_MS };
    fc.assert(
      fc.property(anyHistory(), fc.boolean(), (history, isLate) => {
        // No call can have a result before the details: it was not made.
        const firstDetails = history.findIndex(({ kind }) => kind === 'details');
        const possible = history.filter(
          ({ kind }, at) => kind !== 'submission' || (firstDetails !== -1 && at > firstDetails),
        );
        let destination: string | null = null;
        let isOrderSeen = false;
        for (const { before, evidence, after } of play(isLate ? [over, ...possible] : possible, asked)) {
          if (after.state === 'sending') expect(after.destination).not.toBeNull();
          if (destination !== null) expect(after.destination).toBe(destination);
          destination = after.destination;
          if (isFinalState(before.state)) expect(after.state).toBe(before.state);
          isOrderSeen ||= showsOrder(evidence);
          if (after.state === 'expired') expect(isOrderSeen && !isFinalState(before.state)).toBe(false);
          seen.add(after.state);
        }
      }),
      { numRuns: 600 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['sending', 'expired', 'approved']));
  });
});

describe('the request as it is sent', () => {
  const DETAILS = {
    destination: { type: 'bank_account', accountNumber: 'DE89370400440532013000' },
    receiver: { firstName: 'Mallory', email: 'a@example.com' },
  } as const;

  it('is the caller’s own when it has a destination', () => {
    expect(completeRequest(REQUEST, DETAILS)).toBe(REQUEST);
  });

  it('is nothing while nobody said where the money goes', () => {
    expect(completeRequest(COLLECTING, null)).toBeNull();
  });

  it('has what the Receiver entered, and of the Receiver what the caller said', () => {
    expect(completeRequest(COLLECTING, DETAILS)).toEqual({
      ...{ clientOrderId: 'PO-000001', amount: '10.50', currency: 'EUR', description: 'Invoice 42', extraFields: {} },
      receiver: { firstName: 'José', lastName: "O'Neil", email: 'a@example.com' },
      destination: DETAILS.destination,
    });
  });

  it.each([
    null,
    'x',
    {},
    { destination: null, receiver: {} },
    { destination: { type: 'bank_account' }, receiver: {} },
    { destination: { type: 'bank_account', accountNumber: '' }, receiver: {} },
    { destination: { type: 'card', accountNumber: '1' }, receiver: {} },
    { destination: { type: 'cash', accountNumber: '1' }, receiver: {} },
    { destination: { type: 'card', cardNumber: 4 }, receiver: {} },
    { destination: DETAILS.destination },
    { destination: DETAILS.destination, receiver: { email: 1 } },
  ])('a signal by hand that holds %j is no details', (value) => {
    expect(isReceiverDetails(value)).toBe(false);
    expect(isReceiverDetails(DETAILS)).toBe(true);
  });
});
