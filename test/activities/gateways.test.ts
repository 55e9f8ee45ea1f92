import { generateKeyPairSync } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities, type SubmitOrder } from '../../src/activities/activities';
import { createSendingGate, type SendingGate } from '../../src/activities/breaker';
import {
  createGateways,
  createSkewWatch,
  type GatewayCall,
  type GatewayPort,
  paceCalls,
} from '../../src/activities/gateways';
import type { EndpointConfig } from '../../src/config/config';
import { ENDPOINT_DEFAULTS } from '../../src/config/endpoint';
import { toClientOrderId, toOrderId } from '../../src/domain/ids';
import type { Submission } from '../../src/domain/order-report';
import { GatewayError, type GatewayErrorKind } from '../../src/gateway/errors';
import type { CallKind } from '../../src/workflows/messages';
import { BANK_PAYOUT, CALLBACK_URL, CLIENT_ORDER_ID } from '../gateway/samples';
import { CONTROL_KEY, LOGIN, makeLedgerPath, startSimulator } from '../simulator/connecting-party';

const IDS = { clientOrderId: CLIENT_ORDER_ID, orderId: null };
const SILENT = new DefaultLogger('ERROR', () => undefined);
const KEYS = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ORDER: SubmitOrder = {
  endpoint: 'sepa',
  request: BANK_PAYOUT,
  callbackUrl: CALLBACK_URL,
  redirectUrl: null,
  answerTimeoutMs: 2_000,
  runId: '00000000-0000-0000-0000-000000000000',
};

