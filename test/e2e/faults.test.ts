import { readFile } from 'node:fs/promises';
import { createApiKey } from '../../scripts/keys';
import { describePayout } from '../../scripts/payout-api';
import { follow, type LedgerEntry, startPayout } from '../support/payouts';
import { callbackOnly, PATIENT, QUICK, withProduct } from '../support/quick';
import { sendCallback } from '../support/signed-callbacks';
import { type Stack, startStack } from '../support/stack';
import { startTraceReceiver } from '../support/trace-receiver';

/** What the gateway was answered to its callbacks for one payout, in order. */
function callbackAnswers(entries: readonly LedgerEntry[]): (number | null | undefined)[] {
  return entries.filter(({ kind }) => kind === 'callback_answer').map(({ httpStatus }) => httpStatus);
}

describe('processes killed at the worst moment', () => {
  let stack: Stack;
  beforeAll(async () => {
    // A reply that hangs keeps the call open until the worker is killed, on a slow machine too.
    stack = await startStack({ ...withProduct(PATIENT, { GATEWAY_TIMEOUT: '6s' }), temporal: 'own' });
  }, 120_000);
  afterAll(async () => stack?.stop(), 60_000);

  test('worker killed during the send: the order is found, not sent again', async () => {
    // No callback comes before the call is known to be lost.
    const settings = { hangMs: 60_000, callbackDelayMs: 120_000 };
    const clientOrderId = 'F-worker-killed';
    await stack.control('/force', { clientOrderId, scenario: 'accepts_never_answers', settings });
    const payout = await startPayout(stack, clientOrderId);
    await stack.waitFor('the order to be accepted', async () => (await payout.accepted()) === 1);
    await stack.kill('worker', 'SIGKILL');
    expect((await payout.read()).state).toBe('sending');
    await stack.start('worker');
    const end = await payout.until('to be approved', ({ state }) => state === 'approved', 60_000);
    expect(end.confirmed).toBe(true);
    expect(await payout.accepted()).toBe(1);
    expect((await payout.requests()).filter(({ route }) => route === 'v4/payout')).toHaveLength(1);
    expect((await payout.timeline()).map(({ what }) => what)).toContain('unconfirmed_call_lost');
  }, 120_000);

  test('a payout can be read while every worker is down', async () => {
    await stack.kill('worker', 'SIGKILL');
    const created = await stack.createPayout({ clientOrderId: 'F-no-worker' });
    expect(created.status).toBe(202);
    expect(await follow(stack, 'F-no-worker').read()).toMatchObject({ state: 'accepted', outcome: null });
    await stack.start('worker');
    await follow(stack, 'F-no-worker').until('to be approved', ({ state }) => state === 'approved');
    expect(await follow(stack, 'F-no-worker').accepted()).toBe(1);
  }, 120_000);

  test('API killed after it accepted: the payout goes on, and asking again is not paying again', async () => {
    const payout = await startPayout(stack, 'F-api-killed');
    await stack.kill('api', 'SIGKILL');
    await stack.start('api');
    await payout.until('to be approved', ({ state }) => state === 'approved');
    const again = await stack.createPayout({ clientOrderId: 'F-api-killed' });
    expect(again).toMatchObject({ status: 200, body: { state: 'approved' } });
    expect(await payout.accepted()).toBe(1);
  }, 120_000);

  test('Temporal killed and restarted on its file: 503 meanwhile, and every payout goes on', async () => {
    const payout = await startPayout(stack, 'F-temporal-killed', '610');
    await payout.until('to be processing', ({ state }) => state === 'processing');
    await stack.kill('temporal', 'SIGKILL');
    const response = await fetch(`${stack.api}/payouts/F-temporal-killed`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(((await response.json()) as { code: string }).code).toBe('temporal_unavailable');
    const refused = await fetch(`${stack.api}/payouts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        clientOrderId: 'F-while-away',
        amount: '1.00',
        currency: 'EUR',
        destination: { type: 'bank_account', accountNumber: '10002000300040000', bankName: 'B', bankBranch: 'M' },
      }),
    });
    expect(refused.status).toBe(503);
    expect((await fetch(`${stack.api}/health/live`)).status).toBe(200);
    expect((await fetch(`${stack.api}/health/ready`)).status).toBe(503);
    await stack.start('temporal');
    await payout.until('to be approved', ({ state }) => state === 'approved', 90_000);
    expect(await payout.accepted()).toBe(1);
    const { orders } = await stack.control<{ orders: unknown[] }>('/orders?clientOrderId=F-while-away');
    expect(orders).toHaveLength(0);
  }, 180_000);

  test.each(['worker', 'api'] as const)(
    'SIGTERM ends the %s with exit code 0',
    async (name) => {
      const exit = await stack.kill(name, 'SIGTERM');
      expect(exit?.code).toBe(0);
      await stack.start(name);
    },
    60_000,
  );
});

describe('callbacks alone', () => {
  const shop = createApiKey({ name: 'shop', scopes: 'payouts:write,payouts:read' });
  let stack: Stack;
  let traces: Awaited<ReturnType<typeof startTraceReceiver>>;
  beforeAll(async () => {
    traces = await startTraceReceiver();
    const options = withProduct(callbackOnly(QUICK), traces.environment);
    stack = await startStack({ ...options, temporal: 'own', callers: { entries: [shop.entry], key: shop.key } });
  }, 120_000);
  afterAll(async () => {
    await stack?.stop();
    await traces?.close();
  }, 60_000);

  test('one payout is one trace, from its caller to the callback, whatever strangers send', async () => {
    const ofCaller = 'a'.repeat(32);
    const forged = 'b'.repeat(32);
    const header = (traceId: string) => ({ traceparent: `00-${traceId}-${'c'.repeat(16)}-01` });
    const post = (clientOrderId: string, headers: Record<string, string>) =>
      stack.request('/payouts', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(describePayout(clientOrderId, { digits: '611' })),
      });
    expect((await post('C-none', { ...header(forged), authorization: 'Bearer none' })).status).toBe(401);
    expect((await post('C-odd', { traceparent: `00-${'z'.repeat(4_000)}`, tracestate: '' })).status).toBe(202);
    const state = { tracestate: `vendor=${'s'.repeat(200)}`, baggage: `secret=${'s'.repeat(200)}` };
    expect((await post('C-traced', { ...header(ofCaller), ...state })).status).toBe(202);

    const payout = follow(stack, 'C-traced');
    const { orderId } = await payout.until('to be processing', (read) => read.state === 'processing');
    const controlKey = (await readFile(stack.environment.worker.GATEWAY_CONTROL_KEY_FILE ?? '', 'utf8')).trim();
    const parts = { status: 'unknown', orderId: orderId ?? '', clientOrderId: 'C-traced' };
    const call = (key: string) =>
      sendCallback(stack.api, parts, { controlKey: key, headers: { ...header(forged), ...state } });
    expect([await call(`${controlKey}x`), await call(controlKey)]).toEqual([403, 200]);
    await stack.control(`/orders/${orderId}/settle`, { status: 'approved' });
    const end = await payout.until('to be approved', (read) => read.state === 'approved');
    expect(end).toMatchObject({ settledBy: 'callback', confirmed: true });

    const own = () =>
      traces.spans.filter(
        ({ facts }) => facts.clientOrderId === 'C-traced' || facts.temporalWorkflowId === 'payout:C-traced',
      );
    // A call may be tried again, a status asked again: each kind of step is looked at once.
    const steps = () => {
      const names = new Map(traces.spans.map((span) => [span.spanId, span.name]));
      const described = own().map(({ service, name, parentSpanId, facts }) => {
        const what = [name, facts.kind, facts.outcome].filter((fact) => fact !== undefined).join(' ');
        return `${service}: ${names.get(parentSpanId) ?? parentSpanId} > ${what}`;
      });
      return [...new Set(described)].sort();
    };
    const expected = [
      `payouts-api: ${'c'.repeat(16)} > POST /payouts 202`,
      'payouts-api: POST /payouts > StartWorkflow:payout',
      'payouts-api: POST /payouts > callback taken',
      'payouts-api: callback > SignalWorkflow:callback',
      'payouts-worker: RunActivity:confirmSoon > gateway status confirm approved',
      'payouts-worker: RunActivity:submitPayout > gateway create create accepted',
      'payouts-worker: RunActivity:submitPayout > gateway status probe not_found',
      'payouts-worker: StartWorkflow:payout > RunActivity:confirmSoon',
      'payouts-worker: StartWorkflow:payout > RunActivity:submitPayout',
    ];
    const called = () => own().filter(({ name }) => name === 'callback');
    // What is missing is shown below.
    await stack
      .waitFor(
        'its spans',
        async () => expected.every((step) => steps().includes(step)) && called().length === 2,
        8_000,
      )
      .catch(() => 0);
    expect(steps()).toEqual(expect.arrayContaining(expected));
    expect([...new Set(own().map(({ traceId }) => traceId))]).toEqual([ofCaller]);
    expect(traces.spans.filter(({ traceId }) => traceId === ofCaller)).toEqual(own());
    expect(called()).toHaveLength(2);
    expect(own().filter(({ name }) => name === 'gateway create')).toHaveLength(1);
    expect(traces.spans.filter(({ traceId }) => traceId === forged)).toEqual([]);

    const lines = stack.logs('api').map((line) => JSON.parse(line) as Record<string, unknown>);
    const asked = lines.filter(({ clientOrderId }) => clientOrderId === 'C-traced');
    expect(asked.map(({ msg, traceId }) => [msg, traceId])).toEqual([
      ['payout asked for', ofCaller],
      ['callback stored', ofCaller],
      ['callback stored', ofCaller],
    ]);

    const { destination, receiver } = describePayout('C-traced', { digits: '611' });
    const personal = Object.values({ ...destination, ...receiver }).filter((value) => `${value}`.length > 6);
    expect(personal.length).toBeGreaterThan(2);
    const sent = traces.bodies.join('\n');
    const secrets = [
      ...personal.map(String),
      controlKey,
      shop.key,
      'sssss',
      'zzzzz',
      '/callbacks/default',
      '"events":[{',
    ];
    expect(secrets.filter((secret) => sent.includes(secret))).toEqual([]);
  }, 60_000);

  test('a callback settles the payout and is confirmed by the order status', async () => {
    const payout = await startPayout(stack, 'C-settles');
    const end = await payout.until('to be approved', ({ state }) => state === 'approved');
    expect(end).toMatchObject({ settledBy: 'callback', confirmed: true, actualAmount: '10.50' });
    expect(await payout.accepted()).toBe(1);
  }, 60_000);

  test('a callback that disagrees with the order status stops the payout for a person', async () => {
    const payout = await startPayout(stack, 'C-disagrees', '711');
    const end = await payout.until('to need review', ({ state }) => state === 'needs_review');
    expect(end).toMatchObject({ attention: 'conflict', outcome: null, settledBy: null });
    expect(await payout.accepted()).toBe(1);
  }, 60_000);

  test('the same callback many times is answered 200 each time and recorded once', async () => {
    const payout = await startPayout(stack, 'C-many', '611');
    const { orderId } = await payout.until('to have an order', (read) => read.orderId !== null);
    const sent = await stack.control<{ answers: { httpStatus: number }[] }>(`/orders/${orderId}/callback`, {
      status: 'unknown',
      times: 50,
    });
    expect(sent.answers.filter(({ httpStatus }) => httpStatus === 200)).toHaveLength(50);
    const received = (await payout.timeline()).filter(({ source }) => source === 'callback');
    expect(received).toHaveLength(1);
    expect((await payout.read()).outcome).toBeNull();
  }, 60_000);

  test('a callback while Temporal is down is answered 503, repeated by the gateway, and then delivered once', async () => {
    const payout = await startPayout(stack, 'C-temporal-down', '611');
    const { orderId } = await payout.until('to be processing', ({ state }) => state === 'processing');
    await stack.kill('temporal', 'SIGKILL');
    // Its end, and the callback of it, come only now.
    await stack.control(`/orders/${orderId}/settle`, { status: 'approved' });
    await stack.waitFor('a callback to be refused', async () => callbackAnswers(await payout.ledger()).includes(503));
    expect(callbackAnswers(await payout.ledger()).filter((status) => status === 200)).toHaveLength(0);
    await stack.start('temporal');
    const end = await payout.until('to be approved', ({ state }) => state === 'approved', 90_000);
    // The repeated callback, or the question that the restarted server let through first: both are the truth.
    expect(end).toMatchObject({ state: 'approved', confirmed: true });
    await stack.waitFor('the callback to be delivered', async () =>
      callbackAnswers(await payout.ledger()).includes(200),
    );
    expect(callbackAnswers(await payout.ledger()).filter((status) => status === 200)).toHaveLength(1);
    expect((await payout.read()).state).toBe('approved');
    expect(await payout.accepted()).toBe(1);
  }, 180_000);
});
