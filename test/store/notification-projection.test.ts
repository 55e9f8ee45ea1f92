import { type NotificationRecorded, projectNotification } from '../../src/store/notification-projection';
import { readNotification } from '../../src/store/notification-recorded';
import type { HistoryEvent } from '../../src/store/recorded';
import { createDataConverter, createDecoder } from '../../src/temporal/data-converter';
import { readHistories } from '../workflows/histories';

const HISTORIES = new Map(
  readHistories('notifications').map(({ name, history }) => [name, (history.events ?? []) as readonly HistoryEvent[]]),
);
const decode = createDecoder(createDataConverter(null), { namespace: 'default', workflowId: 'notify:erp:PO-000001' });
const read = async (name: string) => await readNotification(HISTORIES.get(name) ?? [], decode);
const statesOf = (recorded: readonly NotificationRecorded[]) =>
  projectNotification(recorded, null).events.map(({ type, state, attempts }) => [type, state, attempts]);

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

it('a delivery under way is pending, with its attempts, its last problem and the next attempt', async () => {
  const recorded = await read('delivered-in-order');
  const first = recorded.findIndex(({ type }) => type === 'settled');
  const pending = { attempt: 4, problem: 'answered 503', nextAtMs: 7 };
  const { events } = projectNotification(recorded.slice(0, first), pending);
  expect(events.map(({ state, attempts, problem, nextAtMs }) => [state, attempts, problem, nextAtMs])).toEqual([
    ['pending', 3, 'answered 503', 7],
    ...events.slice(1).map(() => ['pending', 0, null, null]),
  ]);
  expect(events.length).toBeGreaterThan(0);
});

it('what is sent again is pending until it is told', async () => {
  const recorded = await read('delivered-when-resent');
  const resent = recorded.findIndex(({ type }) => type === 'resend');
  expect(statesOf(recorded.slice(0, resent))).toEqual([
    ['payout.approved', 'gone', 1],
    ['payout.late_event', 'delivered', 1],
  ]);
  expect(statesOf(recorded.slice(0, resent + 1))[0]).toEqual(['payout.approved', 'pending', 0]);
});
