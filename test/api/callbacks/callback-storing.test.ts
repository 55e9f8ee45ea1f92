import { toOrderId } from '../../../src/domain/ids';
import { signCallback } from '../../../src/gateway/callback';
import { TemporalUnavailable } from '../../../src/store/errors';
import type { PayoutStore } from '../../../src/store/payouts';
import { makeFinal } from '../../domain/samples';
import { CONTROL_KEY, makeApp, makeReading, makeStore } from '../app-harness';

const CONTROL = signCallback({ status: 'approved', orderId: '6768788', clientOrderId: 'PO-000001' }, CONTROL_KEY);
const URL = `/callbacks/default?status=approved&orderid=6768788&client_orderid=PO-000001&control=${CONTROL}`;

async function open(overrides: Parameters<typeof makeStore>[0]) {
  const store = makeStore(overrides);
  const { app, log } = await makeApp({ store });
  return { store, log, send: async () => await app.inject({ method: 'GET', url: URL }) };
}

/** Temporal is away the first time. */
function failOnce<T>(value: T): () => Promise<T> {
  let tries = 0;
  return async () => {
    tries += 1;
    if (tries === 1) throw new TemporalUnavailable();
    return value;
  };
}

const closed: PayoutStore['signalCallback'] = async () => 'closed';
const unknown: PayoutStore['signalCallback'] = async () => 'unknown';
const read = async () => makeReading(makeFinal('declined'));

describe('the gateway gets 200 only for what is stored', () => {
  it.each<[string, 'signalCallback' | 'keepLate' | 'keepUnmatched', Partial<PayoutStore>]>([
    ['the signal of a running payout', 'signalCallback', { signalCallback: failOnce('taken') }],
    ['the late event of a closed payout', 'keepLate', { signalCallback: closed, read, keepLate: failOnce('kept') }],
    ['the callback of no payout', 'keepUnmatched', { signalCallback: unknown, keepUnmatched: failOnce('kept') }],
  ])('%s that Temporal did not store is 503, and its repeat is stored', async (_name, call, overrides) => {
    const { store, send } = await open(overrides);
    const first = await send();
    expect([first.statusCode, first.headers['retry-after']]).toEqual([503, '5']);
    expect((await send()).statusCode).toBe(200);
    expect(store[call]).toHaveBeenCalledTimes(2);
    expect(store[call].mock.calls[1]?.[1].report.orderId).toBe(toOrderId('6768788'));
  });

  it('nothing is answered before Temporal has answered', async () => {
    let succeed = (_signalled: 'taken') => {};
    const stored = new Promise<'taken'>((resolve) => {
      succeed = resolve;
    });
    const { store, send } = await open({ signalCallback: () => stored });
    const answered: number[] = [];
    const answer = send().then(({ statusCode }) => answered.push(statusCode));
    for (let turn = 0; turn < 100 && store.signalCallback.mock.calls.length === 0; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(store.signalCallback).toHaveBeenCalledTimes(1);
    expect(answered).toEqual([]);
    succeed('taken');
    await answer;
    expect(answered).toEqual([200]);
  });
});
