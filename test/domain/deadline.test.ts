import { deadlineOf, lastDeadline } from '../../src/domain/deadline';
import { DEFAULT_POLICY as policy } from '../../src/domain/poll-plan';
import { makeFinal, makeFollowed, makePayout, START_MS } from './samples';

const DAY = 24 * 60 * 60 * 1_000;
const laterMs = START_MS + 1_000;

it.each([
  ['accepted', makePayout(), START_MS + DAY],
  ['sending, and sent again', makePayout({ state: 'sending', notSentAtMs: laterMs }), START_MS + DAY],
  ['unconfirmed', makePayout({ state: 'unconfirmed', unconfirmedSinceMs: laterMs }), laterMs + DAY],
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
