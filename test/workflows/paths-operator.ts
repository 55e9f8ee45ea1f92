import type { OperatorOrder } from '../../src/domain/operator';
import { GatewayError } from '../../src/gateway/errors';
import type { Path, Scene } from './scene';
import { ACCEPTED, calledBack, found, NOT_FOUND } from './scripted-gateway';

const BY = { actor: 'local', reason: 'the account manager confirmed it' };
const DOUBT = { outcome: 'unconfirmed', cause: 'reset', orderId: null } as const;

/** What each path's operator was answered, by the path's name: state or refusal, in order. */
export const ANSWERS: Record<string, string[]> = {};

async function operate(scene: Scene, path: string, order: OperatorOrder): Promise<void> {
  ANSWERS[path] ??= [];
  ANSWERS[path].push(await scene.operate(order));
}

/** Lets the slow gateway answer. */
let answerSlowly = () => {};

/** What operators do, and what they are refused. */
export const OPERATOR_PATHS: readonly Path[] = [
  {
    name: 'operator-cancels',
    gateway: () => ({ submit: () => ({ outcome: 'not_sent', cause: 'unreachable' }) }),
    act: async (scene) => {
      await scene.sleep('10s');
      await operate(scene, 'operator-cancels', { ...BY, id: 'cancel-1', action: 'cancel' });
    },
    ends: 'closed',
  },
  {
    name: 'operator-refused',
    gateway: () => ({ status: (nth) => found(nth < 30 ? 'processing' : 'approved') }),
    act: async (scene) => {
      await scene.sleep('10s');
      for (const order of [
        { ...BY, id: 'r-1', action: 'cancel' },
        { ...BY, id: 'r-2', action: 'resend' },
        { ...BY, id: 'r-3', action: 'resolve', resolution: 'approved' },
      ] as const) {
        await operate(scene, 'operator-refused', order);
      }
    },
    ends: 'closed',
  },
  {
    name: 'operator-resolves',
    gateway: () => ({ status: () => found('approved', { amount: '9.99' }) }),
    act: async (scene) => {
      await scene.sleep('1m');
      const order = { ...BY, id: 'resolve-1', action: 'resolve', resolution: 'declined' } as const;
      await operate(scene, 'operator-resolves', order);
      await operate(scene, 'operator-resolves', { ...order, id: 'resolve-2' });
    },
    ends: 'closed',
  },
  {
    name: 'operator-hands-back',
    gateway: () => ({ status: (nth) => found(nth < 4 ? 'processing' : 'approved') }),
    act: async (scene) => {
      await scene.sleep('5s');
      await scene.callBack(calledBack('approved'));
      await scene.callBack(calledBack('declined'));
      await scene.sleep('2s');
      const order = { ...BY, id: 'back-1', action: 'resolve', resolution: 'processing' } as const;
      await operate(scene, 'operator-hands-back', order);
      await operate(scene, 'operator-hands-back', order);
      await operate(scene, 'operator-hands-back', { ...order, resolution: 'approved' });
      await operate(scene, 'operator-hands-back', { ...order, actor: 'second' });
      await operate(scene, 'operator-hands-back', { ...BY, id: 'back-1', action: 'check' });
    },
    ends: 'closed',
  },
  {
    name: 'operator-resends',
    gateway: () => ({
      submit: (nth) => (nth === 1 ? DOUBT : ACCEPTED),
      status: (_, asker) => (asker === 'watch' ? found('approved') : NOT_FOUND),
    }),
    act: async (scene) => {
      await scene.sleep('10m');
      await operate(scene, 'operator-resends', { ...BY, id: 'too-early', action: 'resend' });
      await scene.sleep('25h');
      await operate(scene, 'operator-resends', { ...BY, id: 'resend-1', action: 'resend' });
    },
    ends: 'closed',
  },
  {
    name: 'operator-resend-adopts',
    gateway: () => ({
      submit: () => DOUBT,
      probe: (nth) => (nth === 1 ? NOT_FOUND : found('processing')),
      status: (_, asker) => (asker === 'watch' ? found('approved') : NOT_FOUND),
    }),
    act: async (scene) => {
      await scene.sleep('25h');
      await operate(scene, 'operator-resend-adopts', { ...BY, id: 'resend-1', action: 'resend' });
    },
    ends: 'closed',
  },
  {
    name: 'operator-notes',
    gateway: () => ({ status: (nth) => found(nth < 5 ? 'processing' : 'approved') }),
    act: async (scene) => {
      await scene.sleep('5s');
      for (const id of ['note-1', 'note-1']) await operate(scene, 'operator-notes', { ...BY, id, action: 'note' });
    },
    ends: 'closed',
  },
  {
    name: 'operator-checks',
    gateway: () => ({ status: (_, asker) => found(asker === 'confirm' ? 'approved' : 'processing') }),
    act: async (scene) => {
      await scene.sleep('2h');
      await operate(scene, 'operator-checks', { ...BY, id: 'check-1', action: 'check' });
    },
    ends: 'closed',
  },
  {
    name: 'operator-checks-slow-gateway',
    gateway: ({ createHold }) => {
      const answered = createHold();
      answerSlowly = answered.release;
      let confirmations = 0;
      return {
        status: async (_, asker) => {
          if (asker !== 'confirm') return found('processing');
          if (++confirmations === 1) throw new GatewayError('no_answer');
          await answered.released;
          return found('approved');
        },
      };
    },
    act: async (scene) => {
      await scene.sleep('2h');
      await operate(scene, 'operator-checks-slow-gateway', { ...BY, id: 'check-1', action: 'check' });
      answerSlowly();
    },
    ends: 'closed',
  },
];
