import { GatewayError } from '../../src/gateway/errors';
import type { Path } from './scene';
import { calledBack, found } from './scripted-gateway';

const REVERSAL = { subject: 'post_payout_event', transactionType: 'reversal' } as const;

function failsAtFirst(times: number) {
  return (nth: number) => {
    if (nth <= times) throw new Error('out of reach');
  };
}

/** With a subscriber that is told. */
export const NOTIFICATION_PATHS: readonly Path[] = [
  {
    name: 'notified-polled',
    gateway: () => ({ status: (nth) => found(nth < 3 ? 'processing' : 'approved') }),
    subscriber: () => ({}),
    ends: 'closed',
  },
  {
    name: 'notified-callback',
    gateway: () => ({ status: (_, asker) => found(asker === 'confirm' ? 'approved' : 'processing') }),
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
    },
    subscriber: () => ({}),
    ends: 'closed',
  },
  {
    name: 'notified-receiver-form',
    gateway: () => ({
      status: (nth) =>
        nth < 4 ? found('processing', { redirectTo: 'https://gate.example.com/form/1' }) : found('declined'),
    }),
    subscriber: () => ({}),
    ends: 'closed',
  },
  {
    name: 'notified-review',
    gateway: () => ({ status: (nth) => found('approved', nth < 2 ? { amount: '9.99' } : {}) }),
    act: async ({ sleep, operate }) => {
      await sleep('1m');
      await operate({ id: 'n-1', actor: 'local', reason: 'found out', action: 'resolve', resolution: 'declined' });
    },
    subscriber: () => ({}),
    ends: 'closed',
  },
  {
    name: 'notified-later',
    gateway: () => ({ status: () => found('approved') }),
    subscriber: () => ({ storing: failsAtFirst(3) }),
    ends: 'closed',
  },
  {
    name: 'notified-later-taken',
    gateway: () => ({ status: () => found('approved') }),
    subscriber: ({ callBack }) => ({
      storing: async (nth) => {
        if (nth === 2) await callBack(calledBack('approved', REVERSAL));
        failsAtFirst(2)(nth);
      },
    }),
    ends: 'closed',
    hasLateEvents: true,
  },
  {
    name: 'notified-unconfirmed',
    gateway: () => {
      let isDown = false;
      let asked = 0;
      return {
        status: (_, asker) => {
          isDown ||= asker === 'confirm';
          if (asker === 'ask' && ++asked > 3) return found('approved');
          if (isDown) throw new GatewayError('unreachable');
          return found('processing');
        },
      };
    },
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
      await sleep('80s');
      await callBack(calledBack('approved', REVERSAL));
    },
    subscriber: () => ({}),
    ends: 'closed',
    hasLateEvents: true,
  },
];
