import type { Client } from '@temporalio/client';
import { BOUNDS } from '../../src/config/bounds';
import { METRICS } from '../../src/domain/metrics';
import { watchStack } from '../proofs/alerts/watch';
import { openDrill } from '../proofs/drills/drill';
import { DRILLS } from '../proofs/drills/drills';
import { joinPatientStack } from '../support/patient-stack';
import { follow, type PayoutJson, startPayout } from '../support/payouts';
import { createCaller } from '../support/signed-callbacks';
import type { Stack } from '../support/stack';
import { connectClient } from '../support/temporal-client';

type Late = PayoutJson & {
  readonly allowedActions: string[];
  readonly receiverPage: string;
  readonly lateEvents: { workflowId: string; what: string; confirmed: boolean }[];
};

let stack: Stack;
let client: Client;
let callBack: Awaited<ReturnType<typeof createCaller>>;
beforeAll(async () => {
  stack = await joinPatientStack();
  client = await connectClient(stack);
  callBack = await createCaller(stack);
}, 120_000);
afterAll(async () => {
  await client?.connection.close();
  await stack?.stop();
}, 60_000);

async function approve(clientOrderId: string): Promise<string> {
  const payout = await startPayout(stack, clientOrderId);
  const { orderId } = await payout.until('to be approved', ({ state }) => state === 'approved');
  return orderId ?? '';
}

/** So many calls, twenty at a time; the number of answers with each status. */
async function countStatuses(times: number, call: (nth: number) => Promise<number>): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  let next = 0;
  const caller = async () => {
    while (next < times) {
      next += 1;
      const status = await call(next);
      counts[status] = (counts[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 20 }, caller));
  return counts;
}

test('five hundred reads and as many callbacks of a closed payout: none is answered 503', async () => {
  const orderId = await approve('K-many');
  expect(await countStatuses(500, async () => (await stack.request('/payouts/K-many')).status)).toEqual({ 200: 500 });
  // Each of them says something else than the payout, and is about another order: none is a repeat of another.
  const claim = async (nth: number) =>
    await callBack({ status: 'declined', orderId: `${orderId}${nth}`, clientOrderId: 'K-many' });
  expect(await countStatuses(500, claim)).toEqual({ 200: 500 });
  const { body } = await stack.request<Late>('/payouts/K-many');
  expect(body).toMatchObject({ state: 'approved', attention: null });
  expect(body.lateEvents.length).toBeLessThanOrEqual(16);
}, 120_000);

test('ids are compared exactly: what is said of one payout is not shown at another', async () => {
  const orderId = await approve('CASE-abc');
  await approve('case-ABC');
  expect(await callBack({ status: 'declined', orderId, clientOrderId: 'CASE-abc' })).toBe(200);
  const first = follow(stack, 'CASE-abc');
  await first.until('to show the claim', (read) => (read as Late).lateEvents.length === 1);
  expect((await stack.request<Late>('/payouts/case-ABC')).body).toMatchObject({ attention: null, lateEvents: [] });
}, 60_000);

test('the Receiver’s own final redirect, sent as a callback of type chargeback, is no event after the payout', async () => {
  const orderId = await approve('K-redirect');
  const { receiverPage } = (await stack.request<Late>('/payouts/K-redirect')).body;
  for (const status of ['processing', 'approved']) {
    const counts = await countStatuses(
      200,
      async (nth) => await callBack({ status, orderId, clientOrderId: 'K-redirect' }, `chargeback${' '.repeat(nth)}`),
    );
    expect(counts).toEqual({ 200: 200 });
  }
  const payout = follow(stack, 'K-redirect');
  const read = (await payout.until('to show the claim', (now) => (now as Late).lateEvents.length > 0)) as Late;
  expect(read.attention).toBeNull();
  expect(read.lateEvents).toEqual([
    expect.objectContaining({ workflowId: 'late:K-redirect', what: 'event approved', confirmed: false }),
  ]);
  expect(await (await fetch(`${receiverPage}/status`)).json()).toMatchObject({ stage: 'paid' });
}, 90_000);

