import type { Gate } from '../../src/domain/gate';
import type { OperatorOrder } from '../../src/domain/operator';
import type { Path, Scene } from './scene';
import { ACCEPTED, found, NOT_FOUND } from './scripted-gateway';

const DAY = 86_400_000;
const rule = { rule: 'large', needed: 2, expiresInMs: 3 * DAY } as const;
const gate = (): Gate => ({ requester: 'shop', approval: { ...rule, because: 'rule' } });
const guarded = (): Gate => ({
  requester: 'shop',
  guard: { rule: 'acts', needed: 1, expiresInMs: DAY, acts: ['resend', 'resolve'] },
});
const approves = () => ({ status: () => found('approved') });

/** What each path's persons were answered, by the path's name: state or refusal, in order. */
export const APPROVAL_ANSWERS: Record<string, string[]> = {};
type Verdict = 'approve' | 'reject' | 'withdraw' | 'resend';

/** An act by a person with a key, each once. */
async function act(scene: Scene, path: string, [person, action, key = person]: readonly [string, Verdict, string?]) {
  APPROVAL_ANSWERS[path] ??= [];
  const id = `${action}-${APPROVAL_ANSWERS[path].length}`;
  const order: OperatorOrder = { id, actor: key, person, reason: 'looked at the invoice', action };
  APPROVAL_ANSWERS[path].push(await scene.operate(order));
}

/** Payouts that persons have to approve, and acts upon payouts that they have to. */
export const APPROVAL_PATHS: readonly Path[] = [
  {
    name: 'approved-by-two',
    gate,
    gateway: approves,
    act: async (scene) => {
      await scene.sleep('1h');
      await act(scene, 'approved-by-two', ['shop', 'approve', 'shops-other-key']);
      await act(scene, 'approved-by-two', ['anna', 'approve']);
      await act(scene, 'approved-by-two', ['anna', 'approve', 'annas-other-key']);
      await scene.sleep('1d');
      await act(scene, 'approved-by-two', ['bert', 'approve']);
    },
    ends: 'closed',
  },
  {
    name: 'approvers-change',
    gate,
    gateway: approves,
    act: async ({ sleep, signalApprovers }) => {
      await sleep('1h');
      await signalApprovers(true);
      await sleep('1h');
      await signalApprovers(false);
    },
    ends: 'closed',
  },
  ...(['approved', 'rejected', 'expired'] as const).map(
    (end): Path => ({
      ...{ name: `notified-${end}`, gate, gateway: approves, subscriber: () => ({}), ends: 'closed' },
      act: async (scene) => {
        await scene.sleep('1h');
        if (end === 'rejected') await act(scene, 'notified-rejected', ['anna', 'reject']);
        if (end !== 'approved') return;
        await act(scene, 'notified-approved', ['anna', 'approve']);
        await act(scene, 'notified-approved', ['bert', 'approve']);
      },
    }),
  ),
  { name: 'never-approved', gate, gateway: approves, ends: 'closed' },
  {
    name: 'approval-rejected',
    gate: () => ({ ...gate(), isBlocked: true }),
    gateway: approves,
    act: async (scene) => {
      await scene.sleep('1h');
      await act(scene, 'approval-rejected', ['anna', 'approve']);
      await act(scene, 'approval-rejected', ['bert', 'reject']);
    },
    ends: 'closed',
  },
  {
    name: 'approval-withdrawn',
    gate: (atMs) => ({ ...gate(), schedule: { executeAtMs: atMs + 5 * DAY } }),
    gateway: approves,
    act: async (scene) => {
      await act(scene, 'approval-withdrawn', ['anna', 'approve']);
      await act(scene, 'approval-withdrawn', ['bert', 'approve']);
      await scene.sleep('1d');
      await act(scene, 'approval-withdrawn', ['anna', 'withdraw']);
      await scene.sleep('1d');
      await act(scene, 'approval-withdrawn', ['carl', 'approve']);
    },
    ends: 'closed',
  },
  {
    name: 'resend-approved',
    gate: guarded,
    gateway: () => ({
      submit: (nth) => (nth === 1 ? { outcome: 'unconfirmed', cause: 'reset', orderId: null } : ACCEPTED),
      status: (_, asker) => (asker === 'watch' ? found('approved') : NOT_FOUND),
    }),
    act: async (scene) => {
      await scene.sleep('25h');
      await act(scene, 'resend-approved', ['olaf', 'resend']);
      await act(scene, 'resend-approved', ['olaf', 'approve']);
      await scene.sleep('1h');
      await act(scene, 'resend-approved', ['anna', 'approve']);
    },
    ends: 'closed',
  },
];
