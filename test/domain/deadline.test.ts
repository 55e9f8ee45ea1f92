import { deadlineOf, lastDeadline } from '../../src/domain/next-step';
import { openPayout, type Payout } from '../../src/domain/payout';
import { DEFAULT_POLICY as policy } from '../../src/domain/poll-plan';
import { COLLECTING, makeFinal, makeFollowed, makePayout, START_MS } from './samples';

const DAY = 24 * 60 * 60 * 1_000;
const laterMs = START_MS + 1_000;
const ASKED: Payout = openPayout(COLLECTING, { endpoint: 'default', atMs: START_MS });
const GOT = { untilMs: START_MS + 7 * DAY, gotAtMs: laterMs };

it.each<[string, Payout, number | null]>([
  ['accepted', makePayout(), START_MS + DAY],
  ['sending, and sent again', makePayout({ state: 'sending', notSentAtMs: laterMs }), START_MS + DAY],
  ['unconfirmed', makePayout({ state: 'unconfirmed', unconfirmedSinceMs: laterMs }), laterMs + DAY],
  ['awaiting details', ASKED, START_MS + 7 * DAY],
  ['accepted once details came', { ...ASKED, state: 'accepted', collecting: GOT }, laterMs + DAY],
  ['sending once details came', { ...ASKED, state: 'sending', collecting: GOT, notSentAtMs: laterMs }, laterMs + DAY],
  ['sending with details that were known', makePayout({ state: 'sending' }), START_MS + DAY],
  ['expired', { ...ASKED, state: 'expired', confirmed: true }, null],
  ['processing', makeFollowed({ followedSinceMs: laterMs }), laterMs + 14 * DAY],
  ['awaiting the Receiver', makeFollowed({ state: 'awaiting_receiver' }), START_MS + 14 * DAY],
  ['final on a callback alone', makeFinal('approved', { confirmed: false }), START_MS + 14 * DAY],
  ['final and confirmed', makeFinal('approved'), null],
  ['in a person’s hands', makePayout({ state: 'needs_review', attention: 'conflict' }), null],
])('%s', (_name, payout, expected) => {
  expect(deadlineOf(payout, policy)).toBe(expected);
});

test('no state outlasts the last deadline, which is known at the start', () => {
  expect(lastDeadline(START_MS, policy)).toBe(START_MS + 16 * DAY);
});
