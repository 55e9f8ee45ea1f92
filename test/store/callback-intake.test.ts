import { toClientOrderId } from '../../src/domain/ids';
import type { Payout } from '../../src/domain/payout';
import { type Agreement, createCallbackIntake } from '../../src/store/callback-intake';
import { TemporalUnavailable } from '../../src/store/errors';
import { makeReading, makeStore } from '../api/app-harness';
import { CLIENT_ORDER_ID, makeCallback, makeFinal, OTHER_ORDER_ID, START_MS } from '../domain/samples';

const callback = (fields: Parameters<typeof makeCallback>[0] = {}) => ({
  endpoint: 'default',
  clientOrderId: CLIENT_ORDER_ID,
  report: makeCallback({ status: 'approved', ...fields }),
});
const EVENT = { subject: 'post_payout_event', transactionType: 'reversal' } as const;

describe('a repeat within a minute', () => {
  it.each([
    ['another status', callback({ status: 'declined' })],
    ['a word that only looks like it', callback({ status: 'unlisted', statusText: 'approved' })],
    ['another order', callback({ orderId: OTHER_ORDER_ID })],
    ['an event after the payout', callback(EVENT)],
    ['another endpoint', { ...callback(), endpoint: 'second' }],
    ['another payout', { ...callback(), clientOrderId: toClientOrderId('po-000001') }],
  ])('%s is none', async (_name, other) => {
    const store = makeStore();
    const intake = createCallbackIntake(store, () => START_MS);
    expect(await intake.take(callback())).toBe('signalled');
    expect(await intake.take(callback())).toBe('repeated');
    expect(await intake.take(other)).toBe('signalled');
    expect(store.signalCallback).toHaveBeenCalledTimes(2);
  });

  it('is recognised by what is signed: six thousand unsigned types and amounts are one signal', async () => {
    const store = makeStore();
    const intake = createCallbackIntake(store, () => START_MS);
    for (let nth = 0; nth < 6_000; nth += 1) {
      await intake.take(callback({ transactionType: `t${nth}`, amount: `${nth}.00` }));
      await intake.take(callback({ ...EVENT, transactionType: `chargeback${' '.repeat(nth % 400)}` }));
    }
    // One about the payout, one about an event after it.
    expect(store.signalCallback).toHaveBeenCalledTimes(2);
  });

  it('is none when the first could not be stored', async () => {
    const store = makeStore({
      signalCallback: async () => {
        throw new TemporalUnavailable('outage');
      },
    });
    const intake = createCallbackIntake(store, () => START_MS);
    await expect(intake.take(callback())).rejects.toBeInstanceOf(TemporalUnavailable);
    await expect(intake.take(callback())).rejects.toBeInstanceOf(TemporalUnavailable);
    expect(store.signalCallback).toHaveBeenCalledTimes(2);
  });

  it('that comes while the first is being stored is one signal, and no success before that', async () => {
    let isAway = true;
    const payouts = makeStore({
      signalCallback: async () => {
        if (isAway) throw new TemporalUnavailable('outage');
        return 'taken';
      },
    });
    const intake = createCallbackIntake(payouts, () => START_MS);
    const results = await Promise.allSettled([intake.take(callback()), intake.take(callback())]);
    isAway = false;
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await Promise.all([intake.take(callback()), intake.take(callback())])).toEqual(['signalled', 'repeated']);
    expect(payouts.signalCallback).toHaveBeenCalledTimes(2);
  });

  it('is remembered for a bounded number, the latest', async () => {
    const intake = createCallbackIntake(makeStore(), () => START_MS);
    const nth = (index: number) => ({ ...callback(), endpoint: `e${index}` });
    for (let index = 0; index <= 10_000; index += 1) await intake.take(nth(index));
    expect(await intake.take(nth(10_000))).toBe('repeated');
    expect(await intake.take(nth(1))).toBe('repeated');
    expect(await intake.take(nth(0))).toBe('signalled');
  });
});

describe('a callback that no running payout takes', () => {
  it.each(['kept', 'repeated', 'agrees', 'full'] as const)('of a closed payout is %s', async (kept) => {
    const reading = makeReading(makeFinal('approved'));
    const store = makeStore({
      signalCallback: async () => 'closed',
      read: async () => reading,
      keepLate: async () => kept,
    });
    const intake = createCallbackIntake(store, () => START_MS);
    expect(await intake.take(callback({ status: 'declined' }))).toBe(kept === 'kept' ? 'kept_late' : kept);
    expect(store.keepLate).toHaveBeenCalledWith(reading, expect.objectContaining({ endpoint: 'default' }));
    expect(store.keepUnmatched).toHaveBeenCalledTimes(0);
  });

  it('says how late it came, once it agrees with what another source had settled', async () => {
    const settled = { settledBy: 'poll', settledAtMs: START_MS, agreedAtMs: { poll: START_MS } } as const;
    const ask = async (fields: Partial<Payout>, status: 'approved' | 'processing' = 'approved') => {
      const late: Agreement[] = [];
      const store = makeStore({
        signalCallback: async () => 'closed',
        read: async () => makeReading(makeFinal('approved', { ...settled, ...fields })),
        keepLate: async () => 'agrees',
      });
      const intake = createCallbackIntake(
        store,
        () => START_MS + 1_500,
        (agreement) => late.push(agreement),
      );
      await intake.take(callback({ status }));
      await intake.take(callback({ status }));
      return late;
    };
    expect(await ask({})).toEqual([{ endpoint: 'default', settledBy: 'poll', lateMs: 1_500 }]);
    expect(await ask({}, 'processing')).toEqual([]);
    expect(await ask({ agreedAtMs: { poll: START_MS, callback: START_MS } })).toEqual([]);
    expect(await ask({ settledBy: 'callback', agreedAtMs: { callback: START_MS } })).toEqual([]);
  });

  it('of a running payout that takes no more is not kept anywhere', async () => {
    const store = makeStore({ signalCallback: async () => 'full' });
    expect(await createCallbackIntake(store, () => START_MS).take(callback())).toBe('full');
    expect([store.keepLate.mock.calls.length, store.keepUnmatched.mock.calls.length]).toEqual([0, 0]);
  });

  it('of a payout that is gone between two calls is kept as unmatched', async () => {
    const store = makeStore({ signalCallback: async () => 'closed', read: async () => null });
    expect(await createCallbackIntake(store, () => START_MS).take(callback())).toBe('kept_unmatched');
  });

  it('of unknown payouts: a hundred a minute, the rest is not stored and not remembered', async () => {
    let nowMs = START_MS;
    const store = makeStore({ signalCallback: async () => 'unknown' });
    const intake = createCallbackIntake(store, () => nowMs);
    const nth = (index: number) => ({ ...callback(), clientOrderId: toClientOrderId(`U-${index}`) });
    const taken: string[] = [];
    for (let index = 0; index < 150; index += 1) taken.push(await intake.take(nth(index)));
    expect(taken.filter((delivery) => delivery === 'kept_unmatched')).toHaveLength(100);
    expect(taken.filter((delivery) => delivery === 'too_many')).toHaveLength(50);
    expect(await intake.take({ ...nth(7), report: makeCallback({ status: 'declined' }) })).toBe('kept_unmatched');
    nowMs += 60_000;
    expect(await intake.take(nth(149))).toBe('kept_unmatched');
    expect(store.keepUnmatched).toHaveBeenCalledTimes(102);
  });
});
