import { nextAttemptMs } from '../../../simulator/callbacks/callback-plan';
import { appendQuery } from '../../../simulator/callbacks/http-sender';
import type { CallbackState } from '../../../simulator/orders/order';
import { DEFAULT_SETTINGS } from '../../../simulator/settings';

const QUEUED: CallbackState = {
  callbackId: 'c',
  continues: null,
  remaining: [],
  variant: 'right',
  status: 'approved',
  type: 'payout',
  namedOrderId: '1',
  method: 'GET',
  delayMs: 1500,
  byHand: false,
  queuedAtMs: 1000,
  attempts: 0,
  attemptedAtMs: 0,
  answers: [],
  done: false,
};
const tried = (attempts: number, more: Partial<CallbackState> = {}): CallbackState => ({
  ...QUEUED,
  attempts,
  attemptedAtMs: 5000,
  answers: Array(attempts).fill(500),
  ...more,
});
const next = (callback: CallbackState) => nextAttemptMs(callback, DEFAULT_SETTINGS);

test('the first try comes after the delay, the second 60 s after the first, then each gap x 1.3585', () => {
  expect(next(QUEUED)).toBe(2500);
  expect(next(tried(1))).toBe(65_000);
  expect(next(tried(2))).toBeCloseTo(5000 + 60_000 * 1.3585, 6);
});

test('29 gaps make 14 days', () => {
  const gaps = Array.from({ length: 29 }, (_, index) => (next(tried(index + 1)) ?? 0) - 5000);
  const days = gaps.reduce((sum, gap) => sum + gap, 0) / 86_400_000;
  expect(days).toBeCloseTo(14, 1);
});

test('no try after the last one, after a 200, by hand, or after a wrong control was answered', () => {
  expect(next(tried(29))).not.toBeNull();
  expect(next(tried(30))).toBeNull();
  expect(next(tried(1, { done: true }))).toBeNull();
  expect(next({ ...QUEUED, byHand: true })).toBeNull();
  expect(next(tried(1, { variant: 'wrong_control' }))).toBeNull();
});

test('a try without an answer, cut short by a kill, does not count', () => {
  expect(next(tried(1, { variant: 'wrong_control', answers: [] }))).toBe(65_000);
});

test.each([
  ['http://h/cb', 'http://h/cb?a=1'],
  ['http://h/cb?', 'http://h/cb?a=1'],
  ['http://h/cb?x=%20y&z', 'http://h/cb?x=%20y&z&a=1'],
  ['http://h/cb?x=1#part', 'http://h/cb?x=1&a=1'],
  ['http://h', 'http://h/?a=1'],
])('appendQuery(%s)', (url, expected) => {
  expect(appendQuery(url, 'a=1')).toBe(expected);
});
