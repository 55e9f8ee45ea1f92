import { WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import { toClientOrderId } from '../../src/domain/ids';
import type { LimitClaim, LimitOrder } from '../../src/domain/limits';
import { createLimitReader, type LimitReader } from '../../src/store/limits';
import { createRunReader } from '../../src/store/runs';
import { LIMIT_WORKFLOW_TYPE, limitUpdate, limitWorkflowId } from '../../src/workflows/limit-messages';
import { PAYOUTS_TASK_QUEUE } from '../../src/workflows/messages';
import { EUR } from '../domain/samples';
import { NAMESPACE, type SkippedTime, startSkippedTime } from './skipped-time';

jest.setTimeout(180_000);

let time: SkippedTime;
let reader: LimitReader;
beforeAll(async () => {
  time = await startSkippedTime();
  const { dataConverter } = time;
  const call = async <T>(run: (client: SkippedTime['env']['client']) => Promise<T>) => await run(time.env.client);
  reader = createLimitReader({
    runs: createRunReader({ call, namespace: NAMESPACE }),
    namespace: NAMESPACE,
    dataConverter,
  });
});
afterAll(async () => await time.close());

const claimOf = (tenant: string, amountMinor: number): LimitClaim => ({
  ...{ tenant, key: 'daily', rule: 'daily', window: 'day', zone: 'Europe/Berlin', capMinor: 1_000 },
  ...{ amountMinor, currency: EUR, over: 'wait' },
});
const hold = async (tenant: string, id: string, amountMinor: number) =>
  await time.limits.holdLimit({ clientOrderId: toClientOrderId(id), claims: [claimOf(tenant, amountMinor)] });
const settle = async (tenant: string, id: string, how: 'commit' | 'release') =>
  await time.limits.settleLimit({ clientOrderId: toClientOrderId(id), claims: [claimOf(tenant, 1)], how });
const idOf = (tenant: string) => limitWorkflowId(claimOf(tenant, 0));
/** The usage once it is published: `[committed, held]` of each counter. */
const readUsage = async (tenant: string) => {
  await time.env.sleep('5s');
  const published = await reader.readUsage(claimOf(tenant, 0));
  return published?.usage.map(({ committedMinor, heldMinor }) => [committedMinor, heldMinor]) ?? null;
};

it('a hundred payouts at once take what there is, in few updates', async () => {
  expect(await readUsage('at-once')).toBeNull();
  const ids = Array.from({ length: 100 }, (_, nth) => `at-once-${nth}`);
  const answers = await Promise.all(ids.map(async (id) => (await hold('at-once', id, 100)).outcome));
  expect(answers.filter((outcome) => outcome === 'held')).toHaveLength(10);
  expect(answers.filter((outcome) => outcome === 'over')).toHaveLength(90);
  const { events } = await time.fetchHistory(idOf('at-once'));
  const updates = events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes) ?? [];
  expect(updates.length).toBeLessThanOrEqual(3);
});

it('what is used is published, sealed like everything, and read with no worker', async () => {
  expect((await hold('used', 'used-1', 600)).outcome).toBe('held');
  await hold('used', 'used-2', 300);
  await settle('used', 'used-1', 'commit');
  await settle('used', 'used-2', 'release');
  expect(await readUsage('used')).toEqual([[600, 0]]);
  expect(await hold('used', 'used-3', 401)).toMatchObject({ outcome: 'over', rule: 'daily', over: 'wait' });
});

it('the next day there is room again', async () => {
  expect((await hold('day', 'day-1', 1_000)).outcome).toBe('held');
  const full = await hold('day', 'day-2', 1);
  if (full.outcome !== 'over') throw new Error('expected the limit to be full');
  await time.env.sleep(full.untilMs - time.now() + 2_000);
  expect((await hold('day', 'day-2', 1)).outcome).toBe('held');
});

it('a run that is long goes on as a new one, and forgets no hold and no sum', async () => {
  await hold('long', 'long-held', 400);
  await hold('long', 'long-paid', 300);
  await settle('long', 'long-paid', 'commit');
  const { runId } = await time.env.client.workflow.getHandle(idOf('long')).describe();
  const orders: LimitOrder[] = [{ kind: 'settle', id: 'nothing', how: 'release' }];
  const handle = time.env.client.workflow.getHandle(idOf('long'));
  for (let nth = 0; nth < 1_000; nth += 50)
    await Promise.all(Array.from({ length: 50 }, () => handle.executeUpdate(limitUpdate, { args: [orders] })));
  expect(await readUsage('long')).toEqual([[300, 400]]);
  const later = await time.env.client.workflow.getHandle(idOf('long')).describe();
  expect(later.runId).not.toBe(runId);
  expect((await hold('long', 'long-more', 301)).outcome).toBe('over');
  expect((await hold('long', 'long-held', 400)).outcome).toBe('held');
  expect((await hold('long', 'long-more', 300)).outcome).toBe('held');
});

it('orders that are none are refused before they are in the history', async () => {
  const given = async (orders: unknown) => {
    const startWorkflowOperation = new WithStartWorkflowOperation(LIMIT_WORKFLOW_TYPE, {
      ...{ workflowId: idOf('by-hand'), taskQueue: PAYOUTS_TASK_QUEUE, args: [{}] },
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    return await time.env.client.workflow.executeUpdateWithStart(limitUpdate, {
      ...{ args: [orders as LimitOrder[]], startWorkflowOperation },
    });
  };
  await expect(given([{ kind: 'hold' }])).rejects.toThrow(WorkflowUpdateFailedError);
  expect(await given([{ kind: 'settle', id: 'x', how: 'release' }])).toEqual([{ outcome: 'settled' }]);
});

it('one of which nothing is asked for long ends, and begins anew', async () => {
  await hold('quiet', 'quiet-1', 400);
  await time.env.client.workflow.getHandle(idOf('quiet')).result();
  expect((await hold('quiet', 'quiet-2', 1_000)).outcome).toBe('held');
});
