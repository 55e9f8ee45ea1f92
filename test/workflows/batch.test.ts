import type { WorkflowUpdateFailedError } from '@temporalio/client';
import { toClientOrderId } from '../../src/domain/ids';
import type { NewRows } from '../../src/store/batches';
import { batchWorkflowId, MEMO_BATCH_RECORD } from '../../src/workflows/batch-messages';
import { payoutWorkflowId, searchAttributes } from '../../src/workflows/messages';
import { INPUT } from '../api/app-harness';
import { BATCH_PATHS, type BatchPath, type PlayedBatch, playBatch } from './play-batch';
import { createScriptedGateway, found } from './scripted-gateway';
import { type SkippedTime, startSkippedTime } from './skipped-time';

jest.setTimeout(180_000);

let time: SkippedTime;
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(async () => await time.close());

const DAY_MS = 86_400_000;
const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);
const pathOf = (name: string) => BATCH_PATHS.find((path) => path.name === name) as BatchPath;

describe('a batch', () => {
  it('starts every row once, and has a history of one length for 100 rows and for 5,000', async () => {
    const few = await playBatch(time, pathOf('batch-started'));
    expect(few.record).toEqual({
      ...{ state: 'started', acts: [] },
      progress: { next: 101, failed: [{ from: 3, to: 3, why: 'client_order_id_taken' }] },
    });
    expect(few.started).toEqual(upTo(100));
    const many = await playBatch(time, { name: 'batch-large', rows: 5_000 });
    expect(many.started).toEqual(upTo(5_000));
    expect(many.released).toHaveLength(5);
    expect(many.cancelled).toEqual([]);
    expect(many.history.events?.length).toBe(few.history.events?.length);
    expect(few.history.events?.length).toBeLessThan(30);
  });

  it('pauses, keeps where it is where it can be read, and goes on with the next row', async () => {
    const { record, started } = await playBatch(time, pathOf('batch-paused-and-resumed'));
    expect(record).toMatchObject({ state: 'started', progress: { next: 13, failed: [] } });
    expect(record.acts.map(({ action, actor }) => [action, actor])).toEqual([
      ['pause', 'ada'],
      ['resume', 'ada'],
    ]);
    expect(started).toEqual(upTo(12));
  });

  it('that is cancelled starts no further row, and cancels those that it started', async () => {
    const { record, started, cancelled, released } = await playBatch(time, pathOf('batch-cancelled'));
    expect(record.state).toBe('cancelled');
    expect(started).toEqual(upTo(record.progress.next - 1));
    expect(started.length).toBeLessThan(30);
    expect(cancelled.filter((row) => started.includes(row))).toEqual(started);
    expect(released).toEqual(['batch-cancelled:1']);
  });

  it('that is cancelled before anything is recorded of it cancels what it had started', async () => {
    const { record, started, cancelled } = await playBatch(time, {
      ...{ name: 'batch-cancelled-early', rows: 12 },
      // The first row keeps failing: those beside it are payouts, and none is counted.
      start: async (row) => {
        if (row === 1) throw new Error('Temporal is away');
        return null;
      },
      act: async ({ order, startOf }) => {
        await startOf(10);
        await order('cancel');
      },
    });
    expect(record.state).toBe('cancelled');
    expect(started).toEqual(expect.arrayContaining([2, 9]));
    expect([...new Set(started)].filter((row) => !cancelled.includes(row))).toEqual([]);
  });

  it('that is paused for 14 days is cancelled by the clock', async () => {
    const { record, started, history } = await playBatch(time, pathOf('batch-paused-for-ever'));
    expect(record.acts.map(({ action, actor }) => [action, actor])).toEqual([
      ['pause', 'ada'],
      ['cancel', 'clock'],
    ]);
    expect(started.length).toBeLessThan(30);
    const [first, last] = [history.events?.[0], history.events?.at(-1)];
    const days = (Number(last?.eventTime?.seconds) - Number(first?.eventTime?.seconds)) / (DAY_MS / 1_000);
    expect(Math.floor(days)).toBe(14);
  });

  it('whose rows fail for a while starts each of them', async () => {
    let isAway = true;
    const { record, started } = await playBatch(time, {
      ...{ name: 'batch-away', rows: 20 },
      start: async (row) => {
        if (row === 7 && isAway) {
          isAway = false;
          throw new Error('Temporal is away');
        }
        return null;
      },
    });
    expect(record.progress).toEqual({ next: 21, failed: [] });
    expect([...new Set(started)]).toEqual(upTo(20));
  });
});