test('a payout whose workflow was terminated says so, and a reset has it followed again', async () => {
  const payout = await startPayout(stack, 'K-terminated', '611');
  await payout.until('to be processing', ({ state, orderId }) => state === 'processing' && orderId !== null);
  await client.workflow.getHandle('payout:K-terminated').terminate('by hand');

  const lost = { state: 'needs_review', outcome: null, attention: 'not_followed', allowedActions: ['acknowledge'] };
  const read = (await payout.read()) as Late;
  expect(read).toMatchObject(lost);
  const again = await stack.createPayout({ clientOrderId: 'K-terminated', digits: '611' });
  expect(again).toMatchObject({ status: 200, body: lost });
  expect((await payout.timeline()).at(-1)).toMatchObject({ what: 'terminated', state: 'needs_review' });
  expect(await (await fetch(`${read.receiverPage}/status`)).json()).toMatchObject({ stage: 'checking' });
  expect(await payout.accepted()).toBe(1);

  // What the gateway says of it is kept, and asked about.
  const { orderId } = read;
  expect(await callBack({ status: 'approved', orderId: orderId ?? '', clientOrderId: 'K-terminated' })).toBe(200);
  await payout.until('to show the claim', (now) => (now as Late).lateEvents.length === 1);

  const { namespace } = stack;
  const { events } = await client.workflow.getHandle('payout:K-terminated').fetchHistory();
  const lastTask = events?.findLast((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
  await client.workflowService.resetWorkflowExecution({
    ...{ namespace, workflowExecution: { workflowId: 'payout:K-terminated' }, reason: 'follow it again' },
    ...{ workflowTaskFinishEventId: lastTask ?? null, requestId: 'reset-1' },
  });
  await payout.until('to be followed', ({ state, attention }) => state === 'processing' && attention === null);
  expect(await payout.accepted()).toBe(1);
}, 90_000);

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
  const countNotTaken = () => stack.logs('api').filter((line) => line.includes('callback not taken')).length;
  const notTakenBefore = countNotTaken();
  const notTaken = () => countNotTaken() - notTakenBefore;
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
  // A line is written a moment after the answer it is about.
  const rest = BOUNDS.payoutEvents.most + 100 - signals;
  await stack.waitFor('the log to name the rest', () => notTaken() >= rest);
  expect(notTaken()).toBe(rest);

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

test('metrics of API and worker say what happened, and name no payout, order or account', async () => {
  const scrape = async (name: 'api' | 'worker') =>
    await (await fetch(`http://${stack.metrics?.[name]}/metrics`)).text();
  const orderId = await approve('K-measured');
  expect(await callBack({ status: 'approved', orderId, clientOrderId: 'K-measured' })).toBe(200);
  const api = await stack.waitFor('the counts to be read', async () => {
    const text = await scrape('api');
    return /^payouts\{state="approved"\} [1-9]/m.test(text) && text;
  });
  const worker = await scrape('worker');
  expect(api).toMatch(/^callbacks_total\{endpoint="default",verdict="taken"\} [1-9]/m);
  expect(api).toMatch(/^attention_items\{attention="conflict",tenant="default"\} \d/m);
  expect(api).toMatch(/^notifications\{state="dead"\} 0$/m);
  expect(worker).toMatch(/^gateway_breaker_open\{endpoint="default"\} 0$/m);
  const finals = [...worker.matchAll(/^payout_final_seconds_count\{(.*)\} (\d+)$/gm)];
  expect(finals.map(([, labels]) => /outcome="approved"/.test(labels ?? ''))).toContain(true);
  // This stack has no keys that could expire, no limits and no hooks.
  const UNUSED = ['api_key_expiry_seconds', 'limit_ratio', 'hook_verdicts_total'];
  for (const { 0: name, 1: metric } of Object.entries(METRICS))
    if (metric.kind !== 'histogram' && !UNUSED.includes(name))
      expect(metric.of === 'api' ? api : worker).toMatch(new RegExp(`^${name}[ {]`, 'm'));
  for (const name of ['temporal_sticky_cache_size', 'temporal_worker_task_slots_available'])
    expect(worker).toMatch(new RegExp(`^${name}\\{`, 'm'));
  expect(worker).toMatch(/^# HELP payout_final_seconds From acceptance/m);
  expect([api, worker].filter((text) => /K-|CASE|case-ABC|DE89/.test(text) || text.includes(orderId))).toEqual([]);
}, 90_000);

test('drill worker_lost: Prometheus fires the alert, the step of its runbook page helps, and the alert ends', async () => {
  const prometheus = await watchStack(stack);
  const seen: string[] = [];
  try {
    await DRILLS.worker_lost.play(openDrill({ stack, prometheus, print: (line) => seen.push(line) }));
  } finally {
    await prometheus.stop();
  }
  expect(seen.filter((line) => line.startsWith('step'))).toEqual(['step    platform: `ProcessDown`: start it again']);
  expect(seen.at(-1)).toContain('alert ProcessDown is over');
}, 180_000);
