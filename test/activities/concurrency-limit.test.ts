import { createConcurrencyLimit } from '../../src/activities/concurrency-limit';

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
