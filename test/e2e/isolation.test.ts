import type { DemoKeys } from '../../scripts/demo-keys';
import { describePayout } from '../../scripts/payout-api';
import { DEFAULT_LIMITS } from '../../src/config/worker-limits';
import { LOCAL_CONFIRMATIONS, WORKFLOW_TASKS_AT_ONCE } from '../../src/temporal/slots';
import { type HoldingGateway, openHoldingGateway } from '../support/holding-gateway';
import { type Followed, follow } from '../support/payouts';
import { QUICK, withProduct } from '../support/quick';
import { sendCallback } from '../support/signed-callbacks';
import { type Stack, startStack } from '../support/stack';

const ONCE_IN_THE_TEST = [{ every: '10m', until: '20m' }];
const EVERY_SECOND = [{ every: '1s', until: '20m' }];
/** Approved, and the simulator sends no callback of its own. */
const APPROVED = '700';

const QUIET = 1144;
const POLLED = 1145;
const FAST = 1146;

/** A status call waits a minute for its answer: what hangs is released by the test alone. */
let stack: Stack;
let keys: DemoKeys;
let gateway: HoldingGateway;
let simulatorPort = 0;
beforeAll(async () => {
  gateway = await openHoldingGateway(() => simulatorPort);
  const patient = withProduct(QUICK, { GATEWAY_TIMEOUT: '90s', CONFIRM_WITHIN: '10m', POLL_PLAN: '' });
  const baseUrl = `http://127.0.0.1:${gateway.port}/paynet`;
  stack = await startStack({
    ...patient,
    temporal: 'shared',
    simulator: { SIMULATOR_PUBLIC_BASE_URL: baseUrl },
    endpoints: (at) => {
      keys = at.keys;
      const { login, controlKeyFile, privateKeyFile } = keys;
      const shared = { baseUrl, login, controlKeyFile, privateKeyFile };
      simulatorPort = Number(new URL(at.gateway).port);
      return [
        { ...shared, name: 'quiet', endpointId: QUIET, pollPlan: ONCE_IN_THE_TEST },
        { ...shared, name: 'polled', endpointId: POLLED, pollPlan: EVERY_SECOND },
        { ...shared, name: 'fast', endpointId: FAST, pollPlan: ONCE_IN_THE_TEST },
      ];
    },
  });
}, 120_000);
afterEach(() => gateway.release());
afterAll(async () => {
  await stack?.stop();
  await gateway?.close();
}, 60_000);

async function start(endpoint: string, clientOrderId: string): Promise<Followed> {
  const body = JSON.stringify({ ...describePayout(clientOrderId, { digits: APPROVED }), endpoint });
  const headers = { 'content-type': 'application/json' };
  expect((await stack.request('/payouts', { method: 'POST', headers, body })).status).toBe(202);
  return follow(stack, clientOrderId);
}

let made = 0;
/** Payouts of an endpoint whose orders are known. */
async function startMany(endpoint: string, count: number): Promise<{ payout: Followed; orderId: string }[]> {
  const many: { payout: Followed; orderId: string }[] = [];
  for (let from = 0; from < count; from += 10) {
    const ids = Array.from({ length: Math.min(10, count - from) }, () => `${endpoint}-${made++}`);
    const started = await Promise.all(ids.map((id) => start(endpoint, id)));
    for (const payout of started) {
      const { orderId } = await payout.until('to have an order', (read) => read.orderId !== null, 120_000);
      many.push({ payout, orderId: orderId ?? '' });
    }
  }
  return many;
}

/** As the gateway, which sends a callback again that was answered 503. */
function callBack(endpoint: string, { payout, orderId }: { payout: Followed; orderId: string }): Promise<number> {
  const { clientOrderId } = payout;
  const { controlKey } = keys;
  return stack.waitFor(`the callback of ${clientOrderId} to be taken`, async () => {
    const answer = await sendCallback(
      stack.api,
      { status: 'approved', orderId, clientOrderId },
      { controlKey, endpoint },
    );
    return answer === 503 ? null : answer;
  });
}

const CALLBACKS = WORKFLOW_TASKS_AT_ONCE + 20;

it('an endpoint whose status calls hang keeps no payout of another from being sent', async () => {
  const hanging = await startMany('quiet', CALLBACKS);
  gateway.hold(QUIET);
  const answers = await Promise.all(hanging.map((order) => callBack('quiet', order)));
  expect(answers).toEqual(hanging.map(() => 200));
  await stack.waitFor('confirmations to hang', async () => gateway.current() >= DEFAULT_LIMITS.calls || null);

  const others = await startMany('fast', 10);
  // Of the calls that hang, no more held a workflow task at once than may.
  expect(gateway.givenUpAtOnce()).toBeLessThanOrEqual(LOCAL_CONFIRMATIONS.each);
  expect(gateway.current()).toBeGreaterThan(0);
  for (const { payout } of others) expect(await payout.accepted()).toBe(1);

  gateway.release();
  for (const order of hanging) {
    const read = await order.payout.until('to be approved', ({ state }) => state === 'approved', 120_000);
    expect(read).toMatchObject({ settledBy: 'callback', confirmed: true, attention: null });
    expect(await order.payout.accepted()).toBe(1);
  }
}, 400_000);

it('polls that hang keep no payout of their own endpoint from being sent', async () => {
  gateway.hold(POLLED);
  const hanging = await startMany('polled', DEFAULT_LIMITS.calls + 10);
  await stack.waitFor('polls to take every slot', async () => gateway.current() >= DEFAULT_LIMITS.calls || null);

  const payout = await start('polled', 'polled-last');
  await payout.until('to have an order', (read) => read.orderId !== null, 120_000);
  expect(gateway.givenUpAtOnce()).toBe(0);
  expect(await payout.accepted()).toBe(1);
  expect(await Promise.all(hanging.map((order) => callBack('polled', order)))).toEqual(hanging.map(() => 200));

  gateway.release();
  for (const order of hanging) {
    await order.payout.until('to be approved', ({ state }) => state === 'approved', 120_000);
    expect(await order.payout.accepted()).toBe(1);
  }
}, 400_000);

it('a worker that is stopped while all of its questions hang ends by itself, and the next one asks on', async () => {
  await stack.control('/settings', { processingMs: 600_000 }, 'PATCH');
  const asked = await startMany('polled', 12);
  gateway.hold(POLLED);
  const allHang = () => gateway.current() >= asked.length;
  await stack.waitFor('all questions to hang', allHang, 60_000);
  expect(await stack.kill('worker', 'SIGTERM')).toEqual({ code: 0, signal: null });
  await stack.waitFor('all questions to be given up', () => gateway.current() === 0, 60_000);
  await stack.start('worker');
  await stack.waitFor('all to be asked again', allHang, 60_000);
  expect(stack.logs('worker').filter((line) => JSON.stringify(line).includes('MaxListeners'))).toEqual([]);
}, 240_000);
