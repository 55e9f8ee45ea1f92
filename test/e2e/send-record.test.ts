import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { type Followed, startPayout } from '../support/payouts';
import { QUICK } from '../support/quick';
import { type Stack, startStack } from '../support/stack';
import { connectClient } from '../support/temporal-client';

/** The probe is waited for long enough to do something meanwhile; the server gives a send up after half as long again. */
const PATIENT = { GATEWAY_TIMEOUT: '7s' };
const PENDING_STARTED = 2;

let stack: Stack;
let client: Client;
beforeAll(async () => {
  stack = await startStack({
    ...QUICK,
    api: { ...QUICK.api, ...PATIENT },
    worker: { ...QUICK.worker, ...PATIENT },
    settings: { ...QUICK.settings, hangMs: 30_000 },
    temporal: 'own',
  });
  client = await connectClient(stack);
}, 120_000);
afterAll(async () => {
  await client?.connection.close();
  await stack?.stop();
}, 60_000);

const describeRun = (workflowId: string) =>
  client.workflowService.describeWorkflowExecution({ namespace: stack.namespace, execution: { workflowId } });

/** Starts a payout whose gateway does not answer its probe, and waits until the worker has begun to send. */
async function startWithHeldProbe(clientOrderId: string): Promise<Followed> {
  await stack.kill('simulator', 'SIGSTOP');
  const payout = await startPayout(stack, clientOrderId);
  await stack.waitFor('the send to begin', async () => {
    const { pendingActivities } = await describeRun(`payout:${clientOrderId}`);
    return pendingActivities?.some(({ state }) => state === PENDING_STARTED);
  });
  return payout;
}
const createCalls = async (payout: Followed) =>
  (await payout.requests()).filter(({ route }) => route === 'v4/payout').length;
const whatsOf = async (payout: Followed) => (await payout.timeline()).map(({ what }) => what);

test('a worker killed before it put the send on record: sent again by itself, one order, no attention', async () => {
  const payout = await startWithHeldProbe('R-killed-before');
  await stack.kill('worker', 'SIGKILL');
  await stack.kill('simulator', 'SIGCONT');
  await stack.start('worker');
  const end = await payout.until('to be approved', ({ state }) => state === 'approved', 90_000);
  expect(end).toMatchObject({ confirmed: true, attention: null });
  expect(await whatsOf(payout)).toEqual(expect.arrayContaining(['not_sent_lost_before_record', 'sending']));
  expect(await payout.accepted()).toBe(1);
  expect(await createCalls(payout)).toBe(1);
}, 150_000);

test('the record outlives the server and the worker: a send lost after it is never repeated', async () => {
  const neverEnds = { processingMs: 3_600_000 };
  const forced = { clientOrderId: 'R-killed-after', scenario: 'accepts_never_answers', settings: neverEnds };
  await stack.control('/force', forced);
  const payout = await startPayout(stack, 'R-killed-after');
  await stack.waitFor('the order to be accepted', async () => (await payout.accepted()) === 1);
  await stack.kill('temporal', 'SIGKILL');
  await stack.kill('worker', 'SIGKILL');
  await stack.start('temporal');
  await stack.start('worker');
  await payout.until('to be found', ({ state }) => state === 'processing', 90_000);
  const whats = await whatsOf(payout);
  expect(whats).toContain('unconfirmed_call_lost');
  expect(whats.filter((what) => what === 'sending')).toHaveLength(1);
  expect(await payout.accepted()).toBe(1);
  expect(await createCalls(payout)).toBe(1);
}, 150_000);

test('a run reset while its send waits for the probe: neither run sends, and a person decides', async () => {
  const workflowId = 'payout:R-reset';
  const payout = await startWithHeldProbe('R-reset');
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const first = events?.find((event) => event.workflowTaskCompletedEventAttributes);
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  const reset = await client.workflowService.resetWorkflowExecution({
    namespace: stack.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: first?.eventId,
  });
  expect(reset.runId).not.toBe(runId);
  await stack.kill('simulator', 'SIGCONT');
  const end = await payout.until('to be for a person', ({ state }) => state === 'needs_review', 90_000);
  expect(end).toMatchObject({ attention: 'outcome_unknown' });
  expect(await payout.accepted()).toBe(0);
  expect(await createCalls(payout)).toBe(0);
}, 150_000);

test('a send that is paused while it waits for the probe writes no byte; the payout tries again by itself', async () => {
  const workflowId = 'payout:R-paused';
  const payout = await startWithHeldProbe('R-paused');
  const { pendingActivities } = await describeRun(workflowId);
  const [send] = pendingActivities ?? [];
  await client.workflowService.pauseActivity({
    namespace: stack.namespace,
    execution: { workflowId },
    id: send?.activityId,
    identity: 'test',
    reason: 'test',
  });
  await stack.kill('simulator', 'SIGCONT');
  await payout.until('to be approved', ({ state }) => state === 'approved', 90_000);
  expect(await whatsOf(payout)).toContain('not_sent_not_recorded');
  expect(await createCalls(payout)).toBe(1);
  expect(await payout.accepted()).toBe(1);
}, 150_000);
