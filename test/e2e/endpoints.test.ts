import { spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DemoKeys } from '../../scripts/demo-keys';
import { describePayout } from '../../scripts/payout-api';
import { findFreePort } from '../../scripts/ports';
import { DEFAULT_SETTINGS } from '../../simulator/settings';
import { buildSimulator, type Simulator } from '../../simulator/simulator';
import { follow, type PayoutJson } from '../support/payouts';
import { PATIENT } from '../support/quick';
import { sendCallback } from '../support/signed-callbacks';
import { type Stack, startStack } from '../support/stack';

const RATE = 5;
const OLDER_KEY = 'OLDER-CONTROL-KEY-OF-POUNDS';
const WRONG_KEY = 'a-control-key-the-gateway-has-not';

/** Euros to the simulator and no faster than the rate, dollars to a port where no one listens, pounds to the simulator again, francs with a wrong key. */
let stack: Stack;
let deadPort: number;
let keys: DemoKeys;
beforeAll(async () => {
  deadPort = await findFreePort([], new Set());
  stack = await startStack({
    ...PATIENT,
    endpoints: (at) => {
      keys = at.keys;
      const { login, controlKeyFile, privateKeyFile } = at.keys;
      const shared = { baseUrl: at.gateway, login, controlKeyFile, privateKeyFile };
      return [
        { ...shared, name: 'euros', endpointId: 1144, currencies: ['EUR'], ratePerSecond: RATE },
        {
          ...shared,
          name: 'dollars',
          endpointId: 1145,
          currencies: ['USD'],
          baseUrl: `http://127.0.0.1:${deadPort}/paynet`,
        },
        {
          ...shared,
          name: 'pounds',
          endpointId: 1146,
          currencies: ['GBP', 'EUR'],
          requiredFields: ['receiver.phone'],
          olderControlKeys: [OLDER_KEY],
        },
        {
          ...{ name: 'francs', endpointId: 1147, currencies: ['CHF'], baseUrl: at.gateway, login, privateKeyFile },
          controlKey: WRONG_KEY,
        },
      ];
    },
  });
}, 120_000);
afterAll(async () => stack?.stop(), 60_000);

