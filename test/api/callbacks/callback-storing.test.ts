import { toOrderId } from '../../../src/domain/ids';
import { signCallback } from '../../../src/gateway/callback';
import { TemporalUnavailable } from '../../../src/store/errors';
import { CONTROL_KEY, makeApp, makeStore } from '../app-harness';

const CONTROL = signCallback({ status: 'approved', orderId: '6768788', clientOrderId: 'PO-000001' }, CONTROL_KEY);
const URL = `/callbacks/default?status=approved&orderid=6768788&client_orderid=PO-000001&control=${CONTROL}`;

/** A door whose Temporal stores nothing the first time. */
async function makeRoute(overrides: Parameters<typeof makeStore>[0]) {
  const store = makeStore(overrides);
  const { app, log } = await makeApp({ store });
  const knock = async () => (await app.inject({ method: 'GET', url: URL })).statusCode;
  return { store, log, knock };
}

function failOnce<T>(value: T): () => Promise<T> {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries === 1) throw new TemporalUnavailable();
    return value;
  };
}

describe('the gateway is told 200 only of what is stored', () => {
  it('503 for a signal that Temporal did not take, and its repeat is signalled', async () => {
    const { store, knock } = await makeRoute({ signalCallback: failOnce('taken' as const) });
    expect(await knock()).toBe(503);
    expect(await knock()).toBe(200);
    expect(store.signalCallback).toHaveBeenCalledTimes(2);
  });

  it('nothing is said before Temporal has answered', async () => {
    let succeed = (_signalled: 'taken') => {};
    const stored = new Promise<'taken'>((resolve) => {
      succeed = resolve;
    });
    const { store, knock } = await makeRoute({ signalCallback: () => stored });
    const said: number[] = [];
    const answer = knock().then((statusCode) => said.push(statusCode));
    for (let turn = 0; turn < 100 && store.signalCallback.mock.calls.length === 0; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(store.signalCallback).toHaveBeenCalledTimes(1);
    expect(said).toEqual([]);
    succeed('taken');
    await answer;
    expect(said).toEqual([200]);
  });

  it('503 for a callback that no payout takes and that could not be kept, and its repeat is kept', async () => {
    const { store, knock } = await makeRoute({
      signalCallback: async () => 'unknown',
      keepUnmatched: failOnce('kept' as const),
    });
    expect(await knock()).toBe(503);
    expect(await knock()).toBe(200);
    expect(store.keepUnmatched).toHaveBeenCalledTimes(2);
    expect(store.keepUnmatched.mock.calls[1]?.[1].report.orderId).toBe(toOrderId('6768788'));
  });
});

it('the log knows the callback by its order, not by its query', async () => {
  const { log, knock } = await makeRoute({});
  expect(await knock()).toBe(200);
  expect(log()).toContain('callback stored');
  expect(log()).toContain('"path":"/callbacks/:endpoint"');
  for (const secret of [CONTROL, 'control=', 'client_orderid', CONTROL_KEY]) expect(log()).not.toContain(secret);
});
