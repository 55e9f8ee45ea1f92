import { createWatches, type Pause } from '../../src/activities/watches';

function setUp(most = 1) {
  const stopping = new AbortController();
  const cancelled = new AbortController();
  let nowMs = 1_000_000;
  const watches = createWatches({ mostOf: () => most, stopping: stopping.signal, now: () => nowMs });
  const contextOf = (workflowId: string) => ({
    cancellationSignal: cancelled.signal,
    info: { workflowExecution: { workflowId } },
  });
  const run = <T>(workflowId: string, attempt: (pause: Pause) => Promise<T>) =>
    watches.run(contextOf(workflowId), 'default', attempt);
  return { watches, contextOf, run, stopping, cancelled, advance: (ms: number) => (nowMs += ms) };
}
/** Longer than any test: a pause that is not ended by something else fails the test. */
const LONG_MS = 15_000;

test('a short pause is held, a long one is left to the server', async () => {
  const { run } = setUp();
  expect(await run('w1', async (pause) => [await pause(1), await pause(LONG_MS + 1)])).toEqual([true, false]);
});

test('no more pauses of one endpoint are held than there is room for', async () => {
  const { run, stopping } = setUp(1);
  const first = run('w1', async (pause) => await pause(LONG_MS));
  expect(await run('w2', async (pause) => await pause(1))).toBe(false);
  stopping.abort();
  expect(await first).toBe(false);
});

test.each(['stopping', 'cancelled'] as const)(
  'a pause ends at once when its worker or its workflow ends: %s',
  async (which) => {
    const scene = setUp();
    const pausing = scene.run('w1', async (pause) => [await pause(LONG_MS), await pause(1)]);
    scene[which].abort();
    expect(await pausing).toEqual([false, false]);
  },
);

test.each(['stopping', 'cancelled'] as const)('so does its question: %s', async (which) => {
  const scene = setUp();
  const asking = scene.watches.run(
    scene.contextOf('w1'),
    'default',
    (_pause, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('ended'))),
  );
  scene[which].abort();
  expect(await asking).toBe('ended');
});

test('a watch of a payout that was confirmed as final asks nothing while its workflow completes', async () => {
  const { watches, run, cancelled } = setUp();
  let isAsking = false;
  const attempt = run('w1', async (pause) => {
    watches.quiet('w1');
    isAsking = await pause(1);
    return isAsking;
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(isAsking).toBe(false);
  cancelled.abort();
  expect(await attempt).toBe(false);
});

test('a confirmation quiets its own payout alone, and is forgotten with its watch', async () => {
  const { watches, run } = setUp();
  watches.quiet('w1');
  expect(await run('w1', async (pause) => await pause(1))).toBe(true);
  expect(
    await run('w2', async (pause) => {
      watches.quiet('w1');
      return await pause(1);
    }),
  ).toBe(true);
});

test('a confirmation still quiets the watch when a lost attempt of it ends later', async () => {
  const { watches, run, cancelled } = setUp(2);
  let isAsking = false;
  const lost = run('w1', async (pause) => await pause(20));
  const next = run('w1', async (pause) => {
    await lost;
    watches.quiet('w1');
    isAsking = await pause(1);
  });
  await lost;
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(isAsking).toBe(false);
  cancelled.abort();
  await next;
});

test('many watches at once add no listeners to the signal that they share', async () => {
  const stopping = new AbortController();
  const added = jest.spyOn(stopping.signal, 'addEventListener');
  const watches = createWatches({ mostOf: () => 20, stopping: stopping.signal });
  const attempts = Array.from({ length: 20 }, (_, n) => {
    const info = { workflowExecution: { workflowId: `w${n}` } };
    const context = { cancellationSignal: new AbortController().signal, info };
    return watches.run(context, 'default', async (pause) => await pause(LONG_MS));
  });
  stopping.abort();
  expect(await Promise.all(attempts)).toEqual(Array(20).fill(false));
  expect(added).toHaveBeenCalledTimes(1);
});

test('quiet ends by itself', async () => {
  const { watches, run, advance } = setUp();
  expect(
    await run('w1', async (pause) => {
      watches.quiet('w1');
      advance(30_000);
      return await pause(1);
    }),
  ).toBe(true);
});
