import { GatewayError } from '../../src/gateway/errors';
import type { Path, Scene } from './scene';
import { ACCEPTED, calledBack, found, NOT_FOUND, ORDER_ID } from './scripted-gateway';

const approved = () => found('approved');

/** The reply comes when the server has given the call up. */
async function acceptTooLate(sleep: Scene['sleep']) {
  await sleep('46s');
  return ACCEPTED;
}

/** From the start to the order: sent, refused, adopted, not sent, or in doubt. */
export const SENDING_PATHS: readonly Path[] = [
  {
    name: 'refused',
    gateway: () => ({
      submit: () => ({ outcome: 'refused', reason: { code: '1', message: 'Amount is invalid' }, serialNumber: null }),
    }),
    ends: 'closed',
  },
  {
    name: 'adopted-other-transaction',
    gateway: () => ({ probe: () => found('approved', { subject: 'other_transaction', transactionType: 'sale' }) }),
    act: async ({ sleep }) => await sleep('1h'),
    ends: 'open',
  },
  {
    name: 'adopted',
    gateway: () => ({ probe: () => found('processing'), status: approved }),
    act: async ({ sleep }) => await sleep('1m'),
    ends: 'open',
  },
  {
    name: 'adopted-final',
    gateway: () => ({ probe: approved }),
    act: async ({ sleep }) => await sleep('1m'),
    ends: 'open',
  },
  {
    name: 'not-served',
    endpoint: 'unserved',
    policy: { sendAgain: { firstMs: 10_000, longestMs: 10_000, untilMs: 15 * 60_000 } },
    gateway: () => ({}),
    act: async ({ sleep, read, passUntaken }) => {
      while ((await read()).payout.state !== 'needs_review') if (!(await passUntaken('5m'))) await sleep('1s');
    },
    ends: 'open',
  },
  {
    name: 'lost-on-record',
    gateway: ({ sleep }) => ({
      submit: () => acceptTooLate(sleep),
      status: (nth) => (nth < 3 ? NOT_FOUND : found('approved')),
    }),
    ends: 'closed',
  },
  {
    name: 'lost-before-record',
    gateway: ({ sleep }) => ({
      probe: async (nth) => {
        if (nth === 1) await sleep('46s');
        return NOT_FOUND;
      },
      status: approved,
    }),
    ends: 'closed',
  },
  {
    name: 'submit-doubtful',
    gateway: () => ({
      submit: () => ({ outcome: 'unconfirmed', cause: 'refused_with_order_id', orderId: ORDER_ID }),
      status: (nth) => found(nth < 2 ? 'processing' : 'declined', { reason: { code: '116', message: 'no funds' } }),
    }),
    ends: 'closed',
  },
  {
    name: 'backoff-ended',
    gateway: () => ({
      submit: () => ({ outcome: 'unconfirmed', cause: 'reset', orderId: null }),
      status: (_, asker) => (asker === 'confirm' ? found('approved') : NOT_FOUND),
    }),
    act: async ({ sleep, read, callBack }) => {
      await sleep('25h');
      const { payout } = await read();
      if (payout.state !== 'needs_review') throw new Error(`in a person's hands, not ${payout.state}`);
      await callBack(calledBack('approved'));
    },
    ends: 'closed',
  },
  {
    name: 'backoff-unanswered',
    gateway: () => ({
      submit: () => ({ outcome: 'unconfirmed', cause: 'timeout', orderId: null }),
      status: () => {
        throw new GatewayError('no_answer');
      },
    }),
    act: async ({ sleep }) => await sleep('26h'),
    ends: 'open',
  },
  {
    name: 'not-sent',
    gateway: () => ({
      submit: (nth) => (nth <= 4 ? { outcome: 'not_sent', cause: 'unreachable' } : ACCEPTED),
      status: approved,
    }),
    ends: 'closed',
  },
  {
    name: 'probe-unanswered',
    gateway: () => ({
      probe: (nth) => {
        if (nth <= 3) throw new GatewayError('unreachable');
        return NOT_FOUND;
      },
      status: approved,
    }),
    ends: 'closed',
  },
  {
    name: 'endpoint-paused',
    gateway: () => ({
      submit: (nth) => (nth <= 20 ? { outcome: 'not_sent', cause: 'endpoint_paused' } : ACCEPTED),
      status: approved,
    }),
    act: async ({ sleep, read }) => {
      await sleep('1m');
      const { payout } = await read();
      if (payout.attention !== 'endpoint_paused' || payout.state !== 'sending')
        throw new Error(`waiting in sending, not ${payout.state} with ${payout.attention}`);
    },
    ends: 'closed',
  },
  {
    name: 'never-sent',
    policy: { sendAgain: { firstMs: 1_000, longestMs: 300_000, untilMs: 3_600_000 } },
    gateway: () => ({
      probe: () => {
        throw new GatewayError('forbidden');
      },
    }),
    act: async ({ sleep }) => {
      for (let minute = 0; minute < 70; minute += 1) await sleep('1m');
    },
    ends: 'open',
  },
  {
    name: 'forbidden',
    gateway: () => ({
      submit: (nth) => (nth === 1 ? { outcome: 'not_sent', cause: 'forbidden' } : ACCEPTED),
      status: approved,
    }),
    ends: 'closed',
  },
];
