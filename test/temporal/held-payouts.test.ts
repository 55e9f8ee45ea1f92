import { setCourse } from '../../src/temporal/held-payouts';

/** A server with so many open workflows on the other course, that takes one batch at a time and moves `each` of them between two looks. */
function createServer(
  open: number,
  { each, otherJobs = 0, failure = null }: { each: number; otherJobs?: number; failure?: Error | null },
) {
  const jobs: string[] = [];
  let left = open;
  let nowMs = 0;
  let isRunning = false;
  let others = otherJobs;
  const workflowService = {
    countWorkflowExecutions: async () => ({ count: left }),
    describeBatchOperation: async () => ({ state: isRunning ? 1 : 2 }),
    startBatchOperation: async (request: { jobId: string; visibilityQuery: string }) => {
      if (failure !== null) throw failure;
      others -= 1;
      if (isRunning || others >= 0) throw Object.assign(new Error('Max concurrent batch operations'), { code: 8 });
      isRunning = true;
      jobs.push(request.visibilityQuery);
    },
  };
  const pause = async (ms: number) => {
    nowMs += ms;
    if (!isRunning) return;
    left = Math.max(0, left - each);
    isRunning = left > 0 && each > 0;
  };
  const service = { workflowService } as unknown as Parameters<typeof setCourse>[0];
  return { service, jobs, pause, now: () => nowMs };
}

const ORDER = {
  ...{ namespace: 'default', version: { deploymentName: 'payouts', buildId: '2' }, course: 'held' as const },
  patienceMs: 60_000,
};

it('waits for one job to its end, however long it takes, and says how many are left', async () => {
  const server = createServer(10_000, { each: 25 });
  const said: string[] = [];
  const { service, ...clock } = server;
  expect(await setCourse(service, { ...ORDER, ...clock, say: (line) => said.push(line) })).toBe(0);
  expect(server.jobs).toEqual([
    "ExecutionStatus = 'Running' AND TemporalWorkerDeploymentVersion = 'payouts:2' AND TemporalWorkflowVersioningBehavior = 'AutoUpgrade'",
  ]);
  expect(said[0]).toBe('9750 open workflows of 2 are not held yet');
  expect(server.now()).toBeGreaterThan(3 * ORDER.patienceMs);
});

it('begins once the job of another has ended', async () => {
  const { service, jobs, ...clock } = createServer(3, { each: 3, otherJobs: 4 });
  expect(await setCourse(service, { ...ORDER, ...clock, say: () => undefined })).toBe(0);
  expect(jobs).toHaveLength(1);
});

it('gives up when nothing follows any more, and at its limit, and returns what is left', async () => {
  const stuck = createServer(7, { each: 0 });
  expect(await setCourse(stuck.service, { ...ORDER, ...stuck, say: () => undefined })).toBe(7);
  expect(stuck.now()).toBe(ORDER.patienceMs);
  const slow = createServer(10_000, { each: 1 });
  expect(await setCourse(slow.service, { ...ORDER, ...slow, atMostMs: 10_000, say: () => undefined })).toBe(9_980);
});

it('any other failure of the server is one', async () => {
  const { service, ...clock } = createServer(1, { each: 1, failure: new Error('refused') });
  await expect(setCourse(service, { ...ORDER, ...clock, say: () => undefined })).rejects.toThrow('refused');
});