async function post(body: object) {
  const headers = { 'content-type': 'application/json' };
  return await stack.request<PayoutJson & { endpoint: string; errors?: { field: string }[] }>('/payouts', {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
}

/** Payouts in dollars, started while no one listens; the second simulator that takes them at last. */
const waiting = Array.from({ length: 6 }, (_, nth) => `D-${nth}`);
const second = { simulator: null as Simulator | null, directory: '' };
afterAll(async () => {
  await second.simulator?.stop();
  if (second.directory !== '') await rm(second.directory, { recursive: true, force: true });
});

it('an outage of one endpoint does not touch the other', async () => {
  await Promise.all(waiting.map((clientOrderId) => stack.createPayout({ clientOrderId, currency: 'USD' })));
  const payouts = waiting.map((clientOrderId) => follow(stack, clientOrderId));
  for (const payout of payouts) await payout.until('to be paused', ({ attention }) => attention === 'endpoint_paused');

  const other = follow(stack, 'D-other');
  await stack.createPayout({ clientOrderId: 'D-other' });
  await other.until('to be approved', ({ state }) => state === 'approved');
  for (const payout of payouts) expect(await payout.read()).toMatchObject({ state: 'sending', outcome: null });

  second.directory = await mkdtemp(path.join(tmpdir(), 'second-gateway-'));
  second.simulator = await buildSimulator(
    {
      host: '127.0.0.1',
      port: deadPort,
      ledgerPath: path.join(second.directory, 'ledger.jsonl'),
      login: keys.login,
      controlKey: keys.controlKey,
      publicKey: createPublicKey(readFileSync(keys.publicKeyFile)),
      publicBaseUrl: null,
      endpoints: [],
      settings: { ...DEFAULT_SETTINGS, processingMs: 500, callbackDelayMs: 200 },
    },
    () => undefined,
  );
  await second.simulator.start();
}, 120_000);

describe('the way to the gateway', () => {
  test('a worker says which control keys the gateway knows, and the keys in no line', async () => {
    const said = () =>
      stack
        .logs('worker')
        .filter((line) => line.includes('control key'))
        .map((line) => JSON.parse(line) as { endpoint: string; level: number; msg: string })
        .filter(({ endpoint }) => endpoint === 'euros' || endpoint === 'francs')
        .map(({ endpoint, level, msg }) => [endpoint, level, msg]);
    await stack.waitFor('both keys to be checked', () => said().length >= 2);
    expect(said().sort()).toEqual([
      ['euros', 30, 'the gateway knows our control key'],
      [
        'francs',
        40,
        'the gateway answers our control key like a wrong one: the key is wrong, or this gateway does not tell',
      ],
    ]);
    expect(stack.logs('worker').join('\n')).not.toContain(WRONG_KEY);
  });

  test.each(['worker', 'api'] as const)('the %s does not start unless certificates are checked', (name) => {
    const program = name === 'worker' ? 'worker' : 'server';
    const { status, stderr } = spawnSync(process.execPath, [path.join(__dirname, `../../dist/src/${program}.js`)], {
      env: { ...stack.environment[name], NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(status).toBe(1);
    expect(stderr).toContain(
      'NODE_TLS_REJECT_UNAUTHORIZED: expected no value; add a private certificate authority with NODE_EXTRA_CA_CERTS',
    );
  });
});

describe('the endpoint of a payout', () => {
  it('is the first that takes the currency, or the one that is named; the same request again is the same payout', async () => {
    const first = await post(describePayout('R-first'));
    expect(first).toMatchObject({ status: 202, body: { endpoint: 'euros' } });
    expect(await post(describePayout('R-first'))).toMatchObject({ status: 200, body: { endpoint: 'euros' } });
    const receiver = { phone: '+44 20 7946 0000' };
    const named = { ...describePayout('R-named'), receiver, endpoint: 'pounds' };
    expect(await post(named)).toMatchObject({ status: 202, body: { endpoint: 'pounds' } });
    const unnamed = await post({ ...describePayout('R-named'), receiver });
    expect(unnamed.status).toBe(409);
    expect(unnamed.body.errors?.map(({ field }) => field)).toEqual(['endpoint']);
    const { orders } = await stack.waitFor('the order at its endpoint', async () => {
      const found = await stack.control<{ orders: { endpointId: string }[] }>('/orders?clientOrderId=R-named');
      return found.orders.length > 0 ? found : null;
    });
    expect(orders.map(({ endpointId }) => endpointId)).toEqual(['1146']);
  }, 60_000);

  it.each([
    ['no endpoint takes the currency', describePayout('R-yen', { amount: '10', currency: 'JPY' }), 'currency'],
    ['the named one does not take it', { ...describePayout('R-wrong'), endpoint: 'dollars' }, 'currency'],
    ['it is unknown', { ...describePayout('R-none'), endpoint: 'elsewhere' }, 'endpoint'],
    ['it requires a field', describePayout('R-phone', { currency: 'GBP' }), 'receiver.phone'],
  ])('is refused when %s, before anything is started', async (_what, body, field) => {
    const { status, body: problem } = await post(body);
    expect([status, problem.errors?.map((error) => error.field)]).toEqual([400, [field]]);
    expect((await stack.request(`/payouts/${body.clientOrderId}`)).status).toBe(404);
  });
});

it('the gateway sees no more calls of an endpoint than its rate', async () => {
  const ids = Array.from({ length: 8 }, (_, nth) => `L-${nth}`);
  await Promise.all(ids.map((clientOrderId) => stack.createPayout({ clientOrderId })));
  const payouts = ids.map((clientOrderId) => follow(stack, clientOrderId));
  for (const payout of payouts) await payout.until('to be approved', ({ state }) => state === 'approved', 60_000);
  expect(await Promise.all(payouts.map((payout) => payout.accepted()))).toEqual(ids.map(() => 1));

  const { requests } = await stack.control<{ requests: { clientOrderId: string | null; time: string }[] }>('/requests');
  const timesMs = requests
    .filter(({ clientOrderId }) => /^(L-|R-first)/.test(clientOrderId ?? ''))
    .map(({ time }) => Date.parse(time))
    .sort((a, b) => a - b);
  expect(timesMs.length).toBeGreaterThanOrEqual(3 * ids.length);
  // The simulator notes a call when it has read it: one that it read a second late may be close to the next ones.
  const LATE_MS = 1_000;
  for (let from = 0; from < timesMs.length; from += 1) {
    for (let to = from + 1; to < timesMs.length; to += 1) {
      const spanMs = (timesMs[to] ?? 0) - (timesMs[from] ?? 0) + LATE_MS;
      expect(to - from).toBeLessThanOrEqual((spanMs / 1_000) * RATE);
    }
  }
}, 120_000);

describe('a callback', () => {
  async function callBack(
    endpoint: string,
    { clientOrderId, controlKey }: { clientOrderId: string; controlKey: string },
  ) {
    const payout = follow(stack, clientOrderId);
    const { orderId } = await payout.until('to have an order', (read) => read.orderId !== null);
    const parts = { status: 'approved', orderId: orderId ?? '', clientOrderId };
    return await sendCallback(stack.api, parts, { controlKey, endpoint });
  }

  it('on the route of another endpoint is answered and recorded, and settles nothing', async () => {
    const payout = follow(stack, 'W-other');
    await stack.createPayout({ clientOrderId: 'W-other', digits: '611' });
    expect(await callBack('pounds', { clientOrderId: 'W-other', controlKey: keys.controlKey })).toBe(200);
    const steps = await stack.waitFor('the callback in the timeline', async () => {
      const found = (await payout.timeline()).filter(({ source }) => source === 'callback');
      return found.length > 0 ? found : null;
    });
    expect(steps.map(({ what, state }) => [what, state])).toEqual([['other_endpoint', 'processing']]);
    expect(await payout.read()).toMatchObject({ state: 'processing', outcome: null, settledBy: null });
  }, 60_000);

  it('may be signed with an older key of its endpoint, and with no other endpoint’s', async () => {
    const body = { ...describePayout('W-older', { currency: 'GBP', digits: '611' }), receiver: { phone: '1' } };
    expect((await post(body)).status).toBe(202);
    expect(await callBack('euros', { clientOrderId: 'W-older', controlKey: OLDER_KEY })).toBe(403);
    expect(await callBack('pounds', { clientOrderId: 'W-older', controlKey: OLDER_KEY })).toBe(200);
    await stack.waitFor('the callback in the timeline', async () => {
      const found = await follow(stack, 'W-older').timeline();
      return found.some(({ source, what }) => source === 'callback' && what === 'approved') || null;
    });
  }, 60_000);
});

it('payouts go on by themselves after an outage, each once', async () => {
  for (const clientOrderId of waiting)
    await follow(stack, clientOrderId).until('to be approved', ({ state }) => state === 'approved', 90_000);
  const { body } = (await second.simulator?.app.inject({ method: 'GET', url: '/control/stats' })) ?? {};
  expect(JSON.parse(body ?? '')).toMatchObject({ ordersAccepted: 6, clientOrderIds: 6 });
  expect(stack.logs('worker').filter((line) => line.includes('sending to it pauses'))).toHaveLength(1);
}, 180_000);
