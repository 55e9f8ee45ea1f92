import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import {
  CALL_KINDS,
  CALLS_AT_ONCE,
  LOCAL_CONFIRMATIONS,
  pausesAtOnce,
  SOCKETS_PER_ENDPOINT,
} from '../../src/temporal/slots';
import { createWorkers } from '../../src/temporal/workers';

afterEach(() => jest.restoreAllMocks());

async function optionsOf(
  endpoints: Parameters<typeof createWorkers>[0]['endpoints'],
  subscribers = 1,
): Promise<WorkerOptions[]> {
  const given: WorkerOptions[] = [];
  jest.spyOn(Worker, 'create').mockImplementation(async (options) => {
    given.push(options);
    return {} as Worker;
  });
  await createWorkers({
    connection: {} as NativeConnection,
    namespace: 'n',
    endpoints,
    subscribers: Array.from({ length: subscribers }),
    activities: {},
    dataConverter: {},
  });
  return given;
}

it('each endpoint has a queue for each kind of call, with its limit over all workers; payouts have none', async () => {
  const given = await optionsOf([{ name: 'a', ratePerSecond: 5 }, { name: 'b' }]);
  expect(
    given.map(({ taskQueue, maxTaskQueueActivitiesPerSecond }) => [taskQueue, maxTaskQueueActivitiesPerSecond]),
  ).toEqual([
    ['payouts', undefined],
    ['gateway-a.send', 5],
    ['gateway-a.confirm', 5],
    ['gateway-a.poll', 5],
    ['gateway-b.send', undefined],
    ['gateway-b.confirm', undefined],
    ['gateway-b.poll', undefined],
    ['notifications', undefined],
  ]);
});

it.each([
  [0.1, 2, 2, 1],
  [5, 20, 20, 10],
  [7.3, 30, 30, 15],
  [1_000, 32, 2_000, 1_000],
  [null, 32, 2_000, 1_000],
])(
  'at %p calls per second %i are taken up at once, and %i watches, of which %i may pause',
  async (rate, ...expected) => {
    const [, ...calls] = await optionsOf([{ name: 'a', ratePerSecond: rate }]);
    const [send, confirm, poll] = calls.map((worker) => worker.maxConcurrentActivityTaskExecutions);
    expect([send, poll, pausesAtOnce([{ name: 'a', ratePerSecond: rate }])('a')]).toEqual(expected);
    expect(confirm).toBe(send);
  },
);

it.each([
  [0, 20],
  [1, 40],
  [10, 220],
])('with %i subscribers there are %i slots for notifications: one that hangs holds 20', async (subscribers, atOnce) => {
  const given = await optionsOf([], subscribers);
  expect(given.map((options) => [options.taskQueue, options.maxConcurrentActivityTaskExecutions])).toEqual([
    ['payouts', undefined],
    ['notifications', atOnce],
  ]);
});

it('confirmations may hold half of the workflow tasks, those of one endpoint a fifth', async () => {
  const [payouts] = await optionsOf([]);
  const tasks = payouts?.maxConcurrentWorkflowTaskExecutions ?? 0;
  expect([LOCAL_CONFIRMATIONS.inAll / tasks, LOCAL_CONFIRMATIONS.each / tasks]).toEqual([0.5, 0.2]);
});

it('no call waits for a socket', () => {
  const calls = CALL_KINDS.reduce((sum, kind) => sum + CALLS_AT_ONCE[kind], 0);
  expect(SOCKETS_PER_ENDPOINT).toBe(calls + LOCAL_CONFIRMATIONS.each);
});