function makeEndpoint(baseUrl: string, over: Partial<EndpointConfig> = {}): EndpointConfig {
  return {
    name: 'sepa',
    baseUrl,
    target: { kind: 'endpoint', id: '1144' },
    login: LOGIN,
    controlKey: CONTROL_KEY,
    olderControlKeys: [],
    privateKeyPem: String(KEYS.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    statusApi: 'v2',
    replyFormat: 'form',
    currencies: null,
    extraFields: [],
    requiredFields: [],
    pollPlan: null,
    ratePerSecond: null,
    ...ENDPOINT_DEFAULTS,
    redirectHosts: null,
    ...over,
  };
}

/** Runs `submitPayout` as the worker would. */
async function submit(
  gatewayOf: (endpoint: string, kind: CallKind) => GatewayPort,
  gate?: SendingGate,
): Promise<Submission> {
  const activities = createActivities({
    gatewayOf,
    ...(gate === undefined ? {} : { gate }),
    findStart: async () => Date.now(),
    recordSend: async () => {},
    now: Date.now,
    random: () => 0.5,
  });
  const info = { startToCloseTimeoutMs: 10_000, currentAttemptScheduledTimestampMs: Date.now() };
  return await new MockActivityEnvironment(info).run(activities.submitPayout, ORDER);
}

describe('a clock that is off', () => {
  const ledger = makeLedgerPath();
  let simulator: Awaited<ReturnType<typeof startSimulator>>;
  beforeAll(async () => {
    simulator = await startSimulator({ ledgerPath: ledger.path, config: { publicKey: KEYS.publicKey } });
  });
  afterAll(async () => {
    await simulator.stop();
    ledger.remove();
  });

  it('is refused by the gateway: not sent, never a decline, and an alert for each endpoint', async () => {
    const notified: [string, number][] = [];
    const { observe } = createSkewWatch((endpoint, skewSeconds) => notified.push([endpoint, skewSeconds]));
    const options = { answerTimeoutMs: 2_000, now: () => Date.now() - 400_000, onSkew: observe };
    const gateways = createGateways([makeEndpoint(simulator.baseUrl)], options);
    expect(await submit(gateways.of)).toEqual({ outcome: 'not_sent', cause: 'forbidden' });
    expect(await submit(gateways.of)).toEqual({ outcome: 'not_sent', cause: 'forbidden' });
    expect(notified.map(([endpoint, seconds]) => [endpoint, Math.round(seconds / 10)])).toEqual([['sepa', 40]]);
    await gateways.close();
  });

  it('is none if it agrees, and nothing is delivered', async () => {
    const notified: string[] = [];
    const { observe } = createSkewWatch((endpoint) => notified.push(endpoint));
    const gateways = createGateways([makeEndpoint(simulator.baseUrl)], { answerTimeoutMs: 2_000, onSkew: observe });
    expect(await submit(gateways.of)).toMatchObject({ outcome: 'accepted' });
    expect(notified).toEqual([]);
    await gateways.close();
  });

  it('has nothing to do with how calls are counted: each as what it was, what came of it and how long it took', async () => {
    const calls: GatewayCall[] = [];
    const gateways = createGateways([makeEndpoint(simulator.baseUrl)], {
      answerTimeoutMs: 2_000,
      onCall: (call) => calls.push(call),
    });
    await submit(gateways.of);
    await gateways
      .of('sepa', 'poll')
      .fetchOrderStatus({ ...IDS, clientOrderId: toClientOrderId('NONE') }, { timeoutMs: 2_000 });
    await gateways
      .of('sepa', 'confirm')
      .fetchOrderStatus(IDS, { timeoutMs: 0 })
      .catch(() => null);
    expect(calls.map(({ endpoint, kind, outcome }) => [endpoint, kind, outcome])).toEqual([
      // The order of the test before it: no second one is created.
      ['sepa', 'probe', 'found'],
      ['sepa', 'poll', 'not_found'],
      ['sepa', 'confirm', 'unreachable'],
    ]);
    expect(calls.every(({ seconds }) => seconds >= 0)).toBe(true);
    await gateways.close();
  });

  it('has nothing to do with the control key, which is checked for each endpoint asked by v2', async () => {
    const gateways = createGateways(
      [
        makeEndpoint(simulator.baseUrl),
        makeEndpoint(simulator.baseUrl, { name: 'usd', controlKey: 'another-control-key-than-theirs' }),
        makeEndpoint(simulator.baseUrl, { name: 'signed', statusApi: 'v4' }),
      ],
      { answerTimeoutMs: 2_000 },
    );
    const notified: [string, string][] = [];
    await gateways.checkControlKeys((endpoint, check) => notified.push([endpoint, check]));
    expect(notified.sort()).toEqual([
      ['sepa', 'proven'],
      ['usd', 'unproven'],
    ]);
    await gateways.close();
  });

  it('an endpoint that is not configured is a defect', async () => {
    const gateways = createGateways([makeEndpoint(simulator.baseUrl)], { answerTimeoutMs: 2_000 });
    expect(() => gateways.of('elsewhere', 'poll')).toThrow(RangeError);
    await gateways.close();
  });
});

function scripted(script: { probe?: GatewayErrorKind; outcome?: Submission }) {
  const calls = { probes: 0, sends: 0 };
  const accepted = { outcome: 'accepted', orderId: toOrderId('1'), serialNumber: null, endpointId: null } as const;
  const port: GatewayPort = {
    async fetchOrderStatus() {
      calls.probes += 1;
      if (script.probe !== undefined) throw new GatewayError(script.probe);
      return { found: false, reason: { code: '1', message: null } };
    },
    async submitPayout() {
      calls.sends += 1;
      return (script.outcome ?? accepted) as Awaited<ReturnType<GatewayPort['submitPayout']>>;
    },
  };
  return { port, calls, script };
}

describe('an endpoint that keeps failing', () => {
  const setUp = (script: Parameters<typeof scripted>[0]) => {
    const clock = { nowMs: 0 };
    const gateway = scripted(script);
    const gate = createSendingGate({ now: () => clock.nowMs });
    return { ...gateway, clock, gate, send: () => submit(() => gateway.port, gate) };
  };
  const PAUSED = { outcome: 'not_sent', cause: 'endpoint_paused' };

  it('is paused from the fifth failure on, and then gets no call', async () => {
    const { send, calls } = setUp({ probe: 'unreachable' });
    const outcomes = [];
    for (let n = 0; n < 7; n += 1) outcomes.push(await send());
    const unanswered = { outcome: 'not_sent', cause: 'probe_unanswered' };
    expect(outcomes).toEqual([unanswered, unanswered, unanswered, unanswered, PAUSED, PAUSED, PAUSED]);
    expect(calls).toEqual({ probes: 5, sends: 0 });
  });

  it('gets one trial at the end of the pause, and goes on after an answer', async () => {
    const { send, calls, clock, script } = setUp({ probe: 'no_answer' });
    for (let n = 0; n < 5; n += 1) await send();
    clock.nowMs = 5_000;
    expect([await send(), await send()]).toEqual([PAUSED, PAUSED]);
    expect(calls.probes).toBe(6);
    delete script.probe;
    clock.nowMs = 15_000;
    expect((await Promise.all([send(), send()])).map(({ outcome }) => outcome).sort()).toEqual([
      'accepted',
      'not_sent',
    ]);
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(calls.sends).toBe(2);
  });

  it('says forbidden of a refusal also when it is the trial, and counts it although the probe was answered', async () => {
    const { send, clock } = setUp({ outcome: { outcome: 'not_sent', cause: 'forbidden' } });
    const forbidden = { outcome: 'not_sent', cause: 'forbidden' };
    for (let n = 0; n < 5; n += 1) expect(await send()).toEqual(forbidden);
    expect(await send()).toEqual(PAUSED);
    clock.nowMs = 5_000;
    expect(await send()).toEqual(forbidden);
  });

  it('is not paused for the silence of order statuses, and no longer after an answer of one', async () => {
    const { port, gate, script, send } = setUp({ probe: 'no_answer' });
    const deps = { findStart: async () => null, recordSend: async () => {} };
    const { fetchOrderStatus, confirmSoon } = createActivities({ gatewayOf: () => port, gate, ...deps });
    const question = { endpoint: 'sepa', ...IDS, timeoutMs: 1_000, kind: 'poll' } as const;
    const environment = new MockActivityEnvironment({}, { logger: SILENT });
    for (let n = 0; n < 9; n += 1) {
      await expect(environment.run(fetchOrderStatus, question)).rejects.toThrow('no usable answer');
      expect(await environment.run(confirmSoon, question)).toBeNull();
    }
    expect(gate.isPaused('sepa')).toBe(false);
    for (let n = 0; n < 5; n += 1) await send();
    expect(gate.isPaused('sepa')).toBe(true);
    delete script.probe;
    await environment.run(fetchOrderStatus, question);
    expect(gate.isPaused('sepa')).toBe(false);
  });

  it('never turns a doubtful send into a paused one', async () => {
    const doubt: Submission = { outcome: 'unconfirmed', cause: 'server_error', orderId: null };
    const { send } = setUp({ outcome: doubt });
    for (let n = 0; n < 5; n += 1) expect(await send()).toEqual(doubt);
    expect(await send()).toEqual(PAUSED);
  });
});

describe('calls in their turn', () => {
  const options = { deadlineMs: 5_000, callbackUrl: CALLBACK_URL, redirectUrl: null, recordSend: async () => true };
  const setUp = (isTurn: boolean, tookMs = 0) => {
    const waits: [CallKind, number][] = [];
    const given: number[] = [];
    let nowMs = 1_000;
    const rate = {
      take: async (kind: CallKind, maxWaitMs: number) => {
        waits.push([kind, maxWaitMs]);
        nowMs += tookMs;
        return isTurn;
      },
    };
    const { port, calls } = scripted({});
    const paced = paceCalls(
      {
        ...port,
        fetchOrderStatus: (ids, question) => {
          given.push(question.timeoutMs);
          return port.fetchOrderStatus(ids, question);
        },
      },
      { rate, kind: 'confirm', now: () => nowMs },
    );
    return { paced, calls, waits, given };
  };

  it('wait until the deadline of a send, and half the time of a question, whose rest is what it then has', async () => {
    const { paced, calls, waits, given } = setUp(true, 300);
    await paced.submitPayout(BANK_PAYOUT, options);
    await paced.fetchOrderStatus(IDS, { timeoutMs: 2_000 });
    expect(waits).toEqual([
      ['confirm', 4_000],
      ['confirm', 1_000],
    ]);
    expect(given).toEqual([1_700]);
    expect(calls).toEqual({ probes: 1, sends: 1 });
  });

  it('are not made when it would come too late', async () => {
    const { paced, calls } = setUp(false);
    expect(await paced.submitPayout(BANK_PAYOUT, options)).toEqual({ outcome: 'not_sent', cause: 'past_deadline' });
    await expect(paced.fetchOrderStatus(IDS, { timeoutMs: 2_000 })).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await submit(() => paced)).toEqual({ outcome: 'not_sent', cause: 'past_deadline' });
    expect(calls).toEqual({ probes: 0, sends: 0 });
  });
});

it('reports each crossing once, for each endpoint, in whole seconds', () => {
  const notified: [string, number][] = [];
  const { observe } = createSkewWatch((endpoint, skewSeconds) => notified.push([endpoint, skewSeconds]));
  for (const skewMs of [null, 0, 60_000, -60_000]) observe('a', skewMs);
  expect(notified).toEqual([]);
  for (const skewMs of [60_001, 90_000, null, -70_400]) observe('a', skewMs);
  observe('b', -61_600);
  expect(notified).toEqual([
    ['a', 60],
    ['b', -62],
  ]);
  observe('a', 59_999);
  observe('a', -120_000);
  expect(notified.slice(2)).toEqual([['a', -120]]);
});
