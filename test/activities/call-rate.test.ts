import fc from 'fast-check';
import { createCallRate, TurnTooLate } from '../../src/activities/call-rate';
import { heardInError } from '../../src/activities/sending-gate';

/** A clock that moves only by sleeping; timers are `lateMs` late, or early. */
function setUp(perSecond: number, lateMs: () => number = () => 0) {
  let nowMs = 0;
  const rate = createCallRate({
    perSecond,
    now: () => nowMs,
    sleep: async (forMs) => {
      await new Promise(setImmediate);
      nowMs += Math.max(0.25, forMs + lateMs());
    },
  });
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { rate, clock: { now: () => nowMs, pass } };
}

async function takeAll(set: ReturnType<typeof setUp>, calls: number) {
  const times: number[] = [];
  const take = async () => {
    if (await set.rate.take(Number.POSITIVE_INFINITY)) times.push(set.clock.now());
  };
  await Promise.all(Array.from({ length: calls }, take));
  return times;
}

it('lets the first call go at once and each other one gap after the one before', async () => {
  expect(await takeAll(setUp(5), 4)).toEqual([0, 200, 400, 600]);
});

it('saves nothing up while nobody calls', async () => {
  const set = setUp(5);
  set.clock.pass(60_000);
  expect(await takeAll(set, 3)).toEqual([60_000, 60_200, 60_400]);
});

it('whatever timers do, no second sees more than the rate and one', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 50 }),
      fc.infiniteStream(fc.integer({ min: -1, max: 300 })),
      async (perSecond, late) => {
        const times = await takeAll(
          setUp(perSecond, () => late.next().value as number),
          3 * perSecond,
        );
        for (const fromMs of times) {
          expect(times.filter((atMs) => atMs >= fromMs && atMs < fromMs + 1_000).length).toBeLessThanOrEqual(
            perSecond + 1,
          );
        }
        expect(times).toHaveLength(3 * perSecond);
      },
    ),
  );
});

it('refuses a turn that would come too late, at once, and takes none for it', async () => {
  const { rate } = setUp(5);
  const [first, second, tooLate, third] = [rate.take(0), rate.take(200), rate.take(399), rate.take(400)];
  expect(await Promise.all([first, second, tooLate, third])).toEqual([true, true, false, true]);
});

it.each([0, -1, Number.NaN])('%p calls per second are no rate', (perSecond) => {
  expect(() => setUp(perSecond)).toThrow(RangeError);
});

it('a turn too late says nothing about the endpoint', () => {
  expect(heardInError(new TurnTooLate())).toBeNull();
});
