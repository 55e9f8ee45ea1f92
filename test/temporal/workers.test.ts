import type { Worker } from '@temporalio/worker';
import { runWorkers, stopWorkers } from '../../src/temporal/workers';

/** A worker that runs until it is shut down, or fails at once. */
function makeWorker(failure?: Error) {
  let state = 'RUNNING';
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const shutdown = jest.fn(() => {
    state = 'STOPPING';
    end();
  });
  const run = async () => {
    if (failure === undefined) return await ended;
    state = 'FAILED';
    throw failure;
  };
  return { worker: { run, shutdown, getState: () => state } as unknown as Worker, shutdown };
}

it('one worker that fails stops the others, and its failure is reported', async () => {
  const healthy = makeWorker();
  const broken = makeWorker(new Error('broken'));
  await expect(runWorkers([healthy.worker, broken.worker])).rejects.toThrow('broken');
  expect(healthy.shutdown).toHaveBeenCalledTimes(1);
  expect(broken.shutdown).toHaveBeenCalledTimes(0);
});

it('stops each running worker once', async () => {
  const workers = [makeWorker(), makeWorker()];
  const running = runWorkers(workers.map(({ worker }) => worker));
  stopWorkers(workers.map(({ worker }) => worker));
  await expect(running).resolves.toBeUndefined();
  expect(workers.map(({ shutdown }) => shutdown.mock.calls.length)).toEqual([1, 1]);
});
