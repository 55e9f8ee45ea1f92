import { DEFAULT_POLICY, type PollPlan } from '../../src/domain/poll-plan';
import { GatewayError } from '../../src/gateway/errors';
import type { Path } from './scene';
import { calledBack, found, NOT_FOUND } from './scripted-gateway';
import { ENDPOINT } from './skipped-time';

const MINUTE = 60_000;
const [, ...SLOW_STAGES] = DEFAULT_POLICY.pollPlan;
const LONG_FAST_GEAR: PollPlan = [{ everyMs: 4_000, untilMs: 10 * MINUTE }, ...SLOW_STAGES];
/** Some 11 events a question: past the limit of one run after 364 of them. */
const BUSY_SLOW_GEAR: PollPlan = [
  { everyMs: 4_000, untilMs: 4_000 },
  { everyMs: MINUTE, untilMs: 14 * 24 * 60 * MINUTE },
];
const FORM = 'https://sandbox.example.com/paynet/form/redirect/6768788/1xntDsxIkbphQI-EXriKF0';

function polled(times: number): Path {
  return {
    name: `polled-${times}`,
    policy: { pollPlan: LONG_FAST_GEAR },
    gateway: () => ({ status: (nth) => found(nth < times ? 'processing' : 'approved') }),
    ends: 'closed',
  };
}

/** From the order to a final status by asking alone. */
export const WAITING_PATHS: readonly Path[] = [
  polled(1),
  polled(10),
  polled(100),
  ...(['declined', 'filtered', 'error'] as const).map(
    (status): Path => ({
      name: `polled-${status}`,
      gateway: () => ({ status: () => found(status, { reason: { code: '116', message: 'no' } }) }),
      ends: 'closed',
    }),
  ),
  {
    name: 'polled-amount-differs',
    gateway: () => ({ status: () => found('approved', { amount: '10.51' }) }),
    act: async ({ sleep }) => await sleep('1h'),
    ends: 'open',
  },
  {
    name: 'polled-other-order',
    gateway: () => ({ status: () => found('approved', { orderId: '999' as never }) }),
    act: async ({ sleep }) => await sleep('1h'),
    ends: 'open',
  },
  {
    name: 'receiver-form',
    gateway: () => ({
      status: (nth) => {
        if (nth < 3 || nth > 6) return found(nth < 9 ? 'processing' : 'approved');
        return found('processing', { redirectTo: FORM });
      },
    }),
    ends: 'closed',
  },
  {
    name: 'unlisted-status',
    gateway: () => ({
      status: (nth) => found(nth < 4 ? 'unlisted' : 'approved', nth < 4 ? { statusText: 'pending' } : {}),
    }),
    ends: 'closed',
  },
  {
    name: 'not-found-after-found',
    gateway: () => ({
      status: (nth) => (nth === 2 || nth === 3 ? NOT_FOUND : found(nth < 5 ? 'processing' : 'approved')),
    }),
    ends: 'closed',
  },
  {
    name: 'gateway-silent',
    gateway: () => ({
      status: (nth) => {
        if (nth >= 2 && nth <= 6) throw new GatewayError('no_answer');
        return found(nth < 9 ? 'processing' : 'approved');
      },
    }),
    ends: 'closed',
  },
  {
    name: 'gateway-unreadable',
    gateway: () => ({
      status: (nth) => {
        if (nth >= 2 && nth <= 14) throw new GatewayError('unreadable');
        return found(nth < 16 ? 'processing' : 'approved');
      },
    }),
    ends: 'closed',
  },
  {
    name: 'polled-other-transaction',
    gateway: () => ({ status: () => found('approved', { subject: 'other_transaction', transactionType: 'sale' }) }),
    act: async ({ sleep }) => await sleep('1h'),
    ends: 'open',
  },
  {
    name: 'slow-polling',
    gateway: () => ({ status: (nth) => found(nth < 90 ? 'processing' : 'approved') }),
    ends: 'closed',
  },
  { name: 'horizon', gateway: () => ({}), act: async ({ sleep }) => await sleep('15d'), ends: 'open' },
  {
    name: 'continued-as-new',
    policy: { pollPlan: BUSY_SLOW_GEAR },
    gateway: () => ({ status: (nth) => found(nth < 370 ? 'processing' : 'approved') }),
    ends: 'closed',
  },
  {
    name: 'cancellation-requested',
    gateway: () => ({ status: (nth) => found(nth < 5 ? 'processing' : 'approved') }),
    act: async ({ sleep, requestCancellation }) => {
      await sleep('10s');
      await requestCancellation();
    },
    ends: 'closed',
  },
  {
    name: 'poisoned-signals',
    gateway: () => ({ status: (nth) => found(nth < 5 ? 'processing' : 'approved') }),
    act: async ({ sleep, signalByHand }) => {
      await sleep('10s');
      await signalByHand();
      await signalByHand(null);
      await signalByHand(42, 'and more');
      await signalByHand({ endpoint: ENDPOINT });
      await signalByHand({ endpoint: ENDPOINT, report: { status: 'approved' } });
      await signalByHand({ endpoint: ENDPOINT, report: { ...calledBack('declined'), orderId: { toString: 1 } } });
      await signalByHand({ endpoint: ENDPOINT, report: { ...calledBack('declined'), source: 'poll' } });
    },
    ends: 'closed',
  },
];