describe('a batch that does not start at once', () => {
  const daysOf = ({ history }: PlayedBatch) => {
    const [first, last] = [history.events?.[0], history.events?.at(-1)];
    return Math.floor((Number(last?.eventTime?.seconds) - Number(first?.eventTime?.seconds)) / (DAY_MS / 1_000));
  };

  it('waits for its approvals, its time and its limits, and then starts each row once with what it has', async () => {
    const played = await playBatch(time, pathOf('batch-approved-put-off-and-funded'));
    const { record, started, cleared } = played;
    expect(record).toMatchObject({ state: 'started', gate: { approvedBy: ['bert', 'carl'] } });
    expect(record.acts.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
      ...['approve bert', 'approve carl', 'reschedule ada'],
    ]);
    expect([daysOf(played), started]).toEqual([3, [1, 2, 3]]);
    expect(cleared).toEqual({ approvedBy: ['bert', 'carl'], isFunded: true });
    expect(played.history.events?.length).toBeLessThan(80);
  });

  it('that is not approved in time starts no row', async () => {
    const played = await playBatch(time, pathOf('batch-not-approved'));
    expect(played.record).toMatchObject({ state: 'cancelled', acts: [{ id: 'expired', actor: 'clock' }] });
    expect([daysOf(played), played.started]).toEqual([1, []]);
  });

  it('refuses in the workflow: its requester, one person twice, other content, and what is over', async () => {
    const refusals: string[] = [];
    const { started } = await playBatch(time, {
      ...{ name: 'batch-refuses', rows: 3 },
      gate: () => ({ requester: 'anna', approval: { rules: ['large'], needed: 2, expiresInMs: DAY_MS } }),
      act: async ({ update }) => {
        const approval = { action: 'approve', actor: 'bert', contentHash: 'hash' } as const;
        await update(approval);
        const others = [
          { ...approval, actor: 'annas-phone', person: 'anna' },
          { ...approval, actor: 'berts-phone', person: 'bert' },
          { ...approval, actor: 'carl', contentHash: 'changed' },
          { ...approval, actor: 'carl', id: 'approve by bert' },
          { action: 'resume', actor: 'carl' },
          { action: 'stop', actor: 'carl' } as never,
        ] as const;
        const refused = async (order: Parameters<typeof update>[0]) => {
          const error = await update(order).then(
            () => null,
            (thrown: WorkflowUpdateFailedError) => thrown.cause?.message,
          );
          refusals.push(error ?? 'done');
        };
        for (const order of others) await refused(order);
        await update({ action: 'cancel', actor: 'ada' });
        await refused({ action: 'resume', actor: 'ada' });
      },
    });
    expect(refusals).toEqual([
      ...['own_request', 'already_approved', 'other_content', 'id_used', 'not_paused', 'malformed'],
      // Or it is over and gone.
      expect.stringMatching(/over|completed|not found/),
    ]);
    expect(started).toEqual([]);
  });

  it('holds its sum in the day of its start; where that has no room it waits for the next day, or says so', async () => {
    const waits = await playBatch(time, pathOf('batch-waits-for-a-limit'));
    expect(waits).toMatchObject({ record: { state: 'started' }, cleared: { isFunded: true }, started: [1, 2, 3] });
    const saysItWaits = waits.history.events?.some(({ upsertWorkflowSearchAttributesEventAttributes: upserted }) =>
      Buffer.from(upserted?.searchAttributes?.indexedFields?.PayoutState?.data ?? []).includes('batch_limit_reached'),
    );
    expect(saysItWaits).toBe(true);
    const refused = await playBatch(time, pathOf('batch-refused-by-a-limit'));
    expect(refused.record).toMatchObject({ state: 'cancelled', acts: [{ id: 'limit', actor: 'policy' }] });
    expect(refused.record.acts[0]?.reason).toContain('limit of rule daily');
    expect(refused.started).toEqual([]);
  });
});

describe('the rows of a batch', () => {
  it('are ordinary payouts that name it; the batch is read with its memo', async () => {
    const ids = ['ROW-1', 'ROW-2', 'ROW-3'].map(toClientOrderId);
    time.useBatchDeps({});
    for (const id of ids) time.useGateway(id, createScriptedGateway({ status: () => found('approved') }, time.now));
    const { acceptedAtMs: _acceptedAtMs, policy, ...asked } = INPUT;
    const rows: NewRows['rows'] = ids.map((clientOrderId, at) => ({
      row: at + 1,
      input: { ...asked, batch: 'real', request: { ...asked.request, clientOrderId } },
      ...{ fingerprint: `print-${at}`, destinationHash: null },
    }));
    const head = { batchId: 'real', by: 'shop', contentHash: 'hash', rows: 3, totals: [], window: 2, perSecond: 100 };
    const acceptedAtMs = Math.floor(await time.env.currentTimeMs());
    const start = () => time.store.batches.start({ ...head, acceptedAtMs }, { rows, policies: { default: policy } });
    expect(await start()).toBe(true);
    expect(await start()).toBe(false);
    const { client } = time.env;
    await client.workflow.getHandle(batchWorkflowId('real')).result();
    const reading = await time.store.batches.read('real');
    expect(reading).toMatchObject({ isOpen: false, record: { state: 'started', progress: { next: 4, failed: [] } } });
    for (const id of ids) {
      const handle = client.workflow.getHandle(payoutWorkflowId(id));
      expect(await handle.result()).toMatchObject({ state: 'approved' });
      const described = await handle.describe();
      expect(described.typedSearchAttributes.get(searchAttributes.batch)).toBe('real');
      expect((await time.store.read(id))?.input.batch).toBe('real');
    }
    const read: number[] = [];
    if (reading !== null) for await (const { row } of time.store.batches.rows(reading.head)) read.push(row);
    expect(read).toEqual([1, 2, 3]);
    for (const part of reading?.head.parts ?? [])
      expect((await client.workflow.getHandle(part).describe()).status.name).toBe('COMPLETED');
    expect((await client.workflow.getHandle(batchWorkflowId('real')).describe()).memo).toHaveProperty(
      MEMO_BATCH_RECORD,
    );
    const late = { id: 'x', action: 'pause', actor: 'ada', reason: 'x' } as const;
    expect(reading && (await time.store.batches.act(reading, late))).toBeNull();
    expect(await time.store.batches.read('unknown')).toBeNull();
  });
});
