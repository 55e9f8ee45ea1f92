import fc from 'fast-check';
import { callResultOfError } from '../../src/activities/breaker';
import { createCallRate, TurnTooLate } from '../../src/activities/call-rate';
import type { CallKind } from '../../src/workflows/messages';

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
    if (await set.rate.take('poll', Number.POSITIVE_INFINITY)) times.push(set.clock.now());
  };
  await Promise.all(Array.from({ length: calls }, take));
  return times;
}

it('lets the first call go at once and each other one gap after the one before', async () => {
  expect(await takeAll(setUp(5), 4)).toEqual([0, 200, 400, 600]);
});

it('saves up no turns while there are no calls', async () => {
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
  const turns = [0, 200, 399, 400].map((ms) => rate.take('send', ms));
  expect(await Promise.all(turns)).toEqual([true, true, false, true]);
});

it.each([0, -1, Number.NaN])('%p calls per second are no rate', (perSecond) => {
  expect(() => setUp(perSecond)).toThrow(RangeError);
});

/** The kinds in the order in which they get their turns, when all of these ask while one call is being made. */
async function turnsOf(asking: readonly CallKind[], perSecond = 10) {
  const set = setUp(perSecond);
  const order: { kind: CallKind; nth: number; atMs: number }[] = [];
  const first = set.rate.take('send', 0);
  const all = asking.map(async (kind, nth) => {
    if (await set.rate.take(kind, Number.POSITIVE_INFINITY)) order.push({ kind, nth, atMs: set.clock.now() });
  });
  await Promise.all([first, ...all]);
  return order;
}

const many = (kind: CallKind, count: number) => Array.from({ length: count }, () => kind);

it('sends have most turns, then confirmations, then polls, and each kind has some', async () => {
  const order = await turnsOf([...many('poll', 30), ...many('confirm', 30), ...many('send', 30)]);
  const first = order.slice(0, 30).map(({ kind }) => kind);
  expect(['send', 'confirm', 'poll'].map((kind) => first.filter((one) => one === kind).length)).toEqual([20, 5, 5]);
});

it('confirmations have most turns before polls, which have some', async () => {
  const first = (await turnsOf([...many('poll', 30), ...many('confirm', 30)])).slice(0, 30);
  expect(['confirm', 'poll'].map((wanted) => first.filter(({ kind }) => kind === wanted).length)).toEqual([25, 5]);
});

it('whatever waits, a send goes with the second turn after it asked at the latest, and calls of one kind in order', async () => {
  const kinds = fc.constantFrom<CallKind>('confirm', 'poll');
  await fc.assert(
    fc.asyncProperty(fc.array(kinds, { maxLength: 60 }), async (flood) => {
      const order = await turnsOf([...flood, 'send']);
      expect(order.findIndex(({ kind }) => kind === 'send')).toBeLessThanOrEqual(1);
      expect(order).toHaveLength(flood.length + 1);
      for (const kind of ['confirm', 'poll']) {
        const nths = order.filter((one) => one.kind === kind).map(({ nth }) => nth);
        expect(nths).toEqual([...nths].sort((a, b) => a - b));
      }
    }),
  );
});

it('a poll that others keep from its turn is refused as soon as none can come in time', async () => {
  const { rate, clock } = setUp(5);
  const sends = Array.from({ length: 20 }, () => rate.take('send', Number.POSITIVE_INFINITY));
  const poll = rate.take('poll', 500).then((isTurn) => ({ isTurn, atMs: clock.now() }));
  expect(await poll).toEqual({ isTurn: false, atMs: 400 });
  expect(await Promise.all(sends)).toEqual(sends.map(() => true));
});

it('a flood of sends lets a poll through that can wait', async () => {
  const { rate } = setUp(5);
  const sends = Array.from({ length: 20 }, () => rate.take('send', Number.POSITIVE_INFINITY));
  expect(await rate.take('poll', 2_000)).toBe(true);
  await Promise.all(sends);
});

it('a turn too late says nothing about the endpoint', () => {
  expect(callResultOfError(new TurnTooLate())).toBeNull();
});
