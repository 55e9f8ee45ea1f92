import { describePayout } from '../../scripts/payout-api';
import { type HoldingGateway, openHoldingGateway } from '../support/holding-gateway';
import { follow } from '../support/payouts';
import { QUICK, withProduct } from '../support/quick';
import { type Stack, startStack } from '../support/stack';

const ENDPOINT_ID = 1144;
const PAYOUTS = 12;

let stack: Stack;
let gateway: HoldingGateway;
let simulatorPort = 0;
beforeAll(async () => {
  gateway = await openHoldingGateway(() => simulatorPort);
  const baseUrl = `http://127.0.0.1:${gateway.port}/paynet`;
  stack = await startStack({
    ...withProduct(QUICK, { GATEWAY_TIMEOUT: '90s', POLL_PLAN: '' }),
    settings: { ...QUICK.settings, processingMs: 600_000 },
    simulator: { SIMULATOR_PUBLIC_BASE_URL: baseUrl },
    endpoints: ({ gateway: at, keys: { login, controlKeyFile, privateKeyFile } }) => {
      simulatorPort = Number(new URL(at).port);
      const endpoint = { name: 'held', endpointId: ENDPOINT_ID, pollPlan: [{ every: '1s', until: '20m' }] };
      return [{ ...endpoint, baseUrl, login, controlKeyFile, privateKeyFile }];
    },
  });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await gateway?.close();
}, 60_000);

it('a worker that is stopped while all of its questions hang ends by itself, and the next one asks on', async () => {
  for (let n = 0; n < PAYOUTS; n += 1) {
    const body = JSON.stringify({ ...describePayout(`held-${n}`, { digits: '700' }), endpoint: 'held' });
    const headers = { 'content-type': 'application/json' };
    expect((await stack.request('/payouts', { method: 'POST', headers, body })).status).toBe(202);
    await follow(stack, `held-${n}`).until('to have an order', ({ orderId }) => orderId !== null, 60_000);
  }
  gateway.hold(ENDPOINT_ID);
  const allHang = async () => (gateway.current() >= PAYOUTS ? true : null);
  await stack.waitFor('all questions to hang', allHang, 60_000);
  expect(await stack.kill('worker', 'SIGTERM')).toEqual({ code: 0, signal: null });
  await stack.waitFor('all questions to be given up', async () => (gateway.current() === 0 ? true : null), 60_000);
  await stack.start('worker');
  await stack.waitFor('all to be asked again', allHang, 60_000);
  expect(stack.logs('worker').filter((line) => JSON.stringify(line).includes('MaxListeners'))).toEqual([]);
}, 240_000);
