import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { CALL_KINDS, CALLS_AT_ONCE, LOCAL_CONFIRMATIONS, SOCKETS_PER_ENDPOINT } from '../../src/temporal/slots';
import { createWorkers } from '../../src/temporal/workers';

afterEach(() => jest.restoreAllMocks());

const many = (slots: number) => CALL_KINDS.map(() => slots);

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
  [0.1, 2],
  [5, 20],
  [7.3, 30],
  [1_000, 32],
  [null, 32],
])(
  'at %p calls per second %i are taken up at once, so that each gets its turn in time',
  async (ratePerSecond, atOnce) => {
    const [, ...calls] = await optionsOf([{ name: 'a', ratePerSecond }]);
    expect(calls.slice(0, 3).map((worker) => worker.maxConcurrentActivityTaskExecutions)).toEqual(many(atOnce));
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
