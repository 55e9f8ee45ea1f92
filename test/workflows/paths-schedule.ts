import type { OperatorOrder } from '../../src/domain/operator';
import { FIRST_ACCOUNT } from './paths-receiver';
import type { Path, Scene } from './scene';
import { ACCEPTED, found } from './scripted-gateway';

const HOUR = 3_600_000;
export const DUE_AFTER_MS = 48 * HOUR;
const BY = { actor: 'anna', reason: 'asked for by the payer' };

/** What each path's operator was answered, by the path's name. */
export const SCHEDULE_ANSWERS: Record<string, string[]> = {};

async function operate(scene: Scene, path: string, order: OperatorOrder): Promise<void> {
  SCHEDULE_ANSWERS[path] ??= [];
  SCHEDULE_ANSWERS[path].push(await scene.operate(order));
}

async function reschedule(scene: Scene, path: string, id: string, afterMs: number): Promise<void> {
  const { createdAtMs } = (await scene.read()).payout;
  const schedule = { executeAtMs: createdAtMs + afterMs };
  await operate(scene, path, { ...BY, id, action: 'reschedule', schedule });
}

const gate: Path['gate'] = (atMs) => ({ schedule: { executeAtMs: atMs + DUE_AFTER_MS } });
const approves = () => ({ status: () => found('approved') });

/** Payouts that wait for the time at which they are to be sent. */
export const SCHEDULE_PATHS: readonly Path[] = [
  { name: 'scheduled', gate, gateway: approves, ends: 'closed' },
  {
    name: 'scheduled-cancelled',
    gate,
    gateway: approves,
    act: async (scene) => {
      await scene.sleep('1d');
      await operate(scene, 'scheduled-cancelled', { ...BY, id: 'cancel-1', action: 'cancel' });
    },
    ends: 'closed',
  },
  {
    name: 'rescheduled',
    gate,
    gateway: approves,
    act: async (scene) => {
      await scene.sleep('1d');
      await reschedule(scene, 'rescheduled', 'later', 96 * HOUR);
      await scene.sleep('2d');
      await reschedule(scene, 'rescheduled', 'later', 96 * HOUR);
      await reschedule(scene, 'rescheduled', 'later', 90 * HOUR);
      await reschedule(scene, 'rescheduled', 'earlier', 80 * HOUR);
    },
    ends: 'closed',
  },
  {
    name: 'rescheduled-between-sends',
    gateway: () => ({
      submit: (nth) => (nth < 3 ? { outcome: 'not_sent', cause: 'unreachable' } : ACCEPTED),
      status: () => found('approved'),
    }),
    act: async (scene) => {
      await scene.sleep('2s');
      await reschedule(scene, 'rescheduled-between-sends', 'later', 24 * HOUR);
    },
    ends: 'closed',
  },
  {
    name: 'scheduled-details-entered',
    gate,
    collectFor: '7d',
    gateway: approves,
    act: async (scene) => {
      await scene.sleep('1d');
      await scene.enterDetails(FIRST_ACCOUNT);
    },
    ends: 'closed',
  },
];
