import fc from 'fast-check';
import { findNews, isAtEnd, streamPayout } from '../../../src/api/payouts/payout-events';
import type { Payout } from '../../../src/domain/payout';
import { TemporalUnavailable } from '../../../src/store/errors';
import type { Reading } from '../../../src/store/payouts';
import { CLIENT_ORDER_ID, makeFinal, makeFollowed, makePayout, START_MS } from '../../domain/samples';
import { makeReading } from '../app-harness';

/** How a payout stood after each of its workflow tasks; the third changed nothing that is seen. */
const STANDS: readonly Payout[] = [
  makePayout(),
  makePayout({ state: 'sending' }),
  makeFollowed(),
  makeFollowed({ lastAskedAtMs: START_MS }),
  makeFollowed({ attention: 'gateway_unreachable' }),
  makeFinal('approved'),
];
const readingAfter = (tasks: number, fields: Partial<Reading> = {}) => {
  const decided = STANDS.slice(0, tasks + 1);
  const isClosed = tasks >= STANDS.length - 1;
  return makeReading(decided.at(-1), { decided, isClosed, ...fields });
};
const notified = (reading: Reading, lastId?: string) =>
  findNews(reading, lastId).map(({ payout }) => `${payout.state} ${payout.attention ?? ''}`.trim());

describe('the news in a reading', () => {
  it('start with the current payout for a new reader', () => {
    expect(notified(readingAfter(0))).toEqual(['accepted']);
    expect(notified(readingAfter(4))).toEqual(['processing gateway_unreachable']);
  });

  it('are every change since, in order, to one who comes back', () => {
    const lastId = findNews(readingAfter(1), undefined)[0]?.id;
    expect(notified(readingAfter(1), lastId)).toEqual([]);
    expect(notified(readingAfter(5), lastId)).toEqual(['processing', 'processing gateway_unreachable', 'approved']);
  });

  it('have the same ids wherever they are read, however often one comes back: no gap, no repeat', () => {
    const all = findNews(readingAfter(5), findNews(readingAfter(0), undefined)[0]?.id).map(({ id }) => id);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1 }), (readings) => {
        const seen: string[] = [];
        let lastId = findNews(readingAfter(0), undefined)[0]?.id;
        for (const tasks of [...readings.sort(), 5]) {
          for (const { id } of findNews(readingAfter(tasks), lastId)) {
            seen.push(id);
            lastId = id;
          }
        }
        expect(seen).toEqual(all);
      }),
    );
  });

  it.each([
    ['no id of ours', 'x'],
    ['of another run', 'abcdef01.1.AAAAAAAA'],
    ['of a task that is not there', 'f2a7c6de.77.AAAAAAAA'],
    ['of a history that was reset since', 'f2a7c6de.1.AAAAAAAA'],
  ])('after an id that is %s are how the payout stands', (_name, lastId) => {
    expect(notified(readingAfter(4), lastId)).toEqual(['processing gateway_unreachable']);
  });

  it('after a continued run are none if nothing changed', () => {
    const lastId = findNews(readingAfter(2), undefined)[0]?.id;
    const continued = makeReading(makeFollowed(), { decided: [makeFollowed()], runId: '0badcafe-0000' });
    expect(notified(continued, lastId)).toEqual([]);
  });

  it('of a closed payout are its result, with what came later', () => {
    const lateEvents = [
      { workflowId: 'late:x', what: 'reversal', isConfirmed: true, attention: 'post_payout_event', atMs: 1 },
    ] as const;
    const [event] = findNews(readingAfter(5, { lateEvents }), undefined);
    expect(event).toMatchObject({ payout: { state: 'approved' }, lateEvents });
  });
});

it.each([
  ['final, and closed', readingAfter(5), true],
  ['final, and still asked about', readingAfter(5, { isClosed: false }), true],
  ['open', readingAfter(4), false],
  ['ended by hand', readingAfter(4, { isClosed: true }), true],
])('at its end: %s', (_name, reading, expected) => expect(isAtEnd(reading)).toBe(expected));

const FOLLOWING = {
  ...{ clientOrderId: CLIENT_ORDER_ID, lastId: undefined },
  pageOf: () => 'https://cp.example.org/r/x',
  isAdmitted: () => true,
};

describe('the stream', () => {
  async function collect(readUntil: (nth: number) => Promise<Reading | null>, stopAfter = 50) {
    const stopping = new AbortController();
    const texts: string[] = [];
    let calls = 0;
    const store = {
      readUntil: async () => {
        calls += 1;
        return await readUntil(calls);
      },
    };
    const following = { ...FOLLOWING, store, signal: stopping.signal };
    for await (const text of streamPayout(readingAfter(0), following)) {
      texts.push(text);
      if (texts.length === stopAfter) stopping.abort();
    }
    return { texts, calls };
  }
  const statesOf = (texts: readonly string[]) => texts.flatMap((text) => /"state":"(\w+)"/.exec(text)?.[1] ?? []);

  it('says each change once and ends with the final', async () => {
    const { texts, calls } = await collect(async (nth) => readingAfter([0, 1, 1, 2, 4, 5][nth] ?? 5));
    expect(statesOf(texts)).toEqual(['accepted', 'sending', 'processing', 'processing', 'approved']);
    expect(calls).toBe(5);
    expect(texts[0]).toBe('retry: 2000\n\n');
    expect(texts[1]).toMatch(
      /^id: f2a7c6de\.0\.[\w-]{8}\nevent: payout\ndata: \{"clientOrderId":"PO-000001",[^\n]+\}\n\n$/,
    );
    expect(texts.filter((text) => text === ':\n\n')).toHaveLength(5);
  });

  it('stays open and quiet while Temporal is away', async () => {
    const { texts } = await collect(async (nth) => {
      if (nth === 1) throw new TemporalUnavailable();
      return readingAfter(5);
    });
    expect(statesOf(texts)).toEqual(['accepted', 'sending', 'processing', 'processing', 'approved']);
  });

  it('ends when the key is taken away', async () => {
    let looks = 0;
    const following = {
      ...FOLLOWING,
      store: { readUntil: async () => readingAfter(1) },
      signal: new AbortController().signal,
      isAdmitted: () => {
        looks += 1;
        return looks < 3;
      },
    };
    const texts: string[] = [];
    for await (const text of streamPayout(readingAfter(0), following)) texts.push(text);
    expect(looks).toBe(3);
    expect(texts.at(-1)).toBe(':\n\n');
  });

  it('ends when the payout is forgotten', async () => {
    expect(statesOf((await collect(async () => null)).texts)).toEqual(['accepted']);
  });

  it('ends at once when it is stopped, whatever it waits for', async () => {
    const never = new Promise<Reading | null>(() => {});
    const stopping = new AbortController();
    const store = { readUntil: () => never };
    const following = { ...FOLLOWING, store, signal: stopping.signal };
    const stream = streamPayout(readingAfter(0), following);
    expect([(await stream.next()).done, (await stream.next()).done]).toEqual([false, false]);
    const last = stream.next();
    stopping.abort();
    expect((await last).done).toBe(true);
  });

  it('passes on what is no outage', async () => {
    await expect(collect(async () => Promise.reject(new Error('defect')))).rejects.toThrow('defect');
  });
});
