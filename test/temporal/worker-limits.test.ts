import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createWorkers } from '../../src/temporal/workers';

afterEach(() => jest.restoreAllMocks());

async function optionsOf(endpoints: Parameters<typeof createWorkers>[0]['endpoints']): Promise<WorkerOptions[]> {
  const given: WorkerOptions[] = [];
  jest.spyOn(Worker, 'create').mockImplementation(async (options) => {
    given.push(options);
    return {} as Worker;
  });
  await createWorkers({
    connection: {} as NativeConnection,
    namespace: 'n',
    endpoints,
    activities: {},
    dataConverter: {},
  });
  return given;
}

it('each endpoint has a queue of its own, with its limit over all workers; payouts have none', async () => {
  const given = await optionsOf([{ name: 'a', ratePerSecond: 5 }, { name: 'b', ratePerSecond: null }, { name: 'c' }]);
  expect(
    given.map(({ taskQueue, maxTaskQueueActivitiesPerSecond }) => [taskQueue, maxTaskQueueActivitiesPerSecond]),
  ).toEqual([
    ['payouts', undefined],
    ['gateway-a', 5],
    ['gateway-b', undefined],
    ['gateway-c', undefined],
    ['notifications', undefined],
  ]);
});

it.each([
  [0.1, 2],
  [5, 20],
  [7.3, 30],
  [1_000, 100],
])(
  'at %p calls per second %i are taken up at once, so that each gets its turn in time',
  async (ratePerSecond, atOnce) => {
    const [, worker] = await optionsOf([{ name: 'a', ratePerSecond }]);
    expect(worker?.maxConcurrentActivityTaskExecutions).toBe(atOnce);
  },
);

it('requests to subscribers take no more than their own slots', async () => {
  const given = await optionsOf([]);
  expect(given.map((options) => [options.taskQueue, options.maxConcurrentActivityTaskExecutions])).toEqual([
    ['payouts', undefined],
    ['notifications', 100],
  ]);
});
