import { createConcurrencyLimit, createQueuedLimit } from '../../src/activities/concurrency-limit';

function createHold() {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { released, release };
}

it('one key has so many slots and no more, and takes none of another', async () => {
  const limit = createConcurrencyLimit({ each: 2 });
  const hold = createHold();
  const hanging = [1, 2].map(
    async () => await limit.tryRun('slow', async () => await hold.released.then(() => 'ended')),
  );
  const third = jest.fn(async () => 'ran');
  expect(await limit.tryRun('slow', third)).toBeNull();
  expect(third).toHaveBeenCalledTimes(0);
  expect(await limit.tryRun('quick', third)).toBe('ran');
  hold.release();
  expect(await Promise.all(hanging)).toEqual(['ended', 'ended']);
  expect(await limit.tryRun('slow', third)).toBe('ran');
});

it('a slot is free again after a call that failed', async () => {
  const limit = createConcurrencyLimit({ each: 1 });
  const fail = async () => {
    throw new Error('broken');
  };
  await expect(limit.tryRun('a', fail)).rejects.toThrow('broken');
  expect(await limit.tryRun('a', async () => 'ran')).toBe('ran');
});

it('all keys together have so many slots', async () => {
  const limit = createConcurrencyLimit({ each: 2, inAll: 3 });
  const hold = createHold();
  const call = async () => await hold.released.then(() => 'ended');
  const running = ['a', 'a', 'b', 'b', 'c'].map(async (key) => await limit.tryRun(key, call));
  hold.release();
  expect(await Promise.all(running)).toEqual(['ended', 'ended', 'ended', null, null]);
  expect(await limit.tryRun('c', call)).toBe('ended');
});

describe('a limit with a queue', () => {
  it('runs as many as there are turns, the others in the order in which they asked', async () => {
    const limit = createQueuedLimit(1);
    const hold = createHold();
    const ran: string[] = [];
    const first = limit.run('a', 1_000, async () => await hold.released);
    const others = ['second', 'third'].map((name) => limit.run('a', 60_000, async () => ran.push(name)));
    await limit.run('b', 0, async () => ran.push('another key'));
    expect(ran).toEqual(['another key']);
    hold.release();
    await Promise.all([first, ...others]);
    expect(ran).toEqual(['another key', 'second', 'third']);
  });

  it('without a turn in time there is no call, and its turn goes to the next one', async () => {
    const limit = createQueuedLimit(1);
    const hold = createHold();
    const first = limit.run('a', 0, async () => await hold.released);
    const call = jest.fn(async () => 'ran');
    expect(await limit.run('a', 1, call)).toBeNull();
    expect(call).toHaveBeenCalledTimes(0);
    const patient = limit.run('a', 60_000, call);
    hold.release();
    await first;
    expect(await patient).toBe('ran');
  });

  it('a turn is free again after a call that failed', async () => {
    const limit = createQueuedLimit(1);
    await expect(limit.run('a', 0, async () => await Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await limit.run('a', 0, async () => 'ran')).toBe('ran');
  });
});
