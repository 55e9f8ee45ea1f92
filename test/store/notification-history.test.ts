import { type PendingDelivery, readNotifiedEvents } from '../../src/store/notification-history';
import type { HistoryEvent } from '../../src/store/recorded';
import { createDataConverter, createDecoder } from '../../src/temporal/data-converter';
import { resendSignal } from '../../src/workflows/notification-messages';
import { readHistories } from '../workflows/histories';

const HISTORIES = new Map(
  readHistories('notifications').map(({ name, history }) => [name, (history.events ?? []) as readonly HistoryEvent[]]),
);
const decode = createDecoder(createDataConverter(null), { namespace: 'default', workflowId: 'notify:erp:PO-000001' });
const historyOf = (name: string) => HISTORIES.get(name) ?? [];
const read = async (name: string, end?: number, pending: PendingDelivery | null = null) =>
  await readNotifiedEvents(historyOf(name).slice(0, end), decode, pending);
const statesOf = (events: Awaited<ReturnType<typeof read>>) =>
  events.map(({ type, state, attempts }) => [type, state, attempts]);

it.each([
  ['delivered-after-retries', [['payout.approved', 'delivered', 4]]],
  ['never-delivered', [['payout.approved', 'dead', 12]]],
  [
    'delivered-in-order',
    [
      ['payout.approved', 'delivered', 6],
      ['payout.late_event', 'delivered', 1],
      ['payout.late_event', 'delivered', 1],
    ],
  ],
  [
    'delivered-when-resent',
    [
      ['payout.approved', 'delivered', 1],
      ['payout.late_event', 'delivered', 1],
    ],
  ],
  ['notified-receiver-form', [['payout.declined', 'delivered', 1]]],
])('%s is read off its history', async (name, states) => {
  expect(statesOf(await read(name))).toEqual(states);
});

it('what was given up says what its last attempts met', async () => {
  // As a server records it; the time-skipping one does not.
  const lastFailure = { message: 'answered 500' };
  const history = historyOf('never-delivered').map((event) => ({
    ...event,
    activityTaskStartedEventAttributes: event.activityTaskStartedEventAttributes && {
      ...event.activityTaskStartedEventAttributes,
      lastFailure,
    },
  })) as HistoryEvent[];
  expect((await readNotifiedEvents(history, decode, null)).map(({ state, problem }) => [state, problem])).toEqual([
    ['dead', 'answered 500'],
  ]);
});

it('a delivery under way is pending, with its attempts, its last problem and the next attempt', async () => {
  const pending = { attempt: 4, problem: 'answered 503', nextAtMs: 7 };
  const delivered = historyOf('delivered-in-order').findIndex(
    ({ activityTaskStartedEventAttributes: started }) => (started?.attempt ?? 0) > 1,
  );
  const events = await read('delivered-in-order', delivered, pending);
  expect(events.map(({ state, attempts, problem, nextAtMs }) => [state, attempts, problem, nextAtMs])).toEqual([
    ['pending', 3, 'answered 503', 7],
    ...events.slice(1).map(() => ['pending', 0, null, null]),
  ]);
  expect(events.length).toBeGreaterThan(0);
});

it('what is sent again is pending until it is delivered', async () => {
  const resend = historyOf('delivered-when-resent').findIndex(
    ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName === resendSignal.name,
  );
  expect(statesOf(await read('delivered-when-resent', resend))).toEqual([
    ['payout.approved', 'gone', 1],
    ['payout.late_event', 'delivered', 1],
  ]);
  expect(statesOf(await read('delivered-when-resent', resend + 1))[0]).toEqual(['payout.approved', 'pending', 0]);
});
