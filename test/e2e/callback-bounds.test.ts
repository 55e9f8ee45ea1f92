import type { Client } from '@temporalio/client';
import { BOUNDS } from '../../src/config/bounds';
import { follow, startPayout } from '../support/payouts';
import { PATIENT } from '../support/quick';
import { createCaller } from '../support/signed-callbacks';
import { type Stack, startStack } from '../support/stack';
import { connectClient } from '../support/temporal-client';

let stack: Stack;
let client: Client;
let callBack: Awaited<ReturnType<typeof createCaller>>;
beforeAll(async () => {
  stack = await startStack({ ...PATIENT, temporal: 'own' });
  client = await connectClient(stack);
  callBack = await createCaller(stack);
}, 120_000);
afterAll(async () => {
  await client?.connection.close();
  await stack?.stop();
}, 60_000);

async function readSignals(clientOrderId: string) {
  const { events } = await client.workflow.getHandle(`payout:${clientOrderId}`).fetchHistory();
  const all = events ?? [];
  const ofSignals = all.filter((event) => event.workflowExecutionSignaledEventAttributes);
  return { events: all.length, signals: ofSignals.length, lastSignal: Number(ofSignals.at(-1)?.eventId ?? 0) };
}

test('one signed callback under a thousand types is one signal about the payout and one about an event after it', async () => {
  const payout = await startPayout(stack, 'B-types', '611');
  const { orderId } = await payout.until('to have an order', (read) => read.orderId !== null);
  const parts = { status: 'processing', orderId: orderId ?? '', clientOrderId: 'B-types' };
  const statuses: number[] = [];
  for (let nth = 0; nth < 500; nth += 1) {
    statuses.push(await callBack(parts, `t${nth}`), await callBack(parts, `chargeback${' '.repeat(nth % 50)}`));
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(1_000);
  // Repeats are not signalled again within a minute of the first.
  const { signals } = await readSignals('B-types');
  expect(signals).toBeGreaterThanOrEqual(2);
  expect(signals).toBeLessThanOrEqual(6);
  expect(await payout.read()).toMatchObject({ state: 'processing', attention: null });
}, 120_000);

test('the largest history that callbacks can make is replayed by a cold worker, and holds up no other payout', async () => {
  const payout = await startPayout(stack, 'B-flood', '611');
  const { orderId } = await payout.until('to have an order', (read) => read.orderId !== null);
  await stack.kill('worker', 'SIGKILL');
  const before = await readSignals('B-flood');
  const statuses: number[] = [];
  // With the control key any number of orders can be named, each signed in its own way.
  for (let nth = 0; nth < BOUNDS.payoutEvents.most + 100; nth += 1) {
    statuses.push(await callBack({ status: 'processing', orderId: `${orderId}${nth}`, clientOrderId: 'B-flood' }));
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(BOUNDS.payoutEvents.most + 100);
  const { events, signals, lastSignal } = await readSignals('B-flood');
  // Two events of the server's own may come at any moment: the task that timed out with its worker, and the next one.
  expect(signals).toBeLessThanOrEqual(BOUNDS.payoutEvents.most - before.events);
  expect(events).toBeGreaterThanOrEqual(BOUNDS.payoutEvents.most);
  expect(lastSignal).toBeLessThanOrEqual(BOUNDS.payoutEvents.most + 2);
  const notTaken = stack.logs('api').filter((line) => line.includes('callback not taken'));
  expect(notTaken).toHaveLength(BOUNDS.payoutEvents.most + 100 - signals);

  await stack.start('worker');
  const worker = stack.pidOf('worker');
  const other = await startPayout(stack, 'B-other');
  await other.until('to be approved', ({ state }) => state === 'approved');
  await stack.waitFor('the flood to be taken up', async () => {
    const { pendingWorkflowTask } = await client.workflowService.describeWorkflowExecution({
      ...{ namespace: stack.namespace, execution: { workflowId: 'payout:B-flood' } },
    });
    return !pendingWorkflowTask;
  });
  expect(await follow(stack, 'B-flood').read()).toMatchObject({
    state: 'needs_review',
    attention: 'order_id_mismatch',
  });
  expect(stack.pidOf('worker')).toBe(worker);
  expect(await other.accepted()).toBe(1);
}, 180_000);
