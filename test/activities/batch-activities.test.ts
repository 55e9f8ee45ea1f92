import { MockActivityEnvironment } from '@temporalio/testing';
import { type BatchDeps, createBatchActivities, gapAfter } from '../../src/activities/batch-activities';
import { type BatchProgress, NOT_BEGUN, type RowFailure } from '../../src/domain/batch-progress';
import type { BatchHead, BatchRow } from '../../src/workflows/batch-messages';

const ROWS_A_PART = 10;
const PARTS = ['part-1', 'part-2', 'part-3'];
const HEAD = {
  ...{ batchId: 'B', by: 'shop', rows: PARTS.length * ROWS_A_PART, window: 4, perSecond: 100, parts: PARTS },
} as unknown as BatchHead;
const ORDER = { id: 'act', action: 'cancel', actor: 'ada', reason: 'wrong file' } as const;

/** Rows that are started in memory, on a clock that moves by what is waited for. */
function scene({
  start = async (_row: number): Promise<RowFailure | null> => null,
  known = Infinity,
  turns = 0,
  taken = 0,
  content = 'hash',
  reading = async (_part: string): Promise<void> => {},
} = {}) {
  const started: number[] = [];
  const cancelled: number[] = [];
  const clock = { nowMs: 0, frozenMs: 0, underWay: 0, mostUnderWay: 0 };
  const stopping = new AbortController();
  const deps: BatchDeps = {
    async readPart(part) {
      await reading(part);
      const first = PARTS.indexOf(part) * ROWS_A_PART + 1;
      const rows = Array.from({ length: ROWS_A_PART }, (_, at) => ({ row: first + at }) as BatchRow);
      return {
        rows,
        start: async ({ row }) => {
          started.push(row);
          clock.underWay += 1;
          clock.mostUnderWay = Math.max(clock.mostUnderWay, clock.underWay);
          for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
          clock.underWay -= 1;
          return await start(row);
        },
      };
    },
    hashContent: async () => content,
    cancelRow: async ({ row }) => {
      cancelled.push(row);
      if (row <= taken) return 'taken';
      return row <= known ? 'done' : 'unknown';
    },
    releasePart: async () => {},
    now: () => clock.nowMs,
    frozenBy: () => clock.nowMs + clock.frozenMs,
    pause: async (ms) => {
      clock.nowMs += ms;
      await new Promise(setImmediate);
    },
    stopping: stopping.signal,
  };
  const activities = createBatchActivities(deps);
  async function run({
    heartbeat,
    env,
    progress = NOT_BEGUN,
    untilMs = Infinity,
    head = HEAD,
  }: {
    heartbeat?: unknown;
    env?: MockActivityEnvironment;
    progress?: BatchProgress;
    untilMs?: number;
    head?: BatchHead;
  } = {}) {
    const environment = env ?? new MockActivityEnvironment({ heartbeatDetails: heartbeat });
    const beats: BatchProgress[] = [];
    environment.on('heartbeat', (details: BatchProgress) => beats.push(details));
    const outcome = await environment.run(activities.startRows, { head, progress, untilMs }).then(
      (reached) => ({ reached: reached as BatchProgress, error: null }),
      (error: unknown) => ({ reached: null, error }),
    );
    return { ...outcome, lastBeat: beats.at(-1) };
  }
  return { activities, run, started, cancelled, clock, stopping };
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

describe('starting rows', () => {
  it('starts none of an approved batch whose stored rows are not those that were approved', async () => {
    const gate = { requester: 'anna', approval: { rules: ['large'], needed: 1, expiresInMs: 1 } };
    const head = { ...HEAD, contentHash: 'hash', gate } as BatchHead;
    const changed = scene({ content: 'changed' });
    expect((await changed.run({ head })).error).toMatchObject({ type: 'BatchChanged' });
    expect(changed.started).toEqual([]);
    expect((await scene({ content: 'hash' }).run({ head })).reached?.next).toBe(31);
  });

  it('has no more of them under way than the window', async () => {
    const { run, clock } = scene({ turns: 5 });
    expect((await run()).reached?.next).toBe(31);
    expect(clock.mostUnderWay).toBeLessThanOrEqual(4);
    expect(clock.mostUnderWay).toBeGreaterThan(1);
  });

  it('starts each once, in order, and at the rate', async () => {
    const { run, started, clock } = scene();
    expect((await run()).reached).toEqual({ next: 31, failed: [] });
    expect(started).toEqual(upTo(30));
    // The 30th is due 29 hundredths of a second after the first.
    expect(clock.nowMs).toBe(290);
  });

  it('says of a row that it was started before the next ones are', async () => {
    const env = new MockActivityEnvironment();
    const beat: BatchProgress[] = [];
    const { run } = scene({
      async reading(part) {
        if (part === 'part-3') beat.push(await new Promise((heard) => void env.once('heartbeat', heard)));
      },
    });
    expect((await run({ env, head: { ...HEAD, window: 50 } })).reached?.next).toBe(31);
    expect(beat).toEqual([{ next: 21, failed: [] }]);
  });

  it.each([
    [0, 100, 10],
    [5, 5, 200],
    [20, 5, 400],
    [20, 1, 1_000],
    [900, 100, 1_000],
  ])('after a start of %i ms, at %i a second, it pauses %i ms: where starts are slow, others go first', (...given) => {
    const [tookMs, perSecond, gapMs] = given;
    expect(gapAfter(tookMs, perSecond)).toBe(gapMs);
  });

  it('notes what failed, and goes on', async () => {
    const { run } = scene({ start: async (row) => (row === 2 || row === 3 ? 'client_order_id_taken' : null) });
    expect((await run()).reached).toEqual({
      next: 31,
      failed: [{ from: 2, to: 3, why: 'client_order_id_taken' }],
    });
  });

  it('goes on where the heartbeat of a lost attempt was', async () => {
    const { run, started } = scene();
    const heartbeat = { next: 15, failed: [{ from: 1, to: 1, why: 'refused' }] };
    expect((await run({ heartbeat })).reached).toEqual({ ...heartbeat, next: 31 });
    expect(started).toEqual(upTo(30, 15));
  });

  it('leaves a row whose start failed, and all after it, to the next attempt', async () => {
    const { run, started } = scene({
      start: async (row) => {
        if (row === 7) throw new Error('Temporal is away');
        return null;
      },
    });
    const { error, lastBeat } = await run();
    expect(String(error)).toContain('Temporal is away');
    expect(lastBeat).toEqual({ next: 7, failed: [] });
    const next = scene();
    expect((await next.run({ heartbeat: lastBeat })).reached?.next).toBe(31);
    expect(new Set([...started, ...next.started])).toEqual(new Set(upTo(30)));
  });

  it('returns how far it came when the batch cancels it, and every row that began is counted', async () => {
    const env = new MockActivityEnvironment();
    const { run, started } = scene({
      start: async (row) => {
        if (row === 5) env.cancel();
        return null;
      },
    });
    Object.defineProperty(env.context, 'cancellationDetails', { value: { cancelRequested: true } });
    const { reached } = await run({ env });
    expect(reached).toEqual({ next: started.length + 1, failed: [] });
    expect(started.length).toBeLessThan(30);
  });

  it('hands over when its process stops: that ends no batch', async () => {
    const { run, started, stopping } = scene({
      start: async (row) => {
        if (row === 5) stopping.abort();
        return null;
      },
    });
    const { error, lastBeat } = await run();
    expect(error).toMatchObject({ type: 'HandedOver', nonRetryable: false });
    expect(lastBeat).toEqual({ next: started.length + 1, failed: [] });
    expect(started.length).toBeLessThan(30);
  });

  it('starts no further row after its process stood still: the batch may be cancelled by now', async () => {
    const each = scene({
      start: async (row) => {
        if (row === 5) each.clock.frozenMs = 15_000;
        return null;
      },
    });
    const { error, lastBeat } = await each.run();
    expect(error).toMatchObject({ type: 'HandedOver' });
    expect(each.started).toEqual(upTo(5));
    expect(lastBeat).toEqual({ next: 6, failed: [] });
  });

  it('ends with the time of the batch also while its rows cannot be read, or are not those that were approved', async () => {
    const gate = { requester: 'anna', approval: { rules: ['large'], needed: 1, expiresInMs: 1 } };
    const { run, started } = scene({ content: 'changed' });
    const { reached } = await run({ head: { ...HEAD, contentHash: 'hash', gate } as BatchHead, untilMs: 0 });
    expect([reached, started]).toEqual([NOT_BEGUN, []]);
  });

  it('starts nothing after the time of the batch', async () => {
    const { run, started } = scene();
    const { reached } = await run({ untilMs: 100 });
    expect(reached).toEqual({ next: started.length + 1, failed: [] });
    expect(started).toEqual(upTo(10));
  });
});

describe('cancelling rows', () => {
  const cancel = async ({ activities }: ReturnType<typeof scene>, before: number) =>
    await new MockActivityEnvironment().run(activities.cancelRows, {
      ...{ head: HEAD, order: ORDER },
      progress: { next: before, failed: [] },
    });

  it('asks every payout, and a window beyond what is recorded', async () => {
    const each = scene({ known: 12 });
    // What a lost attempt did is found.
    expect(await cancel(each, 8)).toEqual({ next: 13, failed: [] });
    expect(each.cancelled).toEqual(upTo(12 + HEAD.window + 1));
  });

  it('finds payouts behind rows whose ids are those of others, however many', async () => {
    const each = scene({ known: 20, taken: 15 });
    const failed = [{ from: 1, to: 15, why: 'client_order_id_taken' }];
    expect(await cancel(each, 1)).toEqual({ next: 21, failed });
    expect(each.cancelled).toEqual(upTo(20 + HEAD.window + 1));
  });

  it('passes over rows that failed before', async () => {
    const each = scene({ known: 0 });
    await cancel(each, 20);
    expect(each.cancelled).toEqual(upTo(20));
  });
});
