import { createLanes } from '../../src/notifications/lanes';

function createHold() {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { released, release };
}

it('one subscriber has so many lanes and no more, and takes none of another', async () => {
  const lanes = createLanes(2);
  const hold = createHold();
  const hanging = [1, 2].map(
    async () => await lanes.tryRun('slow', async () => await hold.released.then(() => 'ended')),
  );
  const third = jest.fn(async () => 'ran');
  expect(await lanes.tryRun('slow', third)).toBeNull();
  expect(third).toHaveBeenCalledTimes(0);
  expect(await lanes.tryRun('quick', third)).toBe('ran');
  hold.release();
  expect(await Promise.all(hanging)).toEqual(['ended', 'ended']);
  expect(await lanes.tryRun('slow', third)).toBe('ran');
});

it('a lane is free again after a call that failed', async () => {
  const lanes = createLanes(1);
  const fail = async () => {
    throw new Error('broken');
  };
  await expect(lanes.tryRun('a', fail)).rejects.toThrow('broken');
  expect(await lanes.tryRun('a', async () => 'ran')).toBe('ran');
});
