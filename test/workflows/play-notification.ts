import type { History } from '@temporalio/common/lib/proto-utils';
import { toClientOrderId } from '../../src/domain/ids';
import { noticeOf } from '../../src/domain/notification';
import type { Payout } from '../../src/domain/payout';
import { eventOf } from '../../src/notifications/event';
import { acknowledgeSignal } from '../../src/workflows/messages';
import {
  type NotificationEvent,
  noticeSignal,
  notificationWorkflowId,
  resendSignal,
  type SettledEvent,
} from '../../src/workflows/notification-messages';
import { play } from './play';
import { found } from './scripted-gateway';
import {
  answered,
  createScriptedSubscriber,
  type ScriptedSubscriber,
  type SubscriberScript,
} from './scripted-subscriber';
import { ENDPOINT, type SkippedTime, SUBSCRIBER } from './skipped-time';

export interface DeliveryScene {
  /** The final of a payout that is approved. */
  readonly final: NotificationEvent;
  /** A final that the payout's record does not hold. */
  readonly other: NotificationEvent;
  /** The final as a task announced it that was done again. */
  readonly early: NotificationEvent;
  /** A late event of the payout. */
  late(nth: number): NotificationEvent;
  store(event: NotificationEvent): Promise<void>;
  signalByHand(...args: readonly unknown[]): Promise<void>;
  resend(): Promise<void>;
  acknowledge(id: string, seen?: number): Promise<void>;
  sleep(duration: `${number}${'s' | 'm' | 'h' | 'd'}`): Promise<void>;
}

/** One way the notification of an approved payout can go. */
export interface DeliveryPath {
  readonly name: string;
  readonly subscriber: SubscriberScript;
  readonly act: (scene: DeliveryScene) => Promise<void>;
  readonly ends: 'closed' | 'open';
}

export interface Notified {
  readonly history: History;
  readonly subscriber: ScriptedSubscriber;
  readonly settled: readonly SettledEvent[];
  readonly beganAtMs: number;
}

function eventFor(payout: Payout, notified: Partial<Payout>): NotificationEvent {
  const notice = noticeOf({ state: 'processing', attention: null, ...notified }, payout);
  if (notice === null) throw new Error('expected something to tell');
  return eventOf(notice);
}

/** Plays a payout that is approved without a subscriber, and then its notification. */
export async function playNotification(time: SkippedTime, path: DeliveryPath): Promise<Notified> {
  const { result } = await play(time, {
    name: path.name,
    gateway: () => ({ status: () => found('approved') }),
    ends: 'closed',
  });
  if (result === null) throw new Error('expected the payout to be final');
  const clientOrderId = toClientOrderId(path.name);
  const subscriber = createScriptedSubscriber(path.subscriber, time.now);
  time.useSubscriber(clientOrderId, subscriber);
  const handle = time.env.client.workflow.getHandle(notificationWorkflowId(SUBSCRIBER, clientOrderId));
  const beganAtMs = Math.floor(await time.env.currentTimeMs());
  await path.act({
    final: eventFor(result, {}),
    early: eventFor({ ...result, settledAtMs: 1, settledBy: 'operator' }, {}),
    other: eventFor({ ...result, state: 'declined' }, {}),
    late: (nth) =>
      eventFor({ ...result, attention: 'conflict', updatedAtMs: result.updatedAtMs + nth }, { state: 'approved' }),
    store: async (event) =>
      await time.outbox.store({ subscriber: SUBSCRIBER, clientOrderId, endpoint: ENDPOINT, event }),
    signalByHand: async (...args) => await handle.signal(noticeSignal.name, ...args),
    resend: async () => await handle.signal(resendSignal, { actor: 'local', reason: 'it is back' }),
    acknowledge: async (id, seen) =>
      await handle.signal(acknowledgeSignal, {
        ...{ id, actor: 'local', reason: 'known', attention: 'notification_dead' },
        ...(seen !== undefined && { seen }),
      }),
    sleep: async (duration) => await time.env.sleep(duration),
  });
  const ended = path.ends === 'closed' ? ((await handle.result()) as { settled: SettledEvent[] }) : null;
  const history = await handle.fetchHistory();
  if (path.ends === 'open') await handle.terminate('the path ends here');
  return { history, subscriber, settled: ended?.settled ?? [], beganAtMs };
}

/** Notifications whose histories are recorded. */
export const NOTIFICATION_WORKFLOW_PATHS: readonly DeliveryPath[] = [
  {
    name: 'delivered-after-retries',
    subscriber: { answer: (nth) => answered(nth < 4 ? 500 : 204) },
    act: async ({ store, final }) => await store(final),
    ends: 'closed',
  },
  {
    name: 'delivered-in-order',
    subscriber: { answer: (nth) => answered(nth < 6 ? 503 : 200) },
    act: async ({ store, final, late, sleep }) => {
      await store(final);
      await sleep('10s');
      await store(late(1));
      await sleep('10s');
      await store(late(2));
    },
    ends: 'closed',
  },
  {
    name: 'never-delivered',
    subscriber: { answer: () => ({ kind: 'not_answered', cause: 'timeout' }) },
    act: async ({ store, final, sleep }) => {
      await store(final);
      await sleep('80h');
    },
    ends: 'open',
  },
  {
    name: 'dead-and-acknowledged',
    subscriber: { answer: () => answered(410) },
    act: async ({ store, final, late, sleep, acknowledge }) => {
      await store(final);
      await sleep('1h');
      await acknowledge('seen-1');
      await sleep('1h');
      await store(late(1));
      await sleep('1h');
      await acknowledge('seen-2');
      await sleep('1h');
    },
    ends: 'open',
  },
  {
    name: 'dead-and-seen-in-part',
    subscriber: { answer: () => answered(410) },
    act: async ({ store, final, late, sleep, acknowledge }) => {
      await store(final);
      await store(late(1));
      await sleep('1h');
      await acknowledge('seen-1', 1);
      await sleep('1h');
      await acknowledge('seen-2', 2);
      await sleep('1h');
    },
    ends: 'open',
  },
  {
    name: 'delivered-when-resent',
    subscriber: {
      answer: (_, { body: { type }, atMs }) => answered(type === 'payout.approved' && atMs < resentAtMs ? 410 : 200),
    },
    act: async ({ store, final, late, sleep, resend }) => {
      resentAtMs = Number.POSITIVE_INFINITY;
      await store(final);
      await sleep('1h');
      await store(late(1));
      await sleep('1h');
      resentAtMs = 0;
      await resend();
    },
    ends: 'closed',
  },
  {
    name: 'not-delivered-unrecorded',
    subscriber: {},
    act: async ({ store, other, late }) => {
      await store(other);
      await store(late(1));
    },
    ends: 'closed',
  },
  {
    name: 'delivered-anew',
    subscriber: { isRecorded: (nth) => nth > 1 },
    act: async ({ store, early, final }) => {
      await store(early);
      await store(final);
    },
    ends: 'closed',
  },
  {
    name: 'delivered-once',
    subscriber: { answer: (nth) => answered(nth < 2 ? 500 : 200) },
    act: async ({ store, final, late, signalByHand }) => {
      await store(final);
      await store(final);
      await store(late(1));
      await signalByHand();
      await signalByHand('nonsense');
      await signalByHand({ id: 7 });
      await store(final);
    },
    ends: 'closed',
  },
];

let resentAtMs = 0;
