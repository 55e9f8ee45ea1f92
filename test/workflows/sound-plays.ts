import { findPath } from './paths';
import { play } from './play';
import { expectSound } from './played';
import { type SkippedTime, startSkippedTime } from './skipped-time';

/** A server that skips time for the tests of a file. `playSoundly` plays a path of this name and sees that what holds of every path holds. */
export function useSkippedTime() {
  jest.setTimeout(180_000);
  let time: SkippedTime;
  beforeAll(async () => {
    time = await startSkippedTime();
  });
  afterAll(async () => await time.close());
  return {
    time: () => time,
    async playSoundly(name: string) {
      const played = await play(time, findPath(name));
      await expectSound(played);
      return played;
    },
  };
}
