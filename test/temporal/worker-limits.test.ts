import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { DEFAULT_LIMITS, LEAST_CACHED_WORKFLOWS } from '../../src/config/worker-limits';
import {
  CALL_KINDS,
  LOCAL_CONFIRMATIONS,
  pausesAtOnce,
  questionsAtOnce,
  socketsPerEndpoint,
} from '../../src/temporal/slots';
import { createWorkers } from '../../src/temporal/workers';

afterEach(() => jest.restoreAllMocks());

async function optionsOf(
  endpoints: Parameters<typeof createWorkers>[0]['endpoints'],
  { subscribers = 1, limits = DEFAULT_LIMITS } = {},
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
    ...{ dataConverter: {}, limits },
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
    ['batches', undefined],
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
    expect([send, poll, pausesAtOnce([{ name: 'a', ratePerSecond: rate }], DEFAULT_LIMITS)('a')]).toEqual(expected);
    expect(confirm).toBe(send);
  },
);

it.each([
  [0, 20],
  [1, 40],
  [10, 220],
])('with %i subscribers there are %i slots for notifications: one that hangs holds 20', async (subscribers, atOnce) => {
  const given = await optionsOf([], { subscribers });
  expect(given.map((options) => [options.taskQueue, options.maxConcurrentActivityTaskExecutions])).toEqual([
    ['payouts', undefined],
    ['notifications', atOnce],
    ['batches', 10],
  ]);
});

it('confirmations may hold half of the workflow tasks, those of one endpoint a fifth', async () => {
  const [payouts] = await optionsOf([]);
  const tasks = payouts?.maxConcurrentWorkflowTaskExecutions ?? 0;
  expect(LEAST_CACHED_WORKFLOWS).toBe(tasks);
  expect([LOCAL_CONFIRMATIONS.inAll / tasks, LOCAL_CONFIRMATIONS.each / tasks]).toEqual([0.5, 0.2]);
});

it('no call waits for a socket', () => {
  const { calls } = DEFAULT_LIMITS;
  expect(socketsPerEndpoint(DEFAULT_LIMITS)).toBe(CALL_KINDS.length * calls + LOCAL_CONFIRMATIONS.each);
});

it('what the settings say is what each worker takes on', async () => {
  const limits = { cachedWorkflows: 7, watches: 50, calls: 3, pollers: 4 };
  const [payouts, send, confirm, poll, notifications] = await optionsOf([{ name: 'a' }], { limits });
  const given = [payouts, send, confirm, poll, notifications].map((worker) => worker?.activityTaskPollerBehavior);
  expect(given.map((behavior) => behavior?.maximum)).toEqual([4, 4, 4, 4, 4]);
  expect(payouts?.workflowTaskPollerBehavior?.maximum).toBe(4);
  expect([payouts, notifications].map((worker) => worker?.maxCachedWorkflows)).toEqual([7, 7]);
  expect([send, confirm, poll].map((worker) => worker?.maxConcurrentActivityTaskExecutions)).toEqual([3, 3, 50]);
  expect(pausesAtOnce([], limits)('a')).toBe(25);
  expect(questionsAtOnce(limits).pollsAtOnce).toBe(3);
  expect(socketsPerEndpoint(limits)).toBe(9 + LOCAL_CONFIRMATIONS.each);
});
