import { setTimeout } from 'node:timers/promises';
import { TurnTooLate } from '../../src/activities/call-rate';
import { toOrderId } from '../../src/domain/ids';
import { GatewayError } from '../../src/gateway/errors';
import type { Path } from './scene';
import { ACCEPTED, type Asker, calledBack, found } from './scripted-gateway';

const REVERSAL = { subject: 'post_payout_event', transactionType: 'reversal' } as const;

/** True from the first question of this kind on. */
function goesDownAtFirst(trigger: Asker): (asker: Asker) => boolean {
  let isDown = false;
  return (asker) => {
    isDown ||= asker === trigger;
    return isDown;
  };
}

/** With a callback on the way: first, second, twice, alone, or not to be believed. */
export const CALLBACK_PATHS: readonly Path[] = [
  {
    name: 'callback-confirmed',
    gateway: () => ({ status: (_, asker) => found(asker === 'confirm' ? 'approved' : 'processing') }),
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
    },
    ends: 'closed',
  },
  {
    name: 'callback-confirmed-traced',
    gateway: () => ({ status: (_, asker) => found(asker === 'confirm' ? 'approved' : 'processing') }),
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
    },
    isTraced: true,
    ends: 'closed',
  },
  {
    name: 'callback-confirmed-patiently',
    gateway: () => {
      let confirmations = 0;
      return {
        status: (_, asker) => {
          if (asker !== 'confirm') return found('processing');
          if (++confirmations === 1) throw new GatewayError('no_answer');
          return found('approved');
        },
      };
    },
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
    },
    ends: 'closed',
  },
  {
    name: 'callback-polled-first',
    gateway: ({ closed }) => {
      let confirmations = 0;
      return {
        status: async (_, asker) => {
          if (asker !== 'confirm') return found(confirmations < 2 ? 'processing' : 'approved');
          if (++confirmations === 1) throw new GatewayError('no_answer');
          await closed();
          return found('declined');
        },
      };
    },
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
    },
    ends: 'closed',
  },
  {
    name: 'callback-never-asked',
    // At once, the ordinary way, and three times when the minute is over: no turn for any. The sixth is made.
    gateway: () => {
      let confirmations = 0;
      return {
        status: (_, asker) => {
          if (asker === 'confirm') confirmations += 1;
          if (confirmations === 0) return found('processing');
          if (confirmations < 6) throw new TurnTooLate();
          return found('declined');
        },
      };
    },
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
      await sleep('5m');
    },
    ends: 'open',
  },
  {
    name: 'callback-before-reply',
    gateway: ({ callBack, read }) => ({
      submit: async () => {
        await callBack(calledBack('approved'));
        while ((await read()).payout.state !== 'approved') await setTimeout(20);
        return { ...ACCEPTED, orderId: toOrderId('6768789') };
      },
      status: () => found('approved'),
    }),
    ends: 'closed',
  },
  {
    name: 'callback-then-reply',
    gateway: ({ callBack, createHold }) => {
      const confirming = createHold();
      return {
        submit: async () => {
          await callBack(calledBack('approved'));
          await confirming.released;
          return ACCEPTED;
        },
        status: (nth, asker) => {
          if (asker === 'confirm') confirming.release();
          return found(nth < 3 ? 'processing' : 'approved');
        },
      };
    },
    ends: 'closed',
  },
  {
    name: 'callback-between-sends',
    policy: { sendAgain: { firstMs: 60_000, longestMs: 60_000, untilMs: 3_600_000 } },
    gateway: () => ({
      submit: (nth) => (nth === 1 ? { outcome: 'not_sent', cause: 'unreachable' } : ACCEPTED),
      status: (nth) => found(nth < 3 ? 'processing' : 'approved'),
    }),
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
    },
    ends: 'open',
  },
  {
    name: 'callback-twice',
    gateway: () => ({ status: (nth) => found(nth < 6 ? 'processing' : 'declined') }),
    act: async ({ sleep, callBack }) => {
      await sleep('10s');
      await callBack(calledBack('declined', { reason: { code: '116', message: 'no funds' } }));
      await sleep('1s');
      await callBack(calledBack('declined', { reason: { code: '116', message: 'no funds' } }));
    },
    ends: 'closed',
  },
  {
    name: 'callback-disagrees',
    gateway: () => ({ status: (_, asker) => found(asker === 'confirm' ? 'declined' : 'processing') }),
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
      await sleep('1h');
    },
    ends: 'open',
  },
  {
    name: 'callbacks-disagree',
    gateway: () => ({}),
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
      await sleep('10s');
      await callBack(calledBack('declined'));
      await sleep('1h');
    },
    ends: 'open',
  },
  {
    name: 'callback-amount-differs',
    gateway: () => ({
      status: (_, asker) => (asker === 'confirm' ? found('approved', { amount: '1050.00' }) : found('processing')),
    }),
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
      await sleep('1h');
    },
    ends: 'open',
  },
  {
    name: 'callback-other-order',
    gateway: () => ({}),
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved', { orderId: toOrderId('999') }));
      await sleep('1h');
    },
    ends: 'open',
  },
  {
    name: 'callback-unconfirmed',
    gateway: () => {
      const isDown = goesDownAtFirst('confirm');
      let asked = 0;
      return {
        status: (_, asker) => {
          if (asker === 'ask' && ++asked > 3) return found('approved');
          if (isDown(asker)) throw new GatewayError('unreachable');
          return found('processing');
        },
      };
    },
    act: async ({ sleep, callBack, read }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
      await sleep('50s');
      const before = await read();
      if (before.payout.state !== 'processing')
        throw new Error(`not settled within the minute: ${before.payout.state}`);
      await sleep('30s');
      const { payout, isClosed } = await read();
      if (payout.state !== 'approved' || payout.confirmed || isClosed)
        throw new Error('expected to stand on the callback');
    },
    ends: 'closed',
  },
  {
    name: 'callback-never-confirmed',
    gateway: () => {
      const isDown = goesDownAtFirst('confirm');
      return {
        status: (_, asker) => {
          if (isDown(asker)) throw new GatewayError('unreachable');
          return found('processing');
        },
      };
    },
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
      await sleep('15d');
    },
    ends: 'closed',
  },
  {
    name: 'callback-too-early',
    gateway: () => ({ status: (nth) => found(nth < 30 ? 'processing' : 'approved') }),
    act: async ({ sleep, callBack }) => {
      await sleep('30s');
      await callBack(calledBack('approved'));
    },
    ends: 'closed',
  },
  {
    name: 'callback-not-final',
    gateway: () => ({ status: (nth) => found(nth < 12 ? 'processing' : 'approved') }),
    act: async ({ sleep, callBack }) => {
      await sleep('10s');
      await callBack(calledBack('unknown'));
      await callBack(calledBack('processing'));
    },
    ends: 'closed',
  },
  {
    name: 'callback-of-later-event',
    gateway: () => ({ status: (nth) => found(nth < 12 ? 'processing' : 'approved') }),
    act: async ({ sleep, callBack }) => {
      await sleep('10s');
      await callBack(calledBack('approved', REVERSAL));
    },
    ends: 'closed',
    hasLateEvents: true,
  },
  {
    name: 'later-event-confirmed',
    gateway: () => ({
      status: (nth) => (nth <= 12 ? found(nth < 12 ? 'processing' : 'approved') : found('approved', REVERSAL)),
    }),
    act: async ({ sleep, callBack }) => {
      await sleep('10s');
      await callBack(calledBack('approved', REVERSAL));
    },
    ends: 'closed',
    hasLateEvents: true,
  },
  {
    name: 'later-event-acknowledged',
    gateway: () => ({ status: (nth) => found(nth < 12 ? 'processing' : 'approved') }),
    act: async ({ sleep, callBack, acknowledge }) => {
      await sleep('10s');
      await callBack(calledBack('approved', REVERSAL));
      await sleep('30m');
      await acknowledge();
    },
    ends: 'closed',
    hasLateEvents: true,
  },
  {
    // The gateway confirms it a moment after it was acknowledged: the run stays open for another acknowledgement.
    name: 'later-event-acknowledged-too-soon',
    gateway: () => ({
      status: (nth) => (nth < 16 ? found(nth < 12 ? 'processing' : 'approved') : found('approved', REVERSAL)),
    }),
    act: async ({ sleep, callBack, acknowledge }) => {
      await sleep('10s');
      await callBack(calledBack('approved', REVERSAL));
      await sleep('71m');
      await sleep('20s');
      await acknowledge(0);
    },
    ends: 'closed',
    hasLateEvents: true,
  },
  {
    name: 'return-seen-while-open',
    gateway: () => ({
      status: (nth) => (nth < 3 ? found('processing') : found('approved', { ...REVERSAL, isReturn: true })),
    }),
    act: async ({ sleep, operate }) => {
      await sleep('1m');
      const by = { actor: 'ann', reason: 'paid, then back' };
      await operate({ ...by, id: 'resolve-1', action: 'resolve', resolution: 'approved' });
    },
    ends: 'closed',
    hasLateEvents: true,
  },
  {
    name: 'callback-of-other-endpoint',
    gateway: () => ({ status: (nth) => found(nth < 12 ? 'processing' : 'declined') }),
    act: async ({ sleep, callBack }) => {
      await sleep('10s');
      await callBack(calledBack('approved'), 'elsewhere');
    },
    ends: 'closed',
  },
  {
    name: 'callback-during-watch',
    gateway: ({ closed, callBack }) => {
      return {
        status: async (nth, asker) => {
          if (asker === 'confirm') return found('approved');
          if (nth === 3) {
            await callBack(calledBack('approved'));
            await closed();
          }
          return found('processing');
        },
      };
    },
    ends: 'closed',
  },
  {
    name: 'callback-during-slow-question',
    gateway: ({ closed, callBack }) => ({
      status: async (_, asker) => {
        if (asker === 'confirm') return found('approved');
        if (asker === 'ask') {
          await callBack(calledBack('approved'));
          await closed();
        }
        return found('processing');
      },
    }),
    ends: 'closed',
  },
];
