import type { Path } from './scene';
import { ACCEPTED, calledBack, found } from './scripted-gateway';

const FORM = 'https://gate.example.com/form/1';

export const FIRST_ACCOUNT = 'DE89370400440532013000';
export const OTHER_ACCOUNT = 'GB29NWBK60161331926819';

const approves = () => ({ status: () => found('approved') });

/** What Receivers cause: coming back from the gateway's form, and entering where the money goes. */
export const RECEIVER_PATHS: readonly Path[] = [
  {
    name: 'receiver-returns',
    gateway: () => ({
      status: (_, asker) => (asker === 'confirm' ? found('approved') : found('processing', { redirectTo: FORM })),
    }),
    act: async (scene) => {
      await scene.sleep('2h');
      await scene.comeBack();
    },
    ends: 'closed',
  },
  {
    name: 'receiver-returns-often',
    gateway: () => ({
      status: (nth) => (nth < 200 ? found('processing', { redirectTo: FORM }) : found('approved')),
    }),
    policy: {
      pollPlan: [
        { everyMs: 4_000, untilMs: 60_000 },
        { everyMs: 60_000, untilMs: 14 * 86_400_000 },
      ],
    },
    act: async (scene) => {
      await scene.comeBack();
      await scene.sleep('10m');
      for (let nth = 0; nth < 30; nth += 1) {
        await scene.comeBack();
        await scene.comeBack();
        await scene.sleep('16s');
      }
    },
    ends: 'closed',
  },
  {
    name: 'details-entered',
    collectFor: '7d',
    gateway: approves,
    act: async (scene) => {
      await scene.sleep('2d');
      await scene.enterDetails(FIRST_ACCOUNT);
    },
    ends: 'closed',
  },
  {
    name: 'other-transaction-while-collecting',
    collectFor: '7d',
    gateway: () => ({}),
    act: async (scene) => {
      await scene.sleep('1h');
      await scene.callBack(calledBack('approved', { subject: 'other_transaction', transactionType: 'sale' }));
      await scene.sleep('1m');
      await scene.enterDetails(FIRST_ACCOUNT);
      await scene.sleep('1h');
    },
    ends: 'open',
  },
  {
    name: 'details-entered-twice',
    collectFor: '7d',
    gateway: () => ({
      submit: (nth) => (nth < 2 ? { outcome: 'not_sent', cause: 'unreachable' } : ACCEPTED),
      status: () => found('approved'),
    }),
    act: async (scene) => {
      await scene.enterDetails(FIRST_ACCOUNT);
      await scene.enterDetails(FIRST_ACCOUNT);
      await scene.enterDetails(OTHER_ACCOUNT);
    },
    ends: 'closed',
  },
  {
    name: 'details-never-entered',
    collectFor: '7d',
    gateway: approves,
    ends: 'closed',
  },
  {
    name: 'details-by-hand',
    collectFor: '7d',
    gateway: approves,
    act: async (scene) => {
      await scene.detailByHand();
      await scene.detailByHand('DE89');
      await scene.detailByHand({ destination: { type: 'bank_account' }, receiver: {} });
      await scene.sleep('1h');
      await scene.enterDetails(FIRST_ACCOUNT);
    },
    ends: 'closed',
  },
  {
    name: 'details-cancelled-before',
    collectFor: '7d',
    gateway: approves,
    act: async (scene) => {
      await scene.sleep('1h');
      const by = { id: 'cancel-1', actor: 'local', reason: 'asked for by the payer' };
      await scene.operate({ ...by, action: 'cancel' });
      await scene.enterDetails(FIRST_ACCOUNT);
    },
    ends: 'closed',
  },
  {
    name: 'details-order-heard-of',
    collectFor: '7d',
    gateway: approves,
    act: async (scene) => {
      await scene.sleep('1h');
      await scene.callBack(calledBack('processing'));
      await scene.enterDetails(FIRST_ACCOUNT);
    },
    ends: 'open',
  },
  {
    name: 'details-sent-again',
    collectFor: '30d',
    gateway: () => ({
      submit: (nth) => (nth < 3 ? { outcome: 'not_sent', cause: 'unreachable' } : ACCEPTED),
      status: () => found('approved'),
    }),
    act: async (scene) => {
      await scene.sleep('20d');
      await scene.enterDetails(FIRST_ACCOUNT);
    },
    ends: 'closed',
  },
];
